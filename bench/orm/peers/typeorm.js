'use strict';
require('reflect-metadata');
const { DataSource, EntitySchema, MoreThan, MoreThanOrEqual } = require('typeorm');
const { ANSWERS, author, BULK, key, priceOver, review, reviews, serverOf, tenCalls } = require('../common');

const ID = { type: Number, primary: true, generated: true };
const Author = new EntitySchema({
  name: 'Author',
  tableName: 'bench_author',
  columns: { id: ID, name: { type: String }, born: { type: Number } },
  relations: { books: { type: 'one-to-many', target: 'Book', inverseSide: 'author' } },
});
const Tag = new EntitySchema({
  name: 'Tag',
  tableName: 'bench_tag',
  columns: { id: ID, name: { type: String } },
});
const Book = new EntitySchema({
  name: 'Book',
  tableName: 'bench_book',
  columns: {
    id: ID,
    title: { type: String },
    authorId: { type: Number, name: 'author_id' },
    price: { type: Number },
    published: { type: 'text' },
    pages: { type: Number },
    inPrint: { type: Boolean, name: 'in_print' },
  },
  relations: {
    author: {
      type: 'many-to-one',
      target: 'Author',
      joinColumn: { name: 'author_id' },
      inverseSide: 'books',
    },
    reviews: { type: 'one-to-many', target: 'Review', inverseSide: 'book' },
    tags: {
      type: 'many-to-many',
      target: 'Tag',
      joinTable: {
        name: 'bench_book_tags',
        joinColumn: { name: 'book_id' },
        inverseJoinColumn: { name: 'tag_id' },
      },
    },
  },
});
const Review = new EntitySchema({
  name: 'Review',
  tableName: 'bench_review',
  columns: {
    id: ID,
    bookId: { type: Number, name: 'book_id' },
    rating: { type: Number },
    text: { type: String },
  },
  relations: {
    book: { type: 'many-to-one', target: 'Book', joinColumn: { name: 'book_id' }, inverseSide: 'reviews' },
  },
});

exports.open = async (file, size) => {
  const { user: username, ...server } = serverOf(file) ?? {};
  const source = new DataSource({
    ...(username === undefined
      ? { type: 'better-sqlite3', database: file }
      : { type: 'postgres', username, ...server }),
    entities: [Author, Tag, Book, Review],
  });
  await source.initialize();
  const books = source.getRepository('Book');
  const all = source.getRepository('Review');
  return {
    get: { run: (at) => books.findOneByOrFail({ id: key(at, size) }), answer: ANSWERS.get },
    list: {
      run: (at) =>
        books.find({
          where: { inPrint: true, price: MoreThan(priceOver(at)) },
          order: { published: 'DESC', id: 'ASC' },
          take: 20,
        }),
      answer: ANSWERS.list,
    },
    related: {
      run: (at) =>
        books.find({
          where: { id: MoreThanOrEqual(key(at, size)) },
          relations: { author: true },
          order: { id: 'ASC' },
          take: 100,
        }),
      answer: ANSWERS.related,
    },
    prefetch: {
      run: (at) =>
        books.find({
          where: { id: MoreThanOrEqual(key(at, size)) },
          relations: { tags: true, reviews: true },
          relationLoadStrategy: 'query',
          order: { id: 'ASC' },
          take: 100,
        }),
      answer: ANSWERS.prefetch,
    },
    having: {
      run: () =>
        source
          .getRepository('Author')
          .createQueryBuilder('a')
          .leftJoin('a.books', 'b')
          .select(['a.id AS id', 'a.name AS name', 'COUNT(b.id) AS n'])
          .groupBy('a.id')
          .addGroupBy('a.name')
          .having('COUNT(b.id) > :least', { least: 9 })
          .orderBy('n', 'DESC')
          .addOrderBy('a.id')
          .limit(20)
          .getRawMany(),
      answer: ANSWERS.having,
    },
    insert: { run: (at) => all.save(all.create(review(at, size))), answer: ANSWERS.insert },
    bulk: {
      rows: BULK,
      run: async (at) => (await all.insert(reviews(at, size))).identifiers.length,
      answer: ANSWERS.bulk,
    },
    update: {
      run: async (at) =>
        (await books.update({ authorId: author(at, size) }, { pages: () => 'pages + 1' })).affected,
      answer: (count) => count,
    },
    save: {
      async run(at) {
        const row = await books.findOneByOrFail({ id: key(at, size) });
        row.pages = at;
        return books.save(row);
      },
      answer: ANSWERS.save,
    },
    sql: {
      run: (at) =>
        tenCalls(at, size, {
          get: (id) => books.createQueryBuilder('b').where('b.id = :id', { id }).getQuery(),
          list: (price) =>
            books
              .createQueryBuilder('b')
              .where('b.inPrint = :yes', { yes: true })
              .andWhere('b.price > :price', { price })
              .orderBy('b.published', 'DESC')
              .addOrderBy('b.id')
              .limit(20)
              .getQuery(),
        }),
      answer: ANSWERS.sql,
    },
  };
};
