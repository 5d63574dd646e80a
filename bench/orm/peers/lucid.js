'use strict';
const { ANSWERS, author, BULK, key, priceOver, review, reviews, serverOf, tenCalls } = require('../common');

/** The models of the tables: Lucid's decorators, called as functions. */
function models({ BaseModel, belongsTo, column, hasMany, manyToMany, SnakeCaseNamingStrategy }, adapter) {
  class Base extends BaseModel {}
  Base.$adapter = adapter;
  Base.namingStrategy = new SnakeCaseNamingStrategy();
  const define = (name, table, columns) => {
    const model = { [name]: class extends Base {} }[name];
    model.table = table;
    column({ isPrimary: true })(model.prototype, 'id');
    for (const each of columns) column()(model.prototype, each);
    return model;
  };
  const Author = define('Author', 'bench_author', ['name', 'born']);
  const Tag = define('Tag', 'bench_tag', ['name']);
  const Review = define('Review', 'bench_review', ['bookId', 'rating', 'text']);
  const Book = define('Book', 'bench_book', ['title', 'authorId', 'price', 'published', 'pages', 'inPrint']);
  belongsTo(() => Author)(Book.prototype, 'author');
  hasMany(() => Review)(Book.prototype, 'reviews');
  manyToMany(() => Tag, { pivotTable: 'bench_book_tags' })(Book.prototype, 'tags');
  hasMany(() => Book)(Author.prototype, 'books');
  return { Author, Book, Review };
}

exports.open = async (file, size) => {
  const { Database } = await import('@adonisjs/lucid/database');
  const orm = await import('@adonisjs/lucid/orm');
  const { Adapter } = orm;
  const { LoggerFactory } = await import('@adonisjs/core/factories/logger');
  const { Emitter } = await import('@adonisjs/core/events');
  const { Application } = await import('@adonisjs/core/app');
  const server = serverOf(file);
  const connection =
    server === undefined
      ? { client: 'better-sqlite3', connection: { filename: file }, useNullAsDefault: true }
      : { client: 'pg', connection: server };
  const app = new Application(new URL('./', `file://${__dirname}/`), { environment: 'web' });
  const config = { connection: 'bench', connections: { bench: connection } };
  const db = new Database(config, new LoggerFactory().create(), new Emitter(app));
  const { Author, Book, Review } = models(orm, new Adapter(db));
  const get = (id) => Book.findOrFail(id);
  const list = (price) =>
    Book.query()
      .where('inPrint', server === undefined ? 1 : true)
      .where('price', '>', price)
      .orderBy('published', 'desc')
      .orderBy('id')
      .limit(20);
  const from = (at) => Book.query().where('id', '>=', key(at, size)).orderBy('id').limit(100);
  return {
    get: { run: (at) => get(key(at, size)), answer: ANSWERS.get },
    list: { run: (at) => list(priceOver(at)), answer: ANSWERS.list },
    related: { run: (at) => from(at).preload('author'), answer: ANSWERS.related },
    prefetch: { run: (at) => from(at).preload('tags').preload('reviews'), answer: ANSWERS.prefetch },
    having: {
      run: () =>
        Author.query()
          .withCount('books', (books) => books.as('n'))
          .has('books', '>', 9)
          .orderBy('n', 'desc')
          .orderBy('id')
          .limit(20),
      answer: (rows) => ANSWERS.having(rows.map(({ id, name, $extras }) => ({ id, name, n: $extras.n }))),
    },
    insert: { run: (at) => Review.create(review(at, size)), answer: ANSWERS.insert },
    bulk: {
      rows: BULK,
      // Its `createMany` inserts one by one; `multiInsert` is what it has for many.
      async run(at) {
        const rows = reviews(at, size);
        await db
          .table('bench_review')
          .multiInsert(rows.map(({ bookId, rating, text }) => ({ book_id: bookId, rating, text })));
        return rows.length;
      },
      answer: ANSWERS.bulk,
    },
    update: {
      run: (at) => Book.query().where('authorId', author(at, size)).increment('pages', 1),
      answer: (found) => Number(Array.isArray(found) ? found[0] : found),
    },
    save: {
      async run(at) {
        const row = await get(key(at, size));
        row.pages = at;
        return row.save();
      },
      answer: ANSWERS.save,
    },
    sql: {
      run: (at) =>
        tenCalls(at, size, {
          get: (id) => Book.query().where('id', id).limit(1).toSQL().sql,
          list: (price) => list(price).toSQL().sql,
        }),
      answer: ANSWERS.sql,
    },
  };
};
