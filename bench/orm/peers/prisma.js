'use strict';
const { ANSWERS, author, BULK, key, priceOver, review, reviews, serverOf } = require('../common');

/** A client, and the driver below it. */
function clientOf(file) {
  if (serverOf(file) === undefined) {
    const { PrismaBetterSqlite3 } = require('@prisma/adapter-better-sqlite3');
    const { PrismaClient } = require('../node_modules/.prisma-bench/sqlite');
    return new PrismaClient({ adapter: new PrismaBetterSqlite3({ url: `file:${file}` }) });
  }
  const { PrismaPg } = require('@prisma/adapter-pg');
  const { PrismaClient } = require('../node_modules/.prisma-bench/postgresql');
  return new PrismaClient({ adapter: new PrismaPg({ connectionString: file }) });
}

/** Dates of PostgreSQL come as the start of their day. */
const book = (row) => ({
  ...row,
  published: row.published instanceof Date ? row.published.toISOString().slice(0, 10) : row.published,
});
const tagged = (rows) => rows.map((row) => ({ ...row, tags: row.tags.map(({ tag }) => tag) }));

exports.open = (file, size) => {
  const db = clientOf(file);
  const from = (at) => ({ where: { id: { gte: key(at, size) } }, orderBy: { id: 'asc' }, take: 100 });
  return {
    get: {
      run: (at) => db.book.findUniqueOrThrow({ where: { id: key(at, size) } }),
      answer: (row) => ANSWERS.get(book(row)),
    },
    list: {
      run: (at) =>
        db.book.findMany({
          where: { inPrint: true, price: { gt: priceOver(at) } },
          orderBy: [{ published: 'desc' }, { id: 'asc' }],
          take: 20,
        }),
      answer: (rows) => ANSWERS.list(rows.map(book)),
    },
    related: {
      run: (at) => db.book.findMany({ ...from(at), include: { author: true } }),
      answer: (rows) => ANSWERS.related(rows.map(book)),
    },
    prefetch: {
      run: (at) =>
        db.book.findMany({ ...from(at), include: { tags: { include: { tag: true } }, reviews: true } }),
      answer: (rows) => ANSWERS.prefetch(tagged(rows)),
    },
    // Its client has no condition on how many rows a relation has: that is SQL by hand there, too.
    having: {
      async run() {
        const rows = await db.$queryRaw`
          SELECT a.id, a.name, count(b.id) AS n FROM bench_author a LEFT JOIN bench_book b ON b.author_id = a.id
          GROUP BY a.id, a.name HAVING count(b.id) > 9 ORDER BY n DESC, a.id LIMIT 20`;
        return rows.map(({ id, name, n }) => ({ id: Number(id), name, n: Number(n) }));
      },
      answer: ANSWERS.having,
    },
    insert: { run: (at) => db.review.create({ data: review(at, size) }), answer: ANSWERS.insert },
    bulk: {
      rows: BULK,
      run: async (at) => (await db.review.createMany({ data: reviews(at, size) })).count,
      answer: ANSWERS.bulk,
    },
    update: {
      run: (at) =>
        db.book.updateMany({ where: { authorId: author(at, size) }, data: { pages: { increment: 1 } } }),
      answer: ({ count }) => count,
    },
    save: {
      async run(at) {
        const { id } = await db.book.findUniqueOrThrow({ where: { id: key(at, size) } });
        return db.book.update({ where: { id }, data: { pages: at } });
      },
      answer: ANSWERS.save,
    },
  };
};
