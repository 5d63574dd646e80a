'use strict';
/** pg by hand: statements that the server keeps, on one connection, rows as they come. */
const { Client } = require('pg');
const { ANSWERS, key, priceOver } = require('../common');

const COLUMNS =
  'b.id, b.title, b.author_id AS "authorId", b.price, b.published, b.pages, b.in_print AS "inPrint"';

exports.open = async (server, size) => {
  const db = new Client(server);
  await db.connect();
  const rows = async (name, text, values) => (await db.query({ name, text, values })).rows;
  const get = async (id) =>
    (await rows('get', `SELECT ${COLUMNS} FROM bench_book b WHERE b.id = $1`, [id]))[0];
  return {
    get: { run: (at) => get(key(at, size)), answer: ANSWERS.get },
    list: {
      run: (at) =>
        rows(
          'list',
          `SELECT ${COLUMNS} FROM bench_book b WHERE b.in_print AND b.price > $1 ORDER BY b.published DESC, b.id LIMIT 20`,
          [priceOver(at)],
        ),
      answer: ANSWERS.list,
    },
    related: {
      run: async (at) =>
        (
          await rows(
            'related',
            `SELECT ${COLUMNS}, a.name FROM bench_book b JOIN bench_author a ON a.id = b.author_id WHERE b.id >= $1 ORDER BY b.id LIMIT 100`,
            [key(at, size)],
          )
        ).map(({ name, ...row }) => ({ ...row, author: { id: row.authorId, name } })),
      answer: ANSWERS.related,
    },
    save: {
      async run(at) {
        const row = await get(key(at, size));
        row.pages = at;
        await rows('save', 'UPDATE bench_book SET pages = $1 WHERE id = $2', [row.pages, row.id]);
        return row;
      },
      answer: ANSWERS.save,
    },
  };
};
