import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { configure, overrideSettings, resetSettings } from 'tsango/conf';
import {
  dictConfig,
  escapeControls,
  Formatter,
  getLogger,
  type Logging,
  logResponse,
  resetLogging,
  setServerColors,
} from 'tsango/utils/log';
import { captureLogs, captureRecords } from '../support/logs';

let written: string[];
let spy: jest.SpyInstance;

beforeEach(() => {
  configure({ DEBUG: true, TIME_ZONE: 'UTC' });
  written = [];
  spy = jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
});

afterEach(() => {
  spy.mockRestore();
  resetLogging();
  resetSettings();
  setServerColors(undefined);
  jest.useRealTimers();
});

describe('the default configuration', () => {
  it('prints records from INFO on while DEBUG is on', () => {
    const logger = getLogger('tsango.request');
    logger.debug('hidden');
    logger.info('shown');
    logger.warning('Not Found: /x/', { statusCode: 404 });
    expect(written).toEqual(['shown\n', 'Not Found: /x/\n']);
  });

  it('prints errors, and nothing else, while DEBUG is off', async () => {
    await overrideSettings({ DEBUG: false }, () => {
      getLogger('tsango.request').error('Internal Server Error: /x/');
      getLogger('tsango.request').warning('hidden');
      getLogger('tsango.db.backends').info('hidden');
    });
    expect(written).toEqual(['Internal Server Error: /x/\n']);
  });

  it('prints server lines in the format of runserver', () => {
    jest.useFakeTimers({ now: Date.UTC(2026, 10, 22, 17, 1, 0) });
    getLogger('tsango.server').info('"GET /set_session/ HTTP/1.1" 200 16', { statusCode: 200 });
    expect(written).toEqual(['[22/Nov/2026 17:01:00] "GET /set_session/ HTTP/1.1" 200 16\n']);
  });

  it.each([
    [101, '\x1b[1mx\x1b[0m'],
    [200, 'x'],
    [302, '\x1b[32mx\x1b[0m'],
    [304, '\x1b[36mx\x1b[0m'],
    [400, '\x1b[31;1mx\x1b[0m'],
    [404, '\x1b[33mx\x1b[0m'],
    [500, '\x1b[35;1mx\x1b[0m'],
  ])('colours a server line of status %d', (statusCode, expected) => {
    jest.useFakeTimers({ now: 0 });
    setServerColors(true);
    getLogger('tsango.server').info('x', { statusCode });
    expect(written).toEqual([`[01/Jan/1970 00:00:00] ${expected}\n`]);
  });

  it('prints warnings of a logger that nobody configured', () => {
    getLogger('blog').info('hidden');
    getLogger('blog').warning('shown');
    expect(written).toEqual(['shown\n']);
  });

  it('takes the names of a Django site', () => {
    expect(getLogger('django.request')).toBe(getLogger('tsango.request'));
  });

  it('works before there are settings', () => {
    resetSettings();
    getLogger('tsango.server').info('early');
    expect(written[0]).toMatch(/^\[\d\d\/\w{3}\/\d{4} \d\d:\d\d:\d\d\] early\n$/);
  });
});

describe('what reaches the log', () => {
  it('cannot forge a line or drive a terminal', () => {
    getLogger('tsango.request').warning('Not Found: /a\r\nERROR all is lost\x1b[2J\u202e\x85');
    expect(written).toEqual(['Not Found: /a\\r\\nERROR all is lost\\x1b[2J\\u202e\\x85\n']);
    expect(escapeControls('tab\tstays, é too')).toBe('tab\tstays, é too');
  });

  it('shows the stack and causes of a failure, without its own properties', () => {
    const error = new Error('no\nsuch row', { cause: new TypeError('bad') });
    Object.assign(error, { parameters: ['hunter2'] });
    getLogger('tsango.request').exception('Internal Server Error: /x/', error);
    const lines = (written[0] ?? '').split('\n');
    expect(lines.slice(0, 2)).toEqual(['Internal Server Error: /x/', 'Error: no\\nsuch row']);
    expect(lines[2]).toMatch(/^ {4}at /);
    expect(lines).toContain('Caused by: TypeError: bad');
    expect(written[0]).not.toContain('hunter2');
  });

  it('CVE-2025-48432: the arguments of a response line are escaped', async () => {
    const response = { statusCode: 404 };
    const logs = await captureLogs('tsango.request', () => {
      logResponse('Not Found: %s', ['/é\n\x1b[31m€😀\\'], { response });
      logResponse('Not Found: %s', ['/again'], { response });
    });
    expect(logs).toEqual(['WARNING:tsango.request:Not Found: /\\xe9\\n\\x1b[31m\\u20ac\\U0001f600\\\\']);
  });

  it.each([
    [200, 'INFO'],
    [403, 'WARNING'],
    [500, 'ERROR'],
  ])('a response of status %d is logged as %s', async (statusCode, level) => {
    const request = { path: '/' };
    const [record] = await captureRecords('tsango.request', () =>
      logResponse('%s', ['x'], { response: { statusCode }, request }),
    );
    expect(record).toMatchObject({ levelName: level, extra: { statusCode, request } });
  });
});

describe('LOGGING', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'tsango-log-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const using = (LOGGING: Logging, body: () => void): Promise<void> => overrideSettings({ LOGGING }, body);

  it('configures handlers, formatters, levels and propagation', async () => {
    const lines: string[] = [];
    const stream = { write: (text: string) => lines.push(text) };
    jest.useFakeTimers({ now: Date.UTC(2026, 0, 2, 3, 4, 5, 6) });
    await using(
      {
        version: 1,
        disable_existing_loggers: false,
        formatters: {
          verbose: { format: '{levelname:<8}|{asctime}|{name}|{message}', style: '{' },
          classic: { format: '%(levelname)s %(message)s 100%% %(user)s' },
        },
        filters: {
          noPing: {
            '()': 'django.utils.log.CallbackFilter',
            callback: (r: { message: string }) => r.message !== 'ping',
          },
        },
        handlers: {
          one: { class: 'logging.StreamHandler', stream, formatter: 'verbose', filters: ['noPing'] },
          two: { class: 'logging.StreamHandler', stream, formatter: 'classic', level: 'ERROR' },
        },
        loggers: {
          'django.request': { handlers: ['one'], level: 'DEBUG', propagate: false },
          blog: { handlers: ['two'], level: 'INFO' },
        },
        root: { handlers: ['one'], level: 'WARNING' },
      },
      () => {
        getLogger('tsango.request').debug('ping');
        getLogger('tsango.request').debug('pong');
        getLogger('blog.views').warning('w');
        getLogger('blog').error('e\n', { user: 'x\ny' });
      },
    );
    expect(lines).toEqual([
      'DEBUG   |2026-01-02 03:04:05,006|tsango.request|pong\n',
      'WARNING |2026-01-02 03:04:05,006|blog.views|w\n',
      'ERROR e\\n 100% x\\ny\n',
      'ERROR   |2026-01-02 03:04:05,006|blog|e\\n\n',
    ]);
    expect(written).toEqual([]);
  });

  it('writes to a file', async () => {
    const filename = path.join(folder, 'deep', 'site.log');
    await using(
      {
        disable_existing_loggers: false,
        handlers: { file: { class: 'logging.FileHandler', filename } },
        loggers: { tsango: { handlers: ['file'] } },
      },
      () => {
        getLogger('tsango.request').warning('one');
        getLogger('tsango.request').warning('two');
      },
    );
    expect(readFileSync(filename, 'utf8')).toBe('one\ntwo\n');
  });

  it('writes structured lines through pino, without secrets', async () => {
    const lines: string[] = [];
    await using(
      {
        handlers: {
          json: {
            class: 'tsango.utils.log.PinoHandler',
            stream: { write: (line: string) => lines.push(line) },
            options: { base: null, timestamp: false },
          },
        },
        loggers: { tsango: { handlers: ['json'] } },
      },
      () => {
        const request = {
          method: 'POST',
          path: '/login/\n',
          META: { REMOTE_ADDR: '192.0.2.1', HTTP_COOKIE: 'sessionid=s3cret' },
        };
        getLogger('tsango.request').exception('Failed\n', new TypeError('bad'), {
          statusCode: 500,
          request,
          password: 's3cret',
          form: { csrfmiddlewaretoken: 's3cret', name: 'amrit' },
        });
      },
    );
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain('s3cret');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 50,
      logger: 'tsango.request',
      msg: 'Failed\\n',
      statusCode: 500,
      request: { method: 'POST', path: '/login/\\n', remoteAddr: '192.0.2.1' },
      err: { type: 'TypeError', message: 'bad' },
      form: { name: 'amrit', csrfmiddlewaretoken: '********************' },
    });
  });

  it('silences the loggers that it does not name, unless told otherwise', async () => {
    getLogger('tsango.template').warning('before');
    await using({ handlers: {}, loggers: { blog: {} } }, () => {
      getLogger('tsango.template').warning('hidden');
    });
    getLogger('tsango.template').warning('after');
    expect(written).toEqual(['before\n', 'after\n']);
  });

  it('is left alone where LOGGING_CONFIG is null, and given to the function that it names', async () => {
    const given: unknown[] = [];
    const LOGGING = { root: { level: 'DEBUG' } } as const;
    await overrideSettings({ LOGGING, LOGGING_CONFIG: null }, () => getLogger('tsango').info('default'));
    await overrideSettings({ LOGGING, LOGGING_CONFIG: (value: unknown) => given.push(value) }, () =>
      getLogger('tsango').info('default'),
    );
    expect(written).toEqual(['default\n', 'default\n']);
    expect(given).toEqual([LOGGING]);
  });

  it.each<[Logging, string]>([
    [
      { loggers: { x: { handlers: ['file'] } }, handlers: { console: { class: 'logging.NullHandler' } } },
      "Unable to configure logger 'x' of LOGGING: there is no handler 'file'; it has 'console'.",
    ],
    [
      { loggers: { x: { level: 'LOUD' as 'INFO' } } },
      "Unable to configure logger 'x' of LOGGING: Unknown level: 'LOUD'",
    ],
    [{ handlers: { x: {} } }, "The handler 'x' of LOGGING needs 'class'."],
    [
      { handlers: { x: { class: 'logging.handlers.HTTPHandler' } } },
      "Unable to configure handler 'x' of LOGGING: ",
    ],
    [{ version: 2 as 1 }, 'Unsupported version of LOGGING: 2'],
  ])('names its faults: %j', async (LOGGING, message) => {
    await expect(using(LOGGING, () => getLogger('tsango').info('x'))).rejects.toThrow(message);
  });

  it('a handler that fails does not reach who logs', async () => {
    const stream = {
      write() {
        throw new Error('disk full');
      },
    };
    await using(
      {
        handlers: { s: { class: 'logging.StreamHandler', stream } },
        loggers: { tsango: { handlers: ['s'] } },
      },
      () => getLogger('tsango').error('x'),
    );
  });
});

describe('fields of a format', () => {
  function line(format: string, style: '{' | '%' | '$', message = 'boom'): string {
    const record = {
      name: 'shop',
      level: 40,
      levelName: 'ERROR',
      message,
      time: 1_700_000_000_123,
      extra: {},
    } as const;
    return new Formatter({ format, style }).format(record);
  }

  // What Python 3.11's logging prints of the same record.
  it.each([
    ['{levelname:>8}|{levelname:<8}|{levelname:^9}|', '{', '   ERROR|ERROR   |  ERROR  |'],
    ['{levelno:04d} {levelno:x} {levelno:,}', '{', '0040 28 40'],
    ['{created:.0f} {created:.3f} {msecs:03.0f}', '{', '1700000000 1700000000.123 123'],
    ['{message!r} {message!s:*^10} {message:.2}', '{', "'boom' ***boom*** bo"],
    ['{{literal}} {name}', '{', '{literal} shop'],
    ['%(levelname)-8s|%(levelno)5d|%(created).1f|%(message).2s|%%', '%', 'ERROR   |   40|1700000000.1|bo|%'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the style of string.Template
    ['$levelname ${name}: $message $$', '$', 'ERROR shop: boom $'],
    ['{processName} {threadName} {taskName}', '{', 'MainProcess MainThread None'],
  ] as const)('%s', (format, style, expected) => {
    expect(line(format, style)).toBe(expected);
  });

  it('know who logs', () => {
    const lines: string[] = [];
    dictConfig({
      formatters: { where: { format: '{module} {filename} {lineno:d} {funcName} {pathname}', style: '{' } },
      handlers: {
        out: {
          class: 'logging.StreamHandler',
          stream: { write: (text: string) => lines.push(text) },
          formatter: 'where',
        },
      },
      loggers: { where: { handlers: ['out'], propagate: false } },
    } as never);
    // The name is that of the source map where one is in between; the place is right in any case.
    function whoLogs(): void {
      getLogger('where').error('boom');
    }
    whoLogs();
    expect(lines[0]).toMatch(/^log\.test log\.test\.ts \d+ \S+ .*log\.test\.ts\n$/);
  });

  it('of a hostile message stay on their line', () => {
    expect(line('{message:>8}', '{', 'a\nb')).toBe('    a\\nb');
    expect(line('%(message)8s', '%', 'a\x1bb')).toBe('  a\\x1bb');
  });
});
