'use strict';
const Database = require('better-sqlite3');
const { and, count, desc, eq, gt, gte, relations, sql } = require('drizzle-orm');
const { drizzle } = require('drizzle-orm/better-sqlite3');
const { integer, sqliteTable, text } = require('drizzle-orm/sqlite-core');
const { ANSWERS, author, BULK, key, priceOver, review, reviews, serverOf, tenCalls } = require('../common');

const id = () => integer('id').primaryKey();
const authors = sqliteTable('bench_author', { id: id(), name: text('name'), born: integer('born') });
const tags = sqliteTable('bench_tag', { id: id(), name: text('name') });
const books = sqliteTable('bench_book', {
  id: id(),
  title: text('title'),
  authorId: integer('author_id'),
  price: integer('price'),
  published: text('published'),
  pages: integer('pages'),
  inPrint: integer('in_print', { mode: 'boolean' }),
});
const bookTags = sqliteTable('bench_book_tags', {
  id: id(),
  bookId: integer('book_id'),
  tagId: integer('tag_id'),
});
const reviewed = sqliteTable('bench_review', {
  id: id(),
  bookId: integer('book_id'),
  rating: integer('rating'),
  text: text('text'),
});
const schema = {
  authors,
  tags,
  books,
  bookTags,
  reviewed,
  ofBooks: relations(books, ({ one, many }) => ({
    author: one(authors, { fields: [books.authorId], references: [authors.id] }),
    bookTags: many(bookTags),
    reviews: many(reviewed),
  })),
  ofBookTags: relations(bookTags, ({ one }) => ({
    book: one(books, { fields: [bookTags.bookId], references: [books.id] }),
    tag: one(tags, { fields: [bookTags.tagId], references: [tags.id] }),
  })),
  ofReviews: relations(reviewed, ({ one }) => ({
    book: one(books, { fields: [reviewed.bookId], references: [books.id] }),
  })),
};

exports.books = books;
exports.reviewed = reviewed;

exports.open = (file, size) => {
  // Its tables are those of one database.
  if (serverOf(file) !== undefined) throw new Error('its tables here are those of SQLite');
  const db = drizzle(new Database(file), { schema });
  const list = (price) =>
    db
      .select()
      .from(books)
      .where(and(eq(books.inPrint, true), gt(books.price, price)))
      .orderBy(desc(books.published), books.id)
      .limit(20);
  const get = (at) => db.select().from(books).where(eq(books.id, at)).get();
  return {
    get: { run: (at) => get(key(at, size)), answer: ANSWERS.get },
    list: {
      run: (at) => list(priceOver(at)).all(),
      answer: ANSWERS.list,
    },
    related: {
      run: (at) =>
        db.query.books
          .findMany({
            where: gte(books.id, key(at, size)),
            with: { author: true },
            orderBy: books.id,
            limit: 100,
          })
          .sync(),
      answer: ANSWERS.related,
    },
    prefetch: {
      run: (at) =>
        db.query.books
          .findMany({
            where: gte(books.id, key(at, size)),
            with: { bookTags: { with: { tag: true } }, reviews: true },
            orderBy: books.id,
            limit: 100,
          })
          .sync(),
      answer: (rows) =>
        ANSWERS.prefetch(rows.map((row) => ({ ...row, tags: row.bookTags.map(({ tag }) => tag) }))),
    },
    having: {
      run: () => {
        const n = count(books.id);
        return db
          .select({ id: authors.id, name: authors.name, n })
          .from(authors)
          .leftJoin(books, eq(books.authorId, authors.id))
          .groupBy(authors.id, authors.name)
          .having(gt(n, 9))
          .orderBy(desc(n), authors.id)
          .limit(20)
          .all();
      },
      answer: ANSWERS.having,
    },
    insert: {
      run: (at) => db.insert(reviewed).values(review(at, size)).returning().get(),
      answer: ANSWERS.insert,
    },
    bulk: {
      rows: BULK,
      run: (at) => db.insert(reviewed).values(reviews(at, size)).run().changes,
      answer: ANSWERS.bulk,
    },
    update: {
      run: (at) =>
        db
          .update(books)
          .set({ pages: sql`${books.pages} + 1` })
          .where(eq(books.authorId, author(at, size)))
          .run().changes,
      answer: ANSWERS.update,
    },
    save: {
      run(at) {
        const row = get(key(at, size));
        row.pages = at;
        const { id: pk, ...values } = row;
        db.update(books).set(values).where(eq(books.id, pk)).run();
        return row;
      },
      answer: ANSWERS.save,
    },
    sql: {
      run: (at) =>
        tenCalls(at, size, {
          get: (value) => db.select().from(books).where(eq(books.id, value)).toSQL().sql,
          list: (price) => list(price).toSQL().sql,
        }),
      answer: ANSWERS.sql,
    },
  };
};
