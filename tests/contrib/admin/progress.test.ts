/** Actions that say how far they are: followed, or run to their end as any other. */
import '../../db/settings';
import { overrideSettings, type Settings } from 'tsango/conf';
import { FINISHED_VAR } from 'tsango/contrib/admin/progress/finish';
import { User } from 'tsango/contrib/auth/models';
import { PermissionDenied } from 'tsango/core/exceptions';
import { type HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse } from 'tsango/http';
import { Client, type ClientResponse } from 'tsango/test';
import type { GetResponse } from 'tsango/utils/deprecation';
import { getLanguage } from 'tsango/utils/translation';
import { captureLogs } from '../../support/logs';
import { statementsOf } from '../../support/model_tables';
import {
  does,
  FOLLOWED,
  finish,
  LIST,
  type Line,
  lengthen,
  linesOf,
  messagesOf,
  post,
  type Run,
  tags,
} from './progress_support';
import { library, staff, useLibrary } from './support';

useLibrary();

it('runs to its end as any action where nobody follows it', async () => {
  await tags('a', 'b');
  does(lengthen);
  const client = await staff();
  const answer = await post(client);
  expect([answer.statusCode, answer.headers.get('Location')]).toEqual([302, LIST]);
  expect(messagesOf(await client.get(LIST))).toEqual(['success: 2 lengthened.']);
  expect(await library.Tag.objects.orderBy('word').valuesList('word', { flat: true })).toEqual(['a!', 'b!']);
});

it('is followed line by line; its messages and its redirect come with the post of its last line', async () => {
  await tags('a', 'b');
  does(lengthen);
  const client = await staff();
  const answer = await post(client, FOLLOWED);
  expect([
    answer.statusCode,
    answer.headers.get('Content-Type'),
    answer.headers.get('X-Accel-Buffering'),
  ]).toEqual([200, 'application/x-ndjson', 'no']);
  const lines = linesOf(answer);
  expect(lines[0]).toEqual({ done: 1, total: 2, message: 'b!' });
  const end = await finish(client, lines);
  expect([end.statusCode, end.headers.get('Location')]).toEqual([302, LIST]);
  expect(messagesOf(await client.get(LIST))).toEqual(['success: 2 lengthened.']);
  expect(messagesOf(await client.get(LIST))).toEqual([]);
});

it.each(['cookie.CookieStorage', 'session.SessionStorage', 'fallback.FallbackStorage'])(
  'messages reach the next page with %s',
  async (storage) => {
    const restore = overrideSettings({ MESSAGE_STORAGE: `django.contrib.messages.storage.${storage}` });
    await tags('a');
    does(lengthen);
    const client = await staff();
    await finish(client, linesOf(await post(client, FOLLOWED)));
    expect(messagesOf(await client.get(LIST))).toEqual(['success: 1 lengthened.']);
    await restore();
  },
);

it('says no more than ten times a second how far it is', async () => {
  await tags('a');
  does(async function* () {
    for (let done = 0; done < 5_000; done++) yield { done };
  });
  const lines = linesOf(await post(await staff(), FOLLOWED));
  expect(lines[0]).toEqual({ done: 0, total: null, message: '' });
  expect(lines.length).toBeLessThan(500);
});

it('is of all rows of the list that was filtered', async () => {
  await tags('a', 'b', 'c');
  does(async function* (_request, rows) {
    yield { done: await rows.count() };
  });
  const client = await staff();
  const across = await post(client, FOLLOWED, { _selected_action: [], select_across: '1' });
  const one = await client.post(
    LIST,
    {
      action: 'work',
      index: '0',
      _selected_action: String((await library.Tag.objects.get({ word: 'b' })).id),
    },
    FOLLOWED,
  );
  expect([across, one].map((answer) => linesOf(answer)[0]?.done)).toEqual([3, 1]);
});

it('an answer of its own is the page that follows: one before it, a file, a cookie', async () => {
  await tags('a');
  const client = await staff();
  const ended = async (run: Run): Promise<ClientResponse> => {
    does(run);
    return finish(client, linesOf(await post(client, FOLLOWED)));
  };
  // biome-ignore lint/correctness/useYield: it asks first.
  const asked = await ended(async function* (request) {
    const { TemplateResponse } =
      require('tsango/template/response') as typeof import('tsango/template/response');
    return new TemplateResponse(request, 'admin/404.html', { title: 'Sure?' });
  });
  expect([asked.statusCode, asked.text.includes('<h1>Sure?</h1>') || asked.text]).toEqual([200, true]);
  const file = await ended(async function* () {
    yield { done: 1 };
    const answer = new StreamingHttpResponse(['a,', 'ü'], {
      contentType: 'text/csv',
      headers: { 'Content-Disposition': 'attachment; filename="x.csv"' },
      status: 201,
      reason: 'There',
    });
    answer.setCookie('flavour', 'oat', { maxAge: 60, httponly: true });
    return answer;
  });
  expect([file.text, file.headers.get('Content-Disposition'), file.statusCode, file.reasonPhrase]).toEqual([
    'a,ü',
    'attachment; filename="x.csv"',
    201,
    'There',
  ]);
  expect(file.cookies.get('flavour')?.outputString()).toMatch(
    /^flavour=oat; expires=.*; HttpOnly; Max-Age=60; Path=\/$/,
  );
  const moved = await ended(async function* () {
    yield { done: 1 };
    return new HttpResponseRedirect('/elsewhere/');
  });
  expect([moved.statusCode, moved.headers.get('Location')]).toEqual([302, '/elsewhere/']);
});

it('an answer that is too long to be posted is an error that says what to do', async () => {
  const restore = overrideSettings({ DATA_UPLOAD_MAX_MEMORY_SIZE: 2_000, DEBUG: true });
  await tags('a');
  const { randomBytes } = require('node:crypto') as typeof import('node:crypto');
  does(async function* () {
    yield { done: 1 };
    return new HttpResponse(randomBytes(3_000));
  });
  const client = new Client({ raiseRequestException: false });
  await client.forceLogin(await User.objects.createSuperuser('boss', 'boss@example.com', 'secret'));
  let lines: Line[] = [];
  await captureLogs('tsango', async () => {
    lines = linesOf(await post(client, FOLLOWED));
  });
  expect(lines.slice(1)).toEqual([
    {
      error:
        'RangeError: An action whose progress is followed ended with a response of 4000 characters, more than half of ' +
        'DATA_UPLOAD_MAX_MEMORY_SIZE. Store it, and return a redirect to where it is.',
    },
  ]);
  await restore();
});

it('an action that says nothing on its way can be followed, too', async () => {
  await library.Book.objects.create({
    title: 'Notes',
    author: await library.Author.objects.create({ name: 'Ada' }),
  });
  const client = await staff();
  const sent = { action: 'publish', index: '0', select_across: '1' };
  const lines = linesOf(await client.post('/admin/library/book/', sent, FOLLOWED));
  expect(lines.length).toBe(1);
  const end = await client.post('/admin/library/book/', { [FINISHED_VAR]: lines[0]?.finished ?? '' });
  expect(messagesOf(await client.get(end.headers.get('Location') ?? ''))).toEqual(['success: 1 published.']);
});

describe('a failure in the middle', () => {
  const fails: Run = async function* (request, rows, ofTags) {
    ofTags.messageUser(request, 'Begun.');
    for await (const tag of rows.iterator()) {
      await tag.delete();
      yield { done: 1 };
      throw new Error('the secret word is sesame');
    }
  };

  async function failing(settings: Partial<Settings> = {}): Promise<{ lines: Line[]; logs: string[] }> {
    const restore = overrideSettings(settings);
    await tags('a', 'b');
    const client = new Client({ raiseRequestException: false });
    await client.forceLogin(await User.objects.createSuperuser('boss', 'boss@example.com', 'secret'));
    let lines: Line[] = [];
    const logs = await captureLogs('tsango.request', async () => {
      lines = linesOf(await post(client, FOLLOWED));
    });
    await restore();
    return { lines, logs };
  }

  it('is told without what it was, logged as that of any view, and leaves what was done', async () => {
    does(fails);
    const { lines, logs } = await failing();
    expect(lines).toEqual([
      { done: 1, total: null, message: '' },
      {
        error:
          'There’s been an error. It’s been reported to the site administrators via email and should be fixed shortly. Thanks for your patience.',
      },
    ]);
    expect(logs).toEqual([`ERROR:tsango.request:Internal Server Error: ${LIST}`]);
    expect(await library.Tag.objects.count()).toBe(1);
  });

  it('is said with DEBUG', async () => {
    does(fails);
    expect((await failing({ DEBUG: true })).lines.at(-1)).toEqual({
      error: 'Error: the secret word is sesame',
    });
  });

  it('that refuses is told as that', async () => {
    // biome-ignore lint/correctness/useYield: it refuses at once.
    does(async function* () {
      throw new PermissionDenied('no word of this');
    });
    const { lines, logs } = await failing();
    expect(lines).toEqual([{ error: 'Forbidden' }]);
    expect(logs).toEqual([`WARNING:tsango.request:Forbidden (Permission denied): ${LIST}`]);
  });

  it('that is something else than progress is named', async () => {
    does(async function* () {
      yield 3 as never;
    });
    expect((await failing({ DEBUG: true })).lines).toEqual([
      {
        error:
          'TypeError: An action that is a generator yields how far it is, { done: 3, total: 10 }, not 3.',
      },
    ]);
  });
});

describe('who may', () => {
  it('is asked as for any action', async () => {
    await tags('a');
    let runs = 0;
    does(async function* () {
      runs += 1;
      yield { done: 1 };
    });
    const clerk = await staff(['view_tag']);
    expect((await clerk.get(LIST)).text).not.toContain('data-progress');
    const answer = await post(clerk, FOLLOWED);
    // No such choice: back to the list, which says so.
    expect([answer.statusCode, runs]).toEqual([302, 0]);
    expect(messagesOf(await clerk.get(LIST))).toEqual(['warning: No action selected.']);
    expect((await post(new Client(), FOLLOWED)).statusCode).toBe(302);
    const strict = new Client({ enforceCsrfChecks: true, raiseRequestException: false });
    await strict.forceLogin(await User.objects.createSuperuser('boss', 'boss@example.com', 'secret'));
    await captureLogs('tsango', async () => expect((await post(strict, FOLLOWED)).statusCode).toBe(403));
    expect(runs).toBe(0);
  });

  it('an end is taken from this site, for who asked, and not for ever', async () => {
    await tags('a');
    does(lengthen);
    const client = await staff();
    const lines = linesOf(await post(client, FOLLOWED));
    const status = async (asked: Client, finished: string): Promise<number> => {
      let answer: ClientResponse | undefined;
      await captureLogs('tsango', async () => {
        answer = await asked.post(LIST, { [FINISHED_VAR]: finished });
      });
      return answer?.statusCode ?? 0;
    };
    const finished = lines.at(-1)?.finished ?? '';
    const clerk = await staff(['view_tag']);
    expect(await status(client, `${finished}x`)).toBe(400);
    expect(await status(client, '')).toBe(400);
    expect(await status(clerk, finished)).toBe(400);
    jest.useFakeTimers({
      doNotFake: ['setImmediate', 'nextTick', 'performance', 'queueMicrotask'],
      now: Date.now() + 3_700_000,
    });
    try {
      expect(await status(client, finished)).toBe(302);
      expect(messagesOf(await client.get(LIST))).toEqual([]);
    } finally {
      jest.useRealTimers();
    }
    expect(await status(client, finished)).toBe(302);
    expect(messagesOf(await client.get(LIST))).toEqual(['success: 1 lengthened.']);
  });
});

it('keeps what it puts into the session, and the language of the request', async () => {
  await tags('a');
  let language: string | null = '';
  does(async function* (request) {
    yield { done: 1 };
    (request.session as unknown as Record<string, unknown>)['basket'] = 3;
    language = getLanguage();
  });
  const restore = overrideSettings({
    MIDDLEWARE: [
      ...(require('tsango/conf').settings as Settings).MIDDLEWARE,
      (getResponse: GetResponse) => (request: HttpRequest) => {
        const translation = require('tsango/utils/translation') as typeof import('tsango/utils/translation');
        return translation.override('de', () => getResponse(request));
      },
    ],
  });
  const client = await staff();
  await finish(client, linesOf(await post(client, FOLLOWED)));
  expect([(await client.session)['basket'], language]).toEqual([3, 'de']);
  await restore();
});

it('the list says which of its actions can be followed, and loads a script for them', async () => {
  await tags('a');
  const client = await staff();
  const { text } = await client.get(LIST);
  expect(text).toContain('<form id="changelist-form" method="post" data-progress="work"');
  expect(text).toContain('admin/js/progress.js');
  const other = await client.get('/admin/library/book/');
  expect(other.text).not.toMatch(/data-progress|progress\.js/);
});

it('costs no statement more than an action that is not followed', async () => {
  await tags('a');
  does(lengthen);
  const client = await staff();
  const plain = await statementsOf(() => post(client));
  const followed = await statementsOf(() => post(client, FOLLOWED));
  expect(followed.length).toBeLessThanOrEqual(plain.length);
});
