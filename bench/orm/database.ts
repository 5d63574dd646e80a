/** The one schema of the benchmark of models, and its rows: every peer has a copy of the file. */
import type BetterSqlite3 from 'better-sqlite3';

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
