/** A database of a test's own, made before its tests and dropped after them. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import mysql from 'mysql2/promise';
import { Client } from 'pg';
import type { DatabaseSettings } from 'tsango/conf';
import { SERVICES } from './services';

export type Engine = 'better-sqlite3' | 'node:sqlite' | 'sqlite3' | 'postgresql' | 'mysql';

async function postgres(sql: string): Promise<void> {
  const client = new Client(SERVICES.postgresql);
  await client.connect();
  await client.query(sql);
  await client.end();
}

async function mariadb(sql: string): Promise<void> {
  const client = await mysql.createConnection(SERVICES.mysql);
  await client.query(sql);
  await client.end();
}

/** Declares a scratch database for the tests of the surrounding `describe`. */
export function scratchDatabase(engine: Engine): DatabaseSettings {
  const name = `tsango_${process.pid}_${randomBytes(4).toString('hex')}`;
  if (engine === 'postgresql') {
    beforeAll(() => postgres(`CREATE DATABASE ${name}`));
    afterAll(() => postgres(`DROP DATABASE ${name} WITH (FORCE)`));
    const { host: HOST, port: PORT, user: USER } = SERVICES.postgresql;
    return { ENGINE: engine, NAME: name, HOST, PORT, USER };
  }
  if (engine === 'mysql') {
    beforeAll(() => mariadb(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`));
    afterAll(() => mariadb(`DROP DATABASE ${name}`));
    const { host: HOST, port: PORT, user: USER, password: PASSWORD } = SERVICES.mysql;
    return { ENGINE: engine, NAME: name, HOST, PORT, USER, PASSWORD };
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'tsango-db-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return { ENGINE: engine, NAME: path.join(folder, 'db.sqlite3') };
}
