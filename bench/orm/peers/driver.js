'use strict';
/** better-sqlite3 by hand: prepared statements, rows as they come. */
const Database = require('better-sqlite3');
const { ANSWERS, author, BULK, key, priceOver, review, reviews, serverOf } = require('../common');

const COLUMNS =
  'b.id, b.title, b.author_id AS authorId, b.price, b.published, b.pages, b.in_print AS inPrint';

exports.open = (file, size) => {
  const server = serverOf(file);
  if (server !== undefined) return require('./driver_postgresql').open(server, size);
  const db = new Database(file);
  const get = db.prepare(`SELECT ${COLUMNS} FROM bench_book b WHERE b.id = ?`);
  const list = db.prepare(
    `SELECT ${COLUMNS} FROM bench_book b WHERE b.in_print AND b.price > ? ORDER BY b.published DESC, b.id LIMIT 20`,
  );
  const related = db.prepare(
    `SELECT ${COLUMNS}, a.name FROM bench_book b JOIN bench_author a ON a.id = b.author_id WHERE b.id >= ? ORDER BY b.id LIMIT 100`,
  );
  const hundred = db.prepare(`SELECT ${COLUMNS} FROM bench_book b WHERE b.id >= ? ORDER BY b.id LIMIT 100`);
  const marks = Array(100).fill('?').join(', ');
  const tags = db.prepare(
    `SELECT x.book_id AS bookId, t.id, t.name FROM bench_tag t JOIN bench_book_tags x ON x.tag_id = t.id WHERE x.book_id IN (${marks})`,
  );
  const ofBooks = db.prepare(
    `SELECT id, book_id AS bookId, rating, text FROM bench_review WHERE book_id IN (${marks})`,
  );
  const having = db.prepare(
    'SELECT a.id, a.name, COUNT(b.id) AS n FROM bench_author a LEFT JOIN bench_book b ON b.author_id = a.id ' +
      'GROUP BY a.id, a.name HAVING COUNT(b.id) > ? ORDER BY n DESC, a.id LIMIT 20',
  );
  const insert = db.prepare('INSERT INTO bench_review (book_id, rating, text) VALUES (?, ?, ?)');
  const many = db.transaction((rows) => {
    for (const { bookId, rating, text } of rows) insert.run(bookId, rating, text);
  });
  const update = db.prepare('UPDATE bench_book SET pages = pages + 1 WHERE author_id = ?');
  const save = db.prepare('UPDATE bench_book SET pages = ? WHERE id = ?');
  return {
    get: { run: (at) => get.get(key(at, size)), answer: ANSWERS.get },
    list: { run: (at) => list.all(priceOver(at)), answer: ANSWERS.list },
    related: {
      run: (at) =>
        related
          .all(key(at, size))
          .map(({ name, ...row }) => ({ ...row, author: { id: row.authorId, name } })),
      answer: ANSWERS.related,
    },
    prefetch: {
      run(at) {
        const rows = hundred.all(key(at, size));
        const byId = new Map();
        for (const row of rows) byId.set(row.id, Object.assign(row, { tags: [], reviews: [] }));
        const ids = [...byId.keys()];
        for (const tag of tags.all(ids)) byId.get(tag.bookId).tags.push(tag);
        for (const each of ofBooks.all(ids)) byId.get(each.bookId).reviews.push(each);
        return rows;
      },
      answer: ANSWERS.prefetch,
    },
    having: { run: () => having.all(9), answer: ANSWERS.having },
    insert: {
      run(at) {
        const row = review(at, size);
        row.id = insert.run(row.bookId, row.rating, row.text).lastInsertRowid;
        return row;
      },
      answer: ANSWERS.insert,
    },
    bulk: {
      rows: BULK,
      run(at) {
        const rows = reviews(at, size);
        many(rows);
        return rows.length;
      },
      answer: ANSWERS.bulk,
    },
    update: { run: (at) => update.run(author(at, size)).changes, answer: ANSWERS.update },
    save: {
      run(at) {
        const row = get.get(key(at, size));
        row.pages = at;
        save.run(row.pages, row.id);
        return row;
      },
      answer: ANSWERS.save,
    },
  };
};
