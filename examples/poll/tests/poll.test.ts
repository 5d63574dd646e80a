/** The tests of the tutorial's fifth part. */

import { setup } from 'tsango';
import { Client } from 'tsango/test';
import { reverse } from 'tsango/urls';
import { useExample } from '../../testing';
import { Question } from '../polls/models';

useExample('poll');

const DAY = 24 * 60 * 60 * 1000;

const inDays = (days: number) => new Date(Date.now() + days * DAY);

describe('wasPublishedRecently', () => {
  it('is false for what is to come', () => {
    expect(new Question({ pubDate: inDays(30) }).wasPublishedRecently()).toBe(false);
  });

  it('is false for what is older than a day', () => {
    expect(new Question({ pubDate: inDays(-1.01) }).wasPublishedRecently()).toBe(false);
  });

  it('is true for what is of today', () => {
    expect(new Question({ pubDate: inDays(-0.99) }).wasPublishedRecently()).toBe(true);
  });
});

beforeAll(() => setup());

const createQuestion = (questionText: string, days: number) =>
  Question.objects.create({ questionText, pubDate: inDays(days) });

describe('the index', () => {
  const index = () => new Client().get(reverse('polls:index'));

  afterEach(async () => {
    await Question.objects.all().delete();
  });

  it('says that there are no questions', async () => {
    expect((await index()).text).toContain('No polls are available.');
  });

  it('shows questions of the past, and none of the future', async () => {
    await createQuestion('Past question.', -30);
    await createQuestion('Future question.', 30);
    const { statusCode, text } = await index();
    expect(statusCode).toBe(200);
    expect(text).toContain('Past question.');
    expect(text).not.toContain('Future question.');
  });
});

describe('the page of a question', () => {
  it('is not found until it is published', async () => {
    const { id } = await createQuestion('Future question.', 5);
    expect((await new Client().get(reverse('polls:detail', { args: [id] }))).statusCode).toBe(404);
  });

  it('shows its text afterwards', async () => {
    const { id } = await createQuestion('Past question.', -5);
    expect((await new Client().get(reverse('polls:detail', { args: [id] }))).text).toContain(
      'Past question.',
    );
  });
});
