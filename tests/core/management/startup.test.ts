/** A command starts at once because it loads nothing that it does not need. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { REPOSITORY } from '../../support/temporary_site';

jest.setTimeout(60_000);

const HEAVY = [
  'typeorm',
  'reflect-metadata',
  'nunjucks',
  'better-sqlite3',
  'sqlite3',
  'commander',
  '@swc/core',
].concat([
  'pg',
  'mysql2',
  'redis',
  'pino',
  'sirv',
  'saxes',
  'yaml',
  'nodemailer',
  '@fastify/busboy',
  'image-size',
]);

/** Prints the packages that a process has loaded when it ends. */
const SPY = `process.on('exit', () => {
  const names = Object.keys(require.cache).filter((file) => !file.endsWith('.json')).map((file) => /node_modules\\/((?:@[^/]+\\/)?[^/]+)\\//.exec(file)?.[1]);
  process.stdout.write('\\nLOADED ' + [...new Set(names)].join(' '));
});`;

describe('what a command loads', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'tsango-startup-'));
    writeFileSync(path.join(folder, 'spy.cjs'), SPY);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function loaded(...args: string[]): string[] {
    const output = execFileSync(
      process.execPath,
      [
        '-r',
        path.join(folder, 'spy.cjs'),
        path.join('node_modules', 'ts-node', 'dist', 'bin.js'),
        'manage.ts',
        ...args,
      ],
      {
        cwd: REPOSITORY,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { ...process.env, DATABASE: path.join(folder, 'db.sqlite3') },
      },
    );
    const names = /LOADED (.*)$/.exec(output)?.[1]?.split(' ') ?? [];
    return names.filter((name) => HEAVY.includes(name));
  }

  it.each([
    // Whether the database's driver is there, and built, is part of it.
    [['check'], ['better-sqlite3']],
    [['version'], []],
    [['help'], []],
    [['help', 'check'], ['commander']],
    [
      ['check', '--deploy'],
      ['better-sqlite3', 'commander'],
    ],
    [['migrate'], ['better-sqlite3']],
  ])('%j loads no more than it needs', (args, expected) => {
    // The first run compiles what has changed since the last; the second finds everything compiled.
    loaded(...args);
    expect(loaded(...args).sort()).toEqual(expected);
  });
});
