/** Rows that have an order among those that refer to the same row. */
import './settings';
import { apps } from 'tsango/apps';
import { overrideSettings } from 'tsango/conf';
import { FieldDoesNotExist } from 'tsango/core/exceptions';
import { connections } from 'tsango/db';
import * as models from 'tsango/db/models';
import { SQLITE_ENGINE } from '../support/sqlite';

const appLabel = 'wrt';

class Question extends models.Model {
  static override readonly Meta: models.MetaOptions = { appLabel };
  declare static readonly objects: models.Manager<Question>;
  declare id: number;
  @models.CharField({ maxLength: 20 }) declare text: string;
  declare getAnswerOrder: () => PromiseLike<number[]>;
  declare setAnswerOrder: (keys: readonly number[]) => Promise<void>;
}

class Answer extends models.Model {
  static override readonly Meta: models.MetaOptions = { appLabel, orderWithRespectTo: 'question' };
  declare static readonly objects: models.Manager<Answer>;
  declare id: number;
  declare _order: number;
  @models.CharField({ maxLength: 20 }) declare text: string;
  @models.ForeignKey(() => Question, { onDelete: models.CASCADE }) declare question: models.Related<Question>;
  declare questionId: number;
  declare getNextInOrder: () => Promise<Answer>;
  declare getPreviousInOrder: () => Promise<Answer>;
}

let restore: () => Promise<void>;
let question: Question;
let answers: Answer[];
beforeEach(async () => {
  apps.reset();
  restore = overrideSettings({
    DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } },
    INSTALLED_APPS: [],
  });
  apps.populate();
  await connections
    .get()
    .schemaEditor()
    .run(async (editor) => {
      await editor.createModel(Question._meta);
      await editor.createModel(Answer._meta);
    });
  question = await Question.objects.create({ text: 'Which?' });
  const other = await Question.objects.create({ text: 'Why?' });
  answers = [];
  for (const text of ['One', 'Two', 'Three']) answers.push(await Answer.objects.create({ text, question }));
  await Answer.objects.create({ text: 'Because', question: other });
});
afterEach(async () => {
  await restore();
  apps.reset();
});

it('puts a new row behind the others, and sorts by it', async () => {
  expect(answers.map((answer) => answer._order)).toEqual([0, 1, 2]);
  expect(Answer._meta.ordering).toEqual(['_order']);
  expect(Answer._meta.localFields.map(({ name }) => name)).toEqual(['id', 'text', 'question', '_order']);
  expect((await Answer.objects.get({ text: 'Because' }))._order).toBe(0);
});

it('tells and changes the order', async () => {
  expect([...(await question.getAnswerOrder())]).toEqual([1, 2, 3]);
  await question.setAnswerOrder([3, 1, 2]);
  expect([...(await question.getAnswerOrder())]).toEqual([3, 1, 2]);
  expect((await Answer.objects.filter({ question })).map(({ text }) => text)).toEqual([
    'Three',
    'One',
    'Two',
  ]);
  expect((await Answer.objects.get({ text: 'Because' }))._order).toBe(0);
});

it('finds the next and the previous row', async () => {
  const [one, two] = answers as [Answer, Answer];
  expect((await one.getNextInOrder()).text).toBe('Two');
  expect((await two.getPreviousInOrder()).text).toBe('One');
  await expect(one.getPreviousInOrder()).rejects.toBeInstanceOf(Answer.DoesNotExist);
});

it('leaves a row where it is when it is saved again', async () => {
  const [one] = answers as [Answer];
  one.text = 'Uno';
  await one.save();
  expect((await Answer.objects.get({ text: 'Uno' }))._order).toBe(0);
});

it('refuses a field that is not there', () => {
  class Lost extends models.Model {
    static override readonly Meta: models.MetaOptions = { appLabel: 'lost', orderWithRespectTo: 'nothing' };
  }
  expect(() => Lost._meta.orderWithRespectTo).toThrow(
    new FieldDoesNotExist("Lost has no field named 'nothing'"),
  );
});
