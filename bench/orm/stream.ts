/**
 * A million rows through `iterator()`: rows a second, and what the process holds meanwhile.
 * `npx ts-node bench/orm/stream.ts [--rows N]`, on SQLite, PostgreSQL and MySQL as far as they are there.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { configure, type DatabaseSettings } from 'tsango/conf';
import { connections } from 'tsango/db';
import * as models from 'tsango/db/models';

const { values } = parseArgs({ options: { rows: { type: 'string', default: '1000000' } } });
const ROWS = Number(values.rows);

class Row extends models.Model {
  static override readonly Meta: models.MetaOptions = { appLabel: 'bench', dbTable: 'bench_stream' };
  declare static readonly objects: models.Manager<Row>;
  declare id: number;
  @models.CharField({ maxLength: 40 }) declare text: string;
  @models.IntegerField() declare number: number;
}

const folder = mkdtempSync(path.join(tmpdir(), 'tsango-stream-'));
const DATABASES: Record<string, DatabaseSettings> = {
  default: { ENGINE: 'better-sqlite3', NAME: path.join(folder, 'db.sqlite3') },
  postgresql: { ENGINE: 'postgresql', NAME: 'postgres', USER: 'postgres', HOST: '127.0.0.1' },
  mysql: { ENGINE: 'mysql', NAME: 'test', USER: 'root', HOST: '127.0.0.1' },
};
configure({ SECRET_KEY: 'bench', DATABASES } as never);

const MB = 2 ** 20;

async function fill(alias: string): Promise<void> {
  const connection = connections.get(alias);
  await connection.execute('DROP TABLE IF EXISTS bench_stream');
  const editor = connection.schemaEditor();
  await editor.run(() => editor.createModel(Row._meta));
  const batch = Array.from({ length: 10_000 }, (_, at) => new Row({ text: `row ${at}`, number: at }));
  for (let left = ROWS; left > 0; left -= batch.length) {
    for (const row of batch) (row as unknown as { id: undefined }).id = undefined;
    await Row.objects.using(alias).bulkCreate(batch.slice(0, left), { batchSize: 5_000 });
  }
}

async function measure(alias: string): Promise<void> {
  await fill(alias);
  global.gc?.();
  const before = process.memoryUsage().rss;
  const [cpu, start] = [process.cpuUsage(), performance.now()];
  let [rows, most] = [0, before];
  for await (const row of Row.objects.using(alias).iterator({ chunkSize: 2_000 })) {
    rows += row.number >= 0 ? 1 : 0;
    if (rows % 50_000 === 0) most = Math.max(most, process.memoryUsage().rss);
  }
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const figures = [
    `${rows} rows in ${seconds.toFixed(1)} s`,
    `${Math.round(rows / seconds)} rows a second`,
    `${((user + system) / rows).toFixed(2)} µs of processor time a row`,
    `${Math.round(before / MB)} MB before, ${Math.round(most / MB)} MB at most`,
  ];
  process.stdout.write(`${alias}: ${figures.join(', ')}\n`);
  await connections.get(alias).execute('DROP TABLE bench_stream');
}

async function main(): Promise<void> {
  for (const alias of Object.keys(DATABASES)) {
    await measure(alias).catch((error: unknown) => process.stderr.write(`${alias}: ${String(error)}\n`));
  }
  await connections.closeAll();
  rmSync(folder, { recursive: true, force: true });
}

void main();
