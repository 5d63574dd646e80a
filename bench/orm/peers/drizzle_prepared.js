'use strict';
/** Drizzle's queries, prepared once each: what is written by hand for every query of a site. */
const Database = require('better-sqlite3');
const { and, desc, eq, gt, sql } = require('drizzle-orm');
const { drizzle } = require('drizzle-orm/better-sqlite3');
const { ANSWERS, author, key, priceOver, review, serverOf } = require('../common');
const { books, reviewed } = require('./drizzle');

exports.open = (file, size) => {
  if (serverOf(file) !== undefined) throw new Error('its tables here are those of SQLite');
  const db = drizzle(new Database(file));
  const at = (name) => sql.placeholder(name);
  const get = db
    .select()
    .from(books)
    .where(eq(books.id, at('id')))
    .prepare();
  const list = db
    .select()
    .from(books)
    .where(and(eq(books.inPrint, true), gt(books.price, at('price'))))
    .orderBy(desc(books.published), books.id)
    .limit(20)
    .prepare();
  const insert = db
    .insert(reviewed)
    .values({ bookId: at('bookId'), rating: at('rating'), text: at('text') })
    .returning()
    .prepare();
  const update = db
    .update(books)
    .set({ pages: sql`${books.pages} + 1` })
    .where(eq(books.authorId, at('author')))
    .prepare();
  const save = db
    .update(books)
    .set({ pages: sql`${at('pages')}` })
    .where(eq(books.id, at('id')))
    .prepare();
  return {
    get: { run: (now) => get.get({ id: key(now, size) }), answer: ANSWERS.get },
    list: { run: (now) => list.all({ price: priceOver(now) }), answer: ANSWERS.list },
    insert: { run: (now) => insert.get(review(now, size)), answer: ANSWERS.insert },
    update: { run: (now) => update.run({ author: author(now, size) }).changes, answer: ANSWERS.update },
    save: {
      run(now) {
        const row = get.get({ id: key(now, size) });
        row.pages = now;
        save.run({ pages: row.pages, id: row.id });
        return row;
      },
      answer: ANSWERS.save,
    },
  };
};
