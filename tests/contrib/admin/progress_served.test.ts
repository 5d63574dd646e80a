/** Actions that say how far they are, over a socket, compressed: lines come when they are said, and who leaves ends the action. */
import '../../db/settings';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { overrideSettings, settings } from 'tsango/conf';
import { createServerListener } from 'tsango/core/handlers/node';
import { atomic } from 'tsango/db/transaction';
import { SQLITE_ENGINE } from '../../support/sqlite';
import { does, LIST, type Line, tags } from './progress_support';
import { library, staff, useLibrary } from './support';

/** Something that a test lets go on. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

const TOKEN = 'a'.repeat(32);

describe.each([false, true])('with ATOMIC_REQUESTS: %s', (isAtomic) => {
  useLibrary({ ENGINE: SQLITE_ENGINE, NAME: ':memory:', ATOMIC_REQUESTS: isAtomic });

  let server: Server;
  let restore: () => Promise<void>;
  beforeEach(async () => {
    restore = overrideSettings({
      ALLOWED_HOSTS: ['127.0.0.1'],
      MIDDLEWARE: ['django.middleware.gzip.GZipMiddleware', ...settings.MIDDLEWARE],
    });
    server = createServer(createServerListener());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await restore();
  });

  /** Runs the action as the page's script does. */
  async function follow(signal?: AbortSignal): Promise<{ answer: Response; lines: AsyncGenerator<Line> }> {
    const client = await staff();
    const session = client.cookies.get('sessionid')?.value ?? '';
    const body = new FormData();
    for (const [name, value] of Object.entries({
      csrfmiddlewaretoken: TOKEN,
      action: 'work',
      index: '0',
      select_across: '1',
    })) {
      body.append(name, value);
    }
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}${LIST}`, {
      method: 'POST',
      body,
      signal: signal ?? null,
      redirect: 'manual',
      headers: {
        Accept: 'application/x-ndjson',
        'Accept-Encoding': 'gzip',
        Cookie: `sessionid=${session}; csrftoken=${TOKEN}`,
      },
    });
    return { answer, lines: linesFrom(answer) };
  }

  async function* linesFrom(answer: Response): AsyncGenerator<Line> {
    let rest = '';
    for await (const piece of (answer.body as ReadableStream<Uint8Array>).pipeThrough(
      new TextDecoderStream(),
    )) {
      const found = (rest + piece).split('\n');
      rest = found.pop() ?? '';
      for (const line of found) yield JSON.parse(line) as Line;
    }
  }

  it('a line is there before the next one is worked on', async () => {
    await tags('a');
    const { opened, open } = gate();
    does(async function* () {
      yield { done: 1, total: 2, message: 'first' };
      await opened;
      yield { done: 2, total: 2 };
    });
    const { answer, lines } = await follow();
    expect([answer.status, answer.headers.get('content-encoding')]).toEqual([200, 'gzip']);
    expect((await lines.next()).value).toEqual({ done: 1, total: 2, message: 'first' });
    open();
    const rest: Line[] = [];
    for await (const line of lines) rest.push(line);
    expect(typeof rest.at(-1)?.finished).toBe('string');
  });

  it('who leaves ends it: its finally runs, what was done stays unless the request is a transaction', async () => {
    await tags('a', 'b');
    const { opened, open } = gate();
    const ended = gate();
    let steps = 0;
    does(async function* (_request, rows) {
      try {
        await rows.filter({ word: 'a' }).delete();
        for (; steps < 100_000; steps++) {
          yield { done: steps };
          if (steps === 0) await opened;
        }
      } finally {
        ended.open();
      }
    });
    const controller = new AbortController();
    const { lines } = await follow(controller.signal);
    await lines.next();
    controller.abort();
    await expect(lines.next()).rejects.toThrow();
    open();
    await ended.opened;
    expect(steps).toBeLessThan(100_000);
    // The block waits for the one that is being undone.
    expect(await atomic(() => library.Tag.objects.count())).toBe(isAtomic ? 2 : 1);
  });
});
