/** Python's handlers of files, of the network and of other handlers, configured by LOGGING as Django sites do it. */
import { createSocket } from 'node:dgram';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { configure, resetSettings } from 'tsango/conf';
import { dictConfig, getLogger, type HandlerSettings, resetLogging } from 'tsango/utils/log';

let folder: string;
let filename: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'tsango-handlers-'));
  filename = path.join(folder, 'site.log');
  configure({ SECRET_KEY: 'x', TIME_ZONE: 'Europe/Berlin' });
});
afterEach(() => {
  jest.useRealTimers();
  resetLogging();
  resetSettings();
  rmSync(folder, { recursive: true, force: true });
});

/** A logger with one handler, and others that it may name. */
function loggerOf(handler: HandlerSettings, others: Record<string, HandlerSettings> = {}) {
  dictConfig({
    version: 1,
    disable_existing_loggers: false,
    handlers: { handler, ...others },
    loggers: { shop: { handlers: ['handler'], level: 'DEBUG', propagate: false } },
  });
  return getLogger('shop');
}
const content = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
const files = (): string[] => readdirSync(folder).sort();

describe('RotatingFileHandler', () => {
  const rotating = { class: 'logging.handlers.RotatingFileHandler', maxBytes: 10, backupCount: 2 };

  it('keeps so many files of so many bytes', () => {
    const logger = loggerOf({ ...rotating, filename });
    for (const line of ['one', 'two', 'three', 'four', 'a line that is too long', 'five']) logger.info(line);
    expect(files()).toEqual(['site.log', 'site.log.1', 'site.log.2']);
    expect(content('site.log')).toBe('five\n');
    expect(content('site.log.1')).toBe('a line that is too long\n');
    expect(content('site.log.2')).toBe('four\n');
  });

  it('never renames where one of the two is missing', () => {
    const logger = loggerOf({ ...rotating, filename, backupCount: 0 });
    for (let i = 0; i < 5; i++) logger.info('line');
    expect(files()).toEqual(['site.log']);
    expect(content('site.log')).toBe('line\n'.repeat(5));
  });

  it('goes on with what was there, and with what another process began', () => {
    writeFileSync(filename, '1234567\n');
    const logger = loggerOf({ ...rotating, filename });
    logger.info('one');
    expect([content('site.log'), content('site.log.1')]).toEqual(['one\n', '1234567\n']);
    renameSync(filename, path.join(folder, 'site.log.1'));
    writeFileSync(filename, 'theirs\n');
    logger.info('x');
    expect(content('site.log')).toBe('theirs\nx\n');
  });
});

describe('WatchedFileHandler', () => {
  it('writes to the file of the name, whoever moved the old one', () => {
    const logger = loggerOf({ class: 'logging.handlers.WatchedFileHandler', filename });
    logger.info('one');
    renameSync(filename, path.join(folder, 'old'));
    logger.info('two');
    rmSync(filename);
    logger.info('three');
    expect([content('old'), content('site.log')]).toEqual(['one\n', 'three\n']);
  });

  it('a FileHandler does not look', () => {
    const logger = loggerOf({ class: 'logging.FileHandler', filename, encoding: 'utf-8', delay: true });
    expect(existsSync(filename)).toBe(false);
    logger.info('ä');
    renameSync(filename, path.join(folder, 'old'));
    logger.info('two');
    expect(content('old')).toBe('ä\ntwo\n');
  });
});

describe('TimedRotatingFileHandler', () => {
  const timed = { class: 'logging.handlers.TimedRotatingFileHandler' };
  const at = (time: string): void => {
    jest.useFakeTimers({ now: new Date(time), doNotFake: ['setImmediate', 'nextTick'] });
  };

  it('renames at midnight where the site is, on the days when clocks change, too', () => {
    at('2026-10-24T20:00:00Z'); // 22:00 in Berlin
    const logger = loggerOf({ ...timed, filename, when: 'midnight', backupCount: 2 });
    logger.info('24');
    at('2026-10-24T21:59:59Z');
    logger.info('24, too');
    at('2026-10-24T22:00:00Z');
    logger.info('25');
    at('2026-10-25T22:59:59Z'); // 23:59:59, an hour later than on other days
    logger.info('25, too');
    at('2026-10-25T23:00:00Z');
    logger.info('26');
    expect(files()).toEqual(['site.log', 'site.log.2026-10-24', 'site.log.2026-10-25']);
    expect(content('site.log.2026-10-24')).toBe('24\n24, too\n');
    expect(content('site.log.2026-10-25')).toBe('25\n25, too\n');
    at('2026-10-26T23:00:00Z');
    logger.info('27');
    expect(files()).toEqual(['site.log', 'site.log.2026-10-25', 'site.log.2026-10-26']);
  });

  it.each([
    ['S', 5, '2026-01-02T03:04:10Z', 'site.log.2026-01-02_03-04-05'],
    ['m', 1, '2026-01-02T03:05:05Z', 'site.log.2026-01-02_03-04'],
    ['H', 2, '2026-01-02T05:04:05Z', 'site.log.2026-01-02_03'],
    ['D', 1, '2026-01-03T03:04:05Z', 'site.log.2026-01-02'],
    ['W0', 1, '2026-01-05T00:00:00Z', 'site.log.2025-12-29'],
  ])('%s, every %i', (when, interval, later, name) => {
    at('2026-01-02T03:04:05Z'); // a Friday
    const logger = loggerOf({ ...timed, filename, when, interval, utc: true });
    logger.info('one');
    at(new Date(new Date(later).getTime() - 1000).toISOString());
    logger.info('one more');
    expect(files()).toEqual(['site.log']);
    at(later);
    logger.info('two');
    expect(files()).toEqual(['site.log', name]);
    expect([content('site.log'), content(name)]).toEqual(['two\n', 'one\none more\n']);
  });

  it('counts from the last change of a file that is there', () => {
    at('2026-01-02T10:00:00Z');
    writeFileSync(filename, 'yesterday\n');
    utimesSync(filename, new Date('2026-01-01T10:00:00Z'), new Date('2026-01-01T10:00:00Z'));
    loggerOf({ ...timed, filename, when: 'midnight', atTime: '04:30' }).info('today');
    expect(files()).toEqual(['site.log', 'site.log.2026-01-01']);
    expect(content('site.log.2026-01-01')).toBe('yesterday\n');
  });

  it.each([
    [{ when: 'W7' }, "has no 'when' like 'W7'"],
    [{ atTime: '25:00' }, "has no 'atTime' like '25:00'"],
    [{ encoding: 'latin-1' }, "writes UTF-8; it cannot write 'latin-1'"],
    [{ filename: '' }, "needs 'filename'"],
  ])('refuses %j', (options, message) => {
    expect(() => loggerOf({ ...timed, filename, ...options })).toThrow(message);
  });
});

describe('MemoryHandler and QueueHandler', () => {
  const lines: string[] = [];
  const target = { class: 'logging.StreamHandler', stream: { write: (text: string) => lines.push(text) } };
  beforeEach(() => lines.splice(0));

  it('a memory lets records go when there are many, or a grave one', () => {
    const memory = { class: 'logging.handlers.MemoryHandler', capacity: 3, target: 'target' };
    const logger = loggerOf(memory, { target });
    logger.info('1');
    logger.info('2');
    expect(lines).toEqual([]);
    logger.info('3');
    expect(lines).toEqual(['1\n', '2\n', '3\n']);
    logger.error('4');
    logger.info('5');
    expect(lines).toHaveLength(4);
    resetLogging();
    expect(lines).toHaveLength(5);
  });

  it('a queue hands on what was logged when the turn is over', async () => {
    const queue = { class: 'logging.handlers.QueueHandler', handlers: ['target'] };
    const logger = loggerOf(queue, { target });
    logger.info('1');
    logger.info('2');
    expect(lines).toEqual([]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(lines).toEqual(['1\n', '2\n']);
    logger.info('3');
    resetLogging();
    expect(lines).toHaveLength(3);
  });

  it('a target that is not there is named', () => {
    const memory = { class: 'logging.handlers.MemoryHandler', capacity: 3, target: 'missing' };
    expect(() => loggerOf(memory)).toThrow("there is no handler 'missing'");
    expect(() => loggerOf({ ...memory, flushLevel: 'LOUD' }, { missing: target })).toThrow(
      "Unknown level: 'LOUD'",
    );
  });
});

describe('the network', () => {
  /** What a server hears, until it is so much. */
  async function heard(
    server: Server,
    count: number,
    listen: string | number,
    log: () => void,
  ): Promise<string> {
    let text = '';
    const sockets: Socket[] = [];
    const done = new Promise<void>((resolve) => {
      server.on('connection', (socket) => {
        sockets.push(socket);
        socket.setEncoding('utf8').on('data', (data: string) => {
          text += data;
          if (text.split(/[\n\0]/).length > count) resolve();
        });
      });
    });
    await new Promise<void>((resolve) => {
      if (typeof listen === 'string') server.listen(listen, resolve);
      else server.listen(listen, '127.0.0.1', resolve);
    });
    log();
    await done;
    for (const socket of sockets) socket.destroy();
    server.close();
    return text;
  }

  it('a SocketHandler sends a line of JSON for each record', async () => {
    const server = createServer();
    const text = await heard(server, 2, 0, () => {
      const { port } = server.address() as AddressInfo;
      const logger = loggerOf({ class: 'logging.handlers.SocketHandler', host: '127.0.0.1', port });
      logger.warning('one');
      logger.error('two');
    });
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toMatchObject([
      { name: 'shop', levelno: 30, levelname: 'WARNING', message: 'one' },
      { name: 'shop', levelno: 40, levelname: 'ERROR', message: 'two' },
    ]);
  });

  const syslog = { class: 'logging.handlers.SysLogHandler', facility: 'local3', ident: 'shop: ' };

  it('a SysLogHandler sends what Python sends, over UDP, TCP and a socket of the system', async () => {
    const udp = createSocket('udp4');
    await new Promise<void>((resolve) => udp.bind(0, '127.0.0.1', resolve));
    const packet = new Promise<string>((resolve) => udp.once('message', (data) => resolve(String(data))));
    loggerOf({ ...syslog, address: ['127.0.0.1', udp.address().port] }).warning('a\nb');
    // local3 is 19, a warning 4.
    expect(await packet).toBe('<156>shop: a\\nb\0');
    udp.close();

    const tcp = createServer();
    const text = await heard(tcp, 1, 0, () => {
      const { port } = tcp.address() as AddressInfo;
      const options = { ...syslog, address: ['127.0.0.1', port], socktype: 'ext://socket.SOCK_STREAM' };
      loggerOf({ ...options, appendNul: false }).critical('x');
    });
    expect(text).toBe('<154>shop: x\n');

    const unix = path.join(folder, 'log');
    expect(
      await heard(createServer(), 1, unix, () => loggerOf({ ...syslog, address: unix }).debug('x')),
    ).toBe('<159>shop: x\0');
  });

  it('nobody there is no reason to fail', async () => {
    loggerOf({ class: 'logging.handlers.SocketHandler', host: '127.0.0.1', port: 1 }).error('x');
    loggerOf({ ...syslog, address: path.join(folder, 'nothing') }).error('x');
    await new Promise((resolve) => setTimeout(resolve, 50));
  });

  it.each([
    [{ facility: 'nowhere' }, "has no facility 'nowhere'"],
    [{ address: ['localhost'] }, "needs an 'address' like"],
  ])('a SysLogHandler refuses %j', (options, message) => {
    expect(() => loggerOf({ ...syslog, ...options })).toThrow(message);
  });
});

describe('a format', () => {
  it('has every field of Python, and defaults', () => {
    const lines: string[] = [];
    dictConfig({
      disable_existing_loggers: false,
      formatters: {
        all: {
          format: '%(msg)s %(args)s %(user)s %(exc_info)s %(stack_info)s',
          defaults: { user: 'nobody' },
        },
      },
      handlers: {
        handler: {
          class: 'logging.StreamHandler',
          stream: { write: (text: string) => lines.push(text) },
          formatter: 'all',
        },
      },
      loggers: { shop: { handlers: ['handler'], level: 'DEBUG', propagate: false } },
    });
    getLogger('shop').info('x');
    getLogger('shop').info('y', { user: 'ada' });
    expect(lines).toEqual(['x () nobody None None\n', 'y () ada None None\n']);
  });
});
