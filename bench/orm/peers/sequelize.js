'use strict';
const { DataTypes, fn, col, literal, Op, Sequelize, where } = require('sequelize');
const { ANSWERS, author, BULK, key, priceOver, review, reviews, serverOf, tenCalls } = require('../common');

const OPTIONS = { timestamps: false };

/** The models of the tables. */
function models(db) {
  const { INTEGER, STRING, BOOLEAN, DATEONLY } = DataTypes;
  const define = (name, tableName, columns) => db.define(name, columns, { ...OPTIONS, tableName });
  const Author = define('Author', 'bench_author', { name: STRING(60), born: INTEGER });
  const Tag = define('Tag', 'bench_tag', { name: STRING(30) });
  const Book = define('Book', 'bench_book', {
    title: STRING(80),
    authorId: { type: INTEGER, field: 'author_id' },
    price: INTEGER,
    published: DATEONLY,
    pages: INTEGER,
    inPrint: { type: BOOLEAN, field: 'in_print' },
  });
  const BookTag = define('BookTag', 'bench_book_tags', {
    bookId: { type: INTEGER, field: 'book_id' },
    tagId: { type: INTEGER, field: 'tag_id' },
  });
  const Review = define('Review', 'bench_review', {
    bookId: { type: INTEGER, field: 'book_id' },
    rating: INTEGER,
    text: STRING(60),
  });
  Book.belongsTo(Author, { as: 'author', foreignKey: 'authorId' });
  Author.hasMany(Book, { as: 'books', foreignKey: 'authorId' });
  Book.hasMany(Review, { as: 'reviews', foreignKey: 'bookId' });
  Book.belongsToMany(Tag, { as: 'tags', through: BookTag, foreignKey: 'bookId', otherKey: 'tagId' });
  return { Author, Tag, Book, Review };
}

exports.open = (file, size) => {
  const server = serverOf(file);
  const db = new Sequelize({
    logging: false,
    ...(server === undefined
      ? { dialect: 'sqlite', storage: file }
      : { dialect: 'postgres', ...server, username: server.user }),
  });
  const { Author, Tag, Book, Review } = models(db);
  const listed = (price) => ({
    where: { inPrint: true, price: { [Op.gt]: price } },
    order: [['published', 'DESC'], 'id'],
    limit: 20,
  });
  const from = (at) => ({ where: { id: { [Op.gte]: key(at, size) } }, order: ['id'], limit: 100 });
  const sql = (options) =>
    db
      .getQueryInterface()
      .queryGenerator.selectQuery(Book.getTableName(), { ...options, attributes: ['id'] }, Book);
  return {
    get: {
      run: (at) => Book.findByPk(key(at, size), { rejectOnEmpty: true }),
      answer: ANSWERS.get,
    },
    list: { run: (at) => Book.findAll(listed(priceOver(at))), answer: ANSWERS.list },
    related: {
      run: (at) => Book.findAll({ ...from(at), include: 'author' }),
      answer: ANSWERS.related,
    },
    prefetch: {
      // What a book has many of is asked for apart: joined, each tag would come with each review.
      run: (at) =>
        Book.findAll({
          ...from(at),
          include: [
            { model: Tag, as: 'tags' },
            { model: Review, as: 'reviews', separate: true },
          ],
        }),
      answer: ANSWERS.prefetch,
    },
    having: {
      run: () =>
        Author.findAll({
          attributes: ['id', 'name', [fn('COUNT', col('books.id')), 'n']],
          include: [{ association: 'books', attributes: [] }],
          group: ['Author.id', 'Author.name'],
          having: where(fn('COUNT', col('books.id')), Op.gt, 9),
          order: [
            [literal('n'), 'DESC'],
            ['id', 'ASC'],
          ],
          limit: 20,
          subQuery: false,
          raw: true,
        }),
      answer: ANSWERS.having,
    },
    insert: { run: (at) => Review.create(review(at, size)), answer: ANSWERS.insert },
    bulk: {
      rows: BULK,
      run: async (at) => (await Review.bulkCreate(reviews(at, size))).length,
      answer: ANSWERS.bulk,
    },
    update: {
      run: (at) => Book.update({ pages: literal('pages + 1') }, { where: { authorId: author(at, size) } }),
      answer: ([count]) => count,
    },
    save: {
      async run(at) {
        const row = await Book.findByPk(key(at, size), { rejectOnEmpty: true });
        row.pages = at;
        return row.save();
      },
      answer: ANSWERS.save,
    },
    sql: {
      run: (at) =>
        tenCalls(at, size, {
          get: (id) => sql({ where: { id } }),
          list: (price) => sql(listed(price)),
        }),
      answer: ANSWERS.sql,
    },
  };
};
