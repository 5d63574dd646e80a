'use strict';
const { createRequire } = require('node:module');
const path = require('node:path');

// The package is this repository itself, which the peers' own package.json hides.
const own = createRequire(path.join(__dirname, '..', '..', 'run.ts'));
const { apps } = own('tsango/apps');
const { configure } = own('tsango/conf');
const models = own('tsango/db/models');
const { ANSWERS, author, BULK, key, priceOver, review, reviews, serverOf, tenCalls } = require('../common');

/** Declares a model's fields as decorators do, which JavaScript has not. */
function declare(cls, fields) {
  for (const [name, field] of Object.entries(fields)) field(cls.prototype, name);
  return cls;
}

class Author extends models.Model {
  static Meta = { appLabel: 'bench' };
}
declare(Author, { name: models.CharField({ maxLength: 60 }), born: models.IntegerField() });

class Tag extends models.Model {
  static Meta = { appLabel: 'bench' };
}
declare(Tag, { name: models.CharField({ maxLength: 30 }) });

class Book extends models.Model {
  static Meta = { appLabel: 'bench' };
}
declare(Book, {
  title: models.CharField({ maxLength: 80 }),
  author: models.ForeignKey(() => Author, { onDelete: models.CASCADE, relatedName: 'books' }),
  price: models.IntegerField(),
  published: models.DateField(),
  pages: models.IntegerField(),
  inPrint: models.BooleanField(),
  tags: models.ManyToManyField(() => Tag, { relatedName: 'books' }),
});

class Review extends models.Model {
  static Meta = { appLabel: 'bench' };
}
declare(Review, {
  book: models.ForeignKey(() => Book, { onDelete: models.CASCADE, relatedName: 'reviews' }),
  rating: models.IntegerField(),
  text: models.CharField({ maxLength: 60 }),
});

function settingsOf(target) {
  const server = serverOf(target);
  if (server === undefined) return { ENGINE: 'better-sqlite3', NAME: target };
  const { host: HOST, port: PORT, user: USER, database: NAME } = server;
  return { ENGINE: 'postgresql', NAME, USER, HOST, PORT };
}

exports.open = async (file, size) => {
  configure({
    SECRET_KEY: 'not a secret',
    INSTALLED_APPS: [],
    DATABASES: { default: settingsOf(file) },
    USE_TZ: false,
    TIME_ZONE: 'UTC',
  });
  apps.populate();
  const { Count, F } = models;
  const list = (price) =>
    Book.objects.filter({ inPrint: true, price__gt: price }).orderBy('-published', 'id').slice(0, 20);
  const withRows = async (rows) => {
    for (const row of rows) {
      row.read = { id: row.id, tags: await row.tags.all(), reviews: await row.reviews.all() };
    }
    return rows;
  };
  return {
    get: { run: (at) => Book.objects.get({ id: key(at, size) }), answer: ANSWERS.get },
    list: {
      run: (at) => list(priceOver(at)),
      answer: ANSWERS.list,
    },
    related: {
      run: (at) =>
        Book.objects
          .filter({ id__gte: key(at, size) })
          .selectRelated('author')
          .orderBy('id')
          .slice(0, 100),
      answer: ANSWERS.related,
    },
    prefetch: {
      run: async (at) =>
        withRows(
          await Book.objects
            .filter({ id__gte: key(at, size) })
            .prefetchRelated('tags', 'reviews')
            .orderBy('id')
            .slice(0, 100),
        ),
      answer: (rows) => ANSWERS.prefetch(rows.map(({ read }) => read)),
    },
    having: {
      run: () =>
        Author.objects
          .annotate({ n: Count('books') })
          .filter({ n__gt: 9 })
          .orderBy('-n', 'id')
          .slice(0, 20),
      answer: ANSWERS.having,
    },
    insert: { run: (at) => Review.objects.create(review(at, size)), answer: ANSWERS.insert },
    bulk: {
      rows: BULK,
      run: async (at) =>
        (await Review.objects.bulkCreate(reviews(at, size).map((row) => new Review(row)))).length,
      answer: ANSWERS.bulk,
    },
    update: {
      run: (at) => Book.objects.filter({ authorId: author(at, size) }).update({ pages: F('pages').add(1) }),
      answer: ANSWERS.update,
    },
    save: {
      async run(at) {
        const row = await Book.objects.get({ id: key(at, size) });
        row.pages = at;
        await row.save();
        return row;
      },
      answer: ANSWERS.save,
    },
    sql: {
      run: (at) =>
        tenCalls(at, size, {
          get: (id) => Book.objects.filter({ id }).toSql()[0],
          list: (price) => list(price).toSql()[0],
        }),
      answer: ANSWERS.sql,
    },
  };
};
