'use strict';
const { EntitySchema, raw } = require('@mikro-orm/core');
const { MikroORM } = require('@mikro-orm/better-sqlite');
const { ANSWERS, author, BULK, key, priceOver, review, reviews, serverOf, tenCalls } = require('../common');

const ID = { type: 'integer', primary: true, autoincrement: true };
const Author = new EntitySchema({
  name: 'Author',
  tableName: 'bench_author',
  properties: {
    id: ID,
    name: { type: 'string' },
    born: { type: 'integer' },
    books: { kind: '1:m', entity: 'Book', mappedBy: 'author' },
  },
});
const Tag = new EntitySchema({
  name: 'Tag',
  tableName: 'bench_tag',
  properties: { id: ID, name: { type: 'string' } },
});
const Book = new EntitySchema({
  name: 'Book',
  tableName: 'bench_book',
  properties: {
    id: ID,
    title: { type: 'string' },
    author: { kind: 'm:1', entity: 'Author', fieldName: 'author_id' },
    price: { type: 'integer' },
    published: { type: 'string' },
    pages: { type: 'integer' },
    inPrint: { type: 'boolean', fieldName: 'in_print' },
    reviews: { kind: '1:m', entity: 'Review', mappedBy: 'book' },
    tags: {
      kind: 'm:n',
      entity: 'Tag',
      owner: true,
      pivotTable: 'bench_book_tags',
      joinColumn: 'book_id',
      inverseJoinColumn: 'tag_id',
    },
  },
});
const Review = new EntitySchema({
  name: 'Review',
  tableName: 'bench_review',
  properties: {
    id: ID,
    book: { kind: 'm:1', entity: 'Book', fieldName: 'book_id' },
    rating: { type: 'integer' },
    text: { type: 'string' },
  },
});

const withKey = (book) => ({ ...book, authorId: book.author.id, author: book.author });
const written = ({ bookId, rating, text }) => ({ book: bookId, rating, text });

exports.open = async (file, size) => {
  if (serverOf(file) !== undefined) throw new Error('its driver for PostgreSQL is another package');
  const orm = await MikroORM.init({ entities: [Author, Tag, Book, Review], dbName: file });
  // As a request has it: an identity map of its own.
  const fork = () => orm.em.fork();
  const list = (em, price) =>
    em.find(
      'Book',
      { inPrint: true, price: { $gt: price } },
      { orderBy: { published: 'desc', id: 'asc' }, limit: 20 },
    );
  const from = (em, at, populate) =>
    em.find('Book', { id: { $gte: key(at, size) } }, { orderBy: { id: 'asc' }, limit: 100, populate });
  return {
    get: {
      run: (at) => fork().findOneOrFail('Book', key(at, size)),
      answer: (book) => ANSWERS.get(withKey(book)),
    },
    list: {
      run: (at) => list(fork(), priceOver(at)),
      answer: (books) => ANSWERS.list(books.map(withKey)),
    },
    related: {
      run: (at) => from(fork(), at, ['author']),
      answer: (books) => ANSWERS.related(books.map(withKey)),
    },
    prefetch: {
      run: (at) => from(fork(), at, ['tags', 'reviews']),
      answer: (books) =>
        ANSWERS.prefetch(
          books.map(({ id, tags, reviews: all }) => ({ id, tags: tags.getItems(), reviews: all.getItems() })),
        ),
    },
    having: {
      run: () =>
        fork()
          .createQueryBuilder('Author', 'a')
          .select(['a.id', 'a.name', raw('count(b.id) as n')])
          .leftJoin('a.books', 'b')
          .groupBy(['a.id', 'a.name'])
          .having('count(b.id) > ?', [9])
          .orderBy({ [raw('n')]: 'desc', 'a.id': 'asc' })
          .limit(20)
          .execute('all', false),
      answer: ANSWERS.having,
    },
    insert: {
      async run(at) {
        const em = fork();
        const row = em.create('Review', written(review(at, size)));
        await em.persistAndFlush(row);
        return row;
      },
      answer: (row) => ANSWERS.insert({ ...row, bookId: row.book.id }),
    },
    bulk: {
      rows: BULK,
      async run(at) {
        const rows = reviews(at, size);
        await fork().insertMany('Review', rows.map(written));
        return rows.length;
      },
      answer: ANSWERS.bulk,
    },
    update: {
      run: (at) => fork().nativeUpdate('Book', { author: author(at, size) }, { pages: raw('pages + 1') }),
      answer: ANSWERS.update,
    },
    save: {
      async run(at) {
        const em = fork();
        const book = await em.findOneOrFail('Book', key(at, size));
        book.pages = at;
        await em.flush();
        return book;
      },
      answer: ANSWERS.save,
    },
    sql: {
      run: (at) => {
        const em = fork();
        return tenCalls(at, size, {
          get: (id) => em.createQueryBuilder('Book', 'b').where({ id }).getQuery(),
          list: (price) =>
            em
              .createQueryBuilder('Book', 'b')
              .where({ inPrint: true, price: { $gt: price } })
              .orderBy({ published: 'desc', id: 'asc' })
              .limit(20)
              .getQuery(),
        });
      },
      answer: ANSWERS.sql,
    },
  };
};
