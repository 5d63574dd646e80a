'use strict';
/** What every peer is asked: which rows, and how its answers are written. */

/** The books whose key is asked for, all over the table. */
const key = (at, { books }) => ((at * 7919) % (books - 200)) + 1;
const author = (at, { books }) => ((at * 31) % (books / 10)) + 1;
const priceOver = (at) => 500 + ((at * 97) % 400);

/** Ten calls of two kinds, of which only the SQL is wanted. */
const tenCalls = (at, size, { get, list }) =>
  Array.from({ length: 10 }, (_, more) =>
    more % 2 === 0 ? get(key(at + more, size)) : list(priceOver(at + more)),
  );

/** Where a server is, of a target that is no file; undefined of a file. Dates are texts, as everybody's answers have them. */
const serverOf = (target) => {
  if (!target.startsWith('postgresql:')) return undefined;
  const { types } = require('pg');
  types.setTypeParser(types.builtins.DATE, (text) => text);
  const { hostname: host, port, username: user, pathname } = new URL(target);
  return { host, port: Number(port), user, database: pathname.slice(1) };
};

const flag = (value) => value === true || value === 1;
const book = (row) => [
  row.id,
  row.title,
  row.authorId,
  row.price,
  row.published,
  row.pages,
  flag(row.inPrint),
];

/** How answers are written, by operation: the same for every peer. */
const ANSWERS = {
  get: book,
  list: (rows) => rows.map(book),
  related: (rows) => rows.map((row) => [...book(row), row.author.name]),
  prefetch: (rows) =>
    rows.map((row) => [
      row.id,
      row.tags.map(({ name }) => name).sort(),
      row.reviews.map(({ id, rating }) => [id, rating]).sort(([one], [other]) => one - other),
    ]),
  having: (rows) => rows.map(({ id, name, n }) => [id, name, n]),
  insert: (row) => [row.bookId, row.rating, row.text],
  bulk: (count) => count,
  update: (count) => count,
  save: (row) => [row.id, row.pages],
  sql: (texts) => texts.filter((text) => /^select/i.test(text)).length,
};

const BULK = 100;
const review = (at, { books }) => ({
  bookId: books - (at % 100),
  rating: (at % 5) + 1,
  text: `review ${at}`,
});
const reviews = (at, size) => Array.from({ length: BULK }, (_, more) => review(at * BULK + more, size));

module.exports = { ANSWERS, author, BULK, key, priceOver, review, reviews, serverOf, tenCalls };
