/** The one schema of the benchmark of models, and its rows: every peer has a copy of the file. */
import type BetterSqlite3 from 'better-sqlite3';
import { Client } from 'pg';

const SCHEMA = `
CREATE TABLE bench_author (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, name varchar(60) NOT NULL, born integer NOT NULL);
CREATE TABLE bench_tag (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, name varchar(30) NOT NULL);
CREATE TABLE bench_book (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, title varchar(80) NOT NULL,
  author_id integer NOT NULL REFERENCES bench_author (id) DEFERRABLE INITIALLY DEFERRED, price integer NOT NULL,
  published date NOT NULL, pages integer NOT NULL, in_print bool NOT NULL);
CREATE TABLE bench_book_tags (id integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  book_id integer NOT NULL REFERENCES bench_book (id) DEFERRABLE INITIALLY DEFERRED,
  tag_id integer NOT NULL REFERENCES bench_tag (id) DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE bench_review (id integer NOT NULL PRIMARY KEY AUTOINCREMENT,
  book_id integer NOT NULL REFERENCES bench_book (id) DEFERRABLE INITIALLY DEFERRED,
  rating integer NOT NULL, text varchar(60) NOT NULL);
CREATE INDEX bench_book_author ON bench_book (author_id);
CREATE UNIQUE INDEX bench_book_tags_unique ON bench_book_tags (book_id, tag_id);
CREATE INDEX bench_book_tags_tag ON bench_book_tags (tag_id);
CREATE INDEX bench_review_book ON bench_review (book_id);
`;

/** Makes the file: for each ten books an author, three tags and five reviews a book, two hundred tags. */
export function makeDatabase(file: string, books: number): void {
  const Database = require('better-sqlite3') as typeof BetterSqlite3;
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.exec(SCHEMA);
  const authors = books / 10;
  db.transaction(() => {
    const author = db.prepare('INSERT INTO bench_author (name, born) VALUES (?, ?)');
    for (let at = 1; at <= authors; at++) author.run(`Author ${at}`, 1900 + (at % 100));
    const tag = db.prepare('INSERT INTO bench_tag (name) VALUES (?)');
    for (let at = 1; at <= 200; at++) tag.run(`tag ${at}`);
    const book = db.prepare(
      'INSERT INTO bench_book (title, author_id, price, published, pages, in_print) VALUES (?, ?, ?, ?, ?, ?)',
    );
    const tagged = db.prepare('INSERT INTO bench_book_tags (book_id, tag_id) VALUES (?, ?)');
    const review = db.prepare('INSERT INTO bench_review (book_id, rating, text) VALUES (?, ?, ?)');
    for (let at = 1; at <= books; at++) {
      const day = String((at % 28) + 1).padStart(2, '0');
      const published = `${1950 + (at % 75)}-${String((at % 12) + 1).padStart(2, '0')}-${day}`;
      // Some authors have more books than others.
      const by = (at * at) % authors;
      book.run(
        `The book of ${at}`,
        by + 1,
        (at * 37) % 1000,
        published,
        (at % 900) + 20,
        at % 4 === 0 ? 0 : 1,
      );
      for (let more = 0; more < 3; more++) tagged.run(at, ((at + more * 67) % 200) + 1);
      for (let more = 0; more < 5; more++) review.run(at, ((at + more) % 5) + 1, `review ${at} ${more}`);
    }
  })();
  db.exec('ANALYZE');
  db.close();
}

const TABLES = ['bench_author', 'bench_tag', 'bench_book', 'bench_book_tags', 'bench_review'];

/** The same rows in a database of PostgreSQL that is made for this, and dropped after it. */
export async function makePostgresDatabase(
  server: string,
  file: string,
): Promise<{ readonly target: string; drop(): Promise<void> }> {
  const name = `tsango_bench_orm_${process.pid}`;
  const ask = async (url: string, work: (client: Client) => Promise<unknown>): Promise<void> => {
    const client = new Client(url);
    await client.connect();
    await work(client);
    await client.end();
  };
  const target = `${server.replace(/\/$/, '')}/${name}`;
  await ask(`${server}/postgres`, (client) => client.query(`CREATE DATABASE ${name}`));
  await ask(target, async (client) => {
    await client.query(SCHEMA.replaceAll('integer NOT NULL PRIMARY KEY AUTOINCREMENT', 'serial PRIMARY KEY'));
    const Database = require('better-sqlite3') as typeof BetterSqlite3;
    const db = new Database(file, { readonly: true });
    for (const table of TABLES) {
      const rows = db.prepare(`SELECT * FROM ${table}`).all() as Record<string, unknown>[];
      for (const row of rows) if ('in_print' in row) row['in_print'] = row['in_print'] === 1;
      await client.query(`INSERT INTO ${table} SELECT * FROM json_populate_recordset(null::${table}, $1)`, [
        JSON.stringify(rows),
      ]);
    }
    db.close();
    await client.query('VACUUM ANALYZE');
  });
  return {
    target,
    drop: () => ask(`${server}/postgres`, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`)),
  };
}
