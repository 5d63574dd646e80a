import { spawn } from 'node:child_process';
import fs, { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LockFile } from 'tsango/utils/lock_file';

let folder: string;
let lock: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'locks-'));
  lock = path.join(folder, 'lock');
});
afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

function leaveBehind(text: string, seconds = 60): void {
  writeFileSync(lock, text);
  const date = Date.now() / 1000 - seconds;
  utimesSync(lock, date, date);
}

const OWNER = 'abcdefabcdefabcdefabcdef';

it('has one holder, and is free when that gives it back', () => {
  const held = LockFile.take(lock);
  expect(LockFile.take(lock)).toBeNull();
  held?.release();
  const next = LockFile.take(lock);
  expect(next).not.toBeNull();
  next?.release();
  expect(readdirSync(folder)).toEqual([]);
});

it.each(['', OWNER, '../elsewhere', 'x'.repeat(5000)])('that is left behind as %j is taken over', (text) => {
  leaveBehind(text);
  const taken = LockFile.take(lock);
  expect(taken).not.toBeNull();
  expect(LockFile.take(lock)).toBeNull();
  taken?.release();
  expect(readdirSync(folder)).toEqual([]);
});

it('is taken over once, whoever else saw that it was left behind', () => {
  leaveBehind(OWNER);
  const write = fs.writeFileSync;
  let others: (LockFile | null)[] = [];
  // Between seeing the old lock and claiming it, another process takes it over.
  jest.spyOn(fs, 'writeFileSync').mockImplementation((...args) => {
    if (String(args[0]).endsWith(OWNER) && others.length === 0) {
      others = [null];
      others = [LockFile.take(lock)];
    }
    return write(...args);
  });
  const own = LockFile.take(lock);
  expect([own, ...others].filter((each) => each !== null)).toHaveLength(1);
  for (const each of [own, ...others]) each?.release();
  expect(readdirSync(folder)).toEqual([]);
});

it('stays with who took it over when the one that was slow gives it back', () => {
  const slow = LockFile.take(lock);
  const date = Date.now() / 1000 - 60;
  utimesSync(lock, date, date);
  const taken = LockFile.take(lock);
  slow?.release();
  expect(LockFile.take(lock)).toBeNull();
  taken?.release();
  expect(readdirSync(folder)).toEqual([]);
});

it('is taken over though a process died while it did that', () => {
  leaveBehind(OWNER);
  const claim = `${lock}.${OWNER}`;
  writeFileSync(claim, OWNER);
  const date = Date.now() / 1000 - 60;
  utimesSync(claim, date, date);
  const taken = LockFile.take(lock);
  expect(taken).not.toBeNull();
  taken?.release();
  expect(readdirSync(folder)).toEqual([]);
});

describe('waiting', () => {
  const advance = async (milliseconds: number): Promise<void> => {
    for (let passed = 0; passed < milliseconds; passed += 5) await jest.advanceTimersByTimeAsync(5);
  };

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
  });

  it('ends for a lock from the future, too: who has held it for ten seconds holds it no more', async () => {
    leaveBehind(OWNER, -86_400);
    let taken: LockFile | undefined;
    const waiting = LockFile.wait(lock).then((found) => {
      taken = found;
    });
    await advance(9_000);
    expect(taken).toBeUndefined();
    await advance(2_000);
    await waiting;
    taken?.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('gives up on a lock that is always held', async () => {
    writeFileSync(lock, OWNER);
    const waiting = LockFile.wait(lock);
    const outcome = expect(waiting).rejects.toThrow(`The lock file ${lock} has been held for 30 seconds.`);
    for (let second = 0; second <= 31; second++) {
      leaveBehind(second.toString(16).padStart(24, '0'), 0);
      await advance(1_000);
    }
    await outcome;
  });
});

it('has one holder at a time among processes that all find it left behind', async () => {
  const worker = path.join(folder, 'worker.js');
  writeFileSync(
    worker,
    `require(${JSON.stringify(require.resolve('ts-node'))}).register({ transpileOnly: true, cwd: ${JSON.stringify(process.cwd())} });
    const fs = require('node:fs');
    const { LockFile } = require(${JSON.stringify(path.resolve('framework/utils/lock_file.ts'))});
    const [lock, inside] = process.argv.slice(2);
    process.stdin.once('data', async () => {
      let overlaps = 0;
      for (let round = 0; round < 20; round++) {
        const held = await LockFile.wait(lock);
        try { fs.closeSync(fs.openSync(inside, 'wx')); } catch { overlaps += 1; }
        fs.rmSync(inside, { force: true });
        // Every other holder dies: its lock stays, as old as that of a process long gone.
        if (round % 2 === 0) held.release();
        else fs.utimesSync(lock, 0, 0);
      }
      process.stdout.write(String(overlaps));
      process.exit(0);
    });
    process.stdout.write('ready ');`,
  );
  const workers = Array.from({ length: 4 }, () =>
    spawn(process.execPath, [worker, lock, path.join(folder, 'inside')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    }),
  );
  const outputs = workers.map(
    (child) =>
      new Promise<string>((resolve) => {
        let text = '';
        child.stdout.on('data', (data: Buffer) => {
          text += data;
        });
        child.on('close', () => resolve(text));
      }),
  );
  await Promise.all(workers.map((child) => new Promise((resolve) => child.stdout.once('data', resolve))));
  for (const child of workers) child.stdin.end('go');
  expect(await Promise.all(outputs)).toEqual(['ready 0', 'ready 0', 'ready 0', 'ready 0']);
  expect(readdirSync(folder).filter((name) => name.startsWith('lock.'))).toEqual([]);
}, 60_000);
