'use strict';
const knex = require('knex');
const { Model } = require('objection');
const { ANSWERS, author, BULK, key, priceOver, review, reviews, serverOf, tenCalls } = require('../common');

class Author extends Model {
  static tableName = 'bench_author';
}
class Tag extends Model {
  static tableName = 'bench_tag';
}
class Review extends Model {
  static tableName = 'bench_review';
  static columnNameMappers = mapped({ bookId: 'book_id' });
}
class Book extends Model {
  static tableName = 'bench_book';
  static columnNameMappers = mapped({ authorId: 'author_id', inPrint: 'in_print' });
  static relationMappings = {
    author: {
      relation: Model.BelongsToOneRelation,
      modelClass: Author,
      join: { from: 'bench_book.author_id', to: 'bench_author.id' },
    },
    reviews: {
      relation: Model.HasManyRelation,
      modelClass: Review,
      join: { from: 'bench_book.id', to: 'bench_review.book_id' },
    },
    tags: {
      relation: Model.ManyToManyRelation,
      modelClass: Tag,
      join: {
        from: 'bench_book.id',
        through: { from: 'bench_book_tags.book_id', to: 'bench_book_tags.tag_id' },
        to: 'bench_tag.id',
      },
    },
  };
}

/** Names of properties and columns, both ways. */
function mapped(columns) {
  const properties = Object.fromEntries(Object.entries(columns).map(([name, column]) => [column, name]));
  const renamed = (names) => (row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [names[name] ?? name, value]));
  return { parse: renamed(properties), format: renamed(columns) };
}

exports.open = (file, size) => {
  const server = serverOf(file);
  const db =
    server === undefined
      ? knex({ client: 'better-sqlite3', connection: { filename: file }, useNullAsDefault: true })
      : knex({ client: 'pg', connection: server });
  Model.knex(db);
  const get = (id) => Book.query().findById(id).throwIfNotFound();
  const list = (price) =>
    Book.query()
      .where({ in_print: true })
      .where('price', '>', price)
      .orderBy([{ column: 'published', order: 'desc' }, 'id'])
      .limit(20);
  const from = (at) =>
    Book.query().where('bench_book.id', '>=', key(at, size)).orderBy('bench_book.id').limit(100);
  return {
    get: { run: (at) => get(key(at, size)), answer: ANSWERS.get },
    list: { run: (at) => list(priceOver(at)), answer: ANSWERS.list },
    related: { run: (at) => from(at).withGraphFetched('author'), answer: ANSWERS.related },
    prefetch: { run: (at) => from(at).withGraphFetched('[tags, reviews]'), answer: ANSWERS.prefetch },
    having: {
      run: () =>
        Author.query()
          .select('bench_author.id', 'bench_author.name')
          .count('b.id as n')
          .leftJoin('bench_book as b', 'b.author_id', 'bench_author.id')
          .groupBy('bench_author.id', 'bench_author.name')
          .havingRaw('count(b.id) > ?', [9])
          .orderBy([{ column: 'n', order: 'desc' }, 'bench_author.id'])
          .limit(20),
      answer: ANSWERS.having,
    },
    insert: { run: (at) => Review.query().insert(review(at, size)), answer: ANSWERS.insert },
    bulk: {
      rows: BULK,
      // Its own insert of a list is PostgreSQL's alone.
      async run(at) {
        const rows = reviews(at, size);
        await db('bench_review').insert(
          rows.map(({ bookId, rating, text }) => ({ book_id: bookId, rating, text })),
        );
        return rows.length;
      },
      answer: ANSWERS.bulk,
    },
    update: {
      run: (at) =>
        Book.query()
          .patch({ pages: db.raw('pages + 1') })
          .where('author_id', author(at, size)),
      answer: ANSWERS.update,
    },
    save: {
      async run(at) {
        const row = await get(key(at, size));
        return row.$query().patchAndFetch({ pages: at });
      },
      answer: ANSWERS.save,
    },
    sql: {
      run: (at) =>
        tenCalls(at, size, {
          get: (id) => Book.query().findById(id).toKnexQuery().toSQL().sql,
          list: (price) => list(price).toKnexQuery().toSQL().sql,
        }),
      answer: ANSWERS.sql,
    },
  };
};
