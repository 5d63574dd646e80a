'use strict';
const Database = require('better-sqlite3');
const { Kysely, PostgresDialect, sql, SqliteDialect } = require('kysely');
const { Pool } = require('pg');
const { ANSWERS, author, BULK, key, priceOver, review, reviews, serverOf, tenCalls } = require('../common');

const COLUMNS = [
  'b.id',
  'b.title',
  'b.author_id as authorId',
  'b.price',
  'b.published',
  'b.pages',
  'b.in_print as inPrint',
];
const written = ({ bookId, rating, text }) => ({ book_id: bookId, rating, text });

exports.open = (file, size) => {
  const server = serverOf(file);
  const dialect =
    server === undefined
      ? new SqliteDialect({ database: new Database(file) })
      : new PostgresDialect({ pool: new Pool(server) });
  const db = new Kysely({ dialect });
  const yes = server === undefined ? 1 : true;
  const list = (price) =>
    books()
      .where('b.in_print', '=', yes)
      .where('b.price', '>', price)
      .orderBy('b.published', 'desc')
      .orderBy('b.id')
      .limit(20);
  const books = () => db.selectFrom('bench_book as b').select(COLUMNS);
  const get = (id) => books().where('b.id', '=', id).executeTakeFirstOrThrow();
  return {
    get: { run: (at) => get(key(at, size)), answer: ANSWERS.get },
    list: {
      run: (at) => list(priceOver(at)).execute(),
      answer: ANSWERS.list,
    },
    related: {
      run: async (at) =>
        (
          await books()
            .innerJoin('bench_author as a', 'a.id', 'b.author_id')
            .select('a.name')
            .where('b.id', '>=', key(at, size))
            .orderBy('b.id')
            .limit(100)
            .execute()
        ).map(({ name, ...row }) => ({ ...row, author: { id: row.authorId, name } })),
      answer: ANSWERS.related,
    },
    prefetch: {
      async run(at) {
        const rows = await books().where('b.id', '>=', key(at, size)).orderBy('b.id').limit(100).execute();
        const byId = new Map(rows.map((row) => [row.id, Object.assign(row, { tags: [], reviews: [] })]));
        const ids = [...byId.keys()];
        const tags = await db
          .selectFrom('bench_tag as t')
          .innerJoin('bench_book_tags as x', 'x.tag_id', 't.id')
          .select(['x.book_id as bookId', 't.id', 't.name'])
          .where('x.book_id', 'in', ids)
          .execute();
        for (const tag of tags) byId.get(tag.bookId).tags.push(tag);
        const all = await db
          .selectFrom('bench_review')
          .select(['id', 'book_id as bookId', 'rating', 'text'])
          .where('book_id', 'in', ids)
          .execute();
        for (const each of all) byId.get(each.bookId).reviews.push(each);
        return rows;
      },
      answer: ANSWERS.prefetch,
    },
    having: {
      run: () =>
        db
          .selectFrom('bench_author as a')
          .leftJoin('bench_book as b', 'b.author_id', 'a.id')
          .select((x) => ['a.id', 'a.name', x.fn.count('b.id').as('n')])
          .groupBy(['a.id', 'a.name'])
          .having((x) => x.fn.count('b.id'), '>', 9)
          .orderBy('n', 'desc')
          .orderBy('a.id')
          .limit(20)
          .execute(),
      answer: ANSWERS.having,
    },
    insert: {
      async run(at) {
        const row = review(at, size);
        const { insertId } = await db
          .insertInto('bench_review')
          .values(written(row))
          .executeTakeFirstOrThrow();
        return Object.assign(row, { id: Number(insertId) });
      },
      answer: ANSWERS.insert,
    },
    bulk: {
      rows: BULK,
      async run(at) {
        const rows = reviews(at, size);
        await db.insertInto('bench_review').values(rows.map(written)).execute();
        return rows.length;
      },
      answer: ANSWERS.bulk,
    },
    update: {
      run: (at) =>
        db
          .updateTable('bench_book')
          .set({ pages: sql`pages + 1` })
          .where('author_id', '=', author(at, size))
          .executeTakeFirst(),
      answer: ({ numUpdatedRows }) => Number(numUpdatedRows),
    },
    save: {
      async run(at) {
        const row = await get(key(at, size));
        row.pages = at;
        await db.updateTable('bench_book').set({ pages: row.pages }).where('id', '=', row.id).execute();
        return row;
      },
      answer: ANSWERS.save,
    },
    sql: {
      run: (at) =>
        tenCalls(at, size, {
          get: (id) => books().where('b.id', '=', id).compile().sql,
          list: (price) => list(price).compile().sql,
        }),
      answer: ANSWERS.sql,
    },
  };
};
