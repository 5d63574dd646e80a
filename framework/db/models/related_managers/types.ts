/** The types of related managers; only types. */
import type { Model, ModelClass } from '../base';
import type { Manager } from '../manager';
import type { Create, TARGET } from '../typing';

/** Rows, or a query for them. */
export type RowsGiven<T> = Iterable<T> | PromiseLike<Iterable<T>>;

/** How rows are changed. */
export interface BulkOptions {
  /** True: all in one statement. False: each by its own `save` or `delete`, which send signals. Default: true. */
  bulk?: boolean;
}

/** How `set` changes rows. */
export interface SetOptions {
  /** True: removes all rows first; false: only those that are to go. Default: false. */
  clear?: boolean;
}

/** What rows in between are made with. */
export interface ThroughOptions {
  /** Values of the model in between, besides the two keys. A function makes a value. */
  throughDefaults?: Readonly<Record<string, unknown>>;
}

/** A manager of rows that are related to an instance. */
export interface RelatedRowsManager<in out T extends Model> extends Manager<T> {
  /** Only for types. */
  readonly [TARGET]: T;

  /** The instance whose rows these are. */
  readonly instance: Model;

  /** The same rows by another manager of their model. Django: `author.articles(manager='published')`. */
  withManager(name: string): this;
}

/**
 * The rows that refer to an instance by a foreign key: `author.articles`. It is a manager of these rows: it has the
 * methods of the default manager of their model. https://docs.djangoproject.com/en/5.2/ref/models/relations/
 *
 * @example
 * ```ts
 * class Author extends models.Model {
 *   @models.Reverse(() => Article, 'author') declare readonly articles: models.RelatedManager<Article>;
 * }
 * const recent = await author.articles.filter({ pubDate__year: 2026 });
 * await author.articles.add(article);
 * ```
 */
export interface RelatedManager<in out T extends Model> extends RelatedRowsManager<T> {
  /**
   * Makes rows refer to the instance: in one UPDATE, without `save` and its signals.
   *
   * @throws TypeError for a row of another model; ValueError for one that is not saved.
   */
  add(...objs: readonly T[]): Promise<void>;
  add(...given: readonly [...objs: T[], options: BulkOptions]): Promise<void>;

  /**
   * Makes rows refer to nothing.
   *
   * @throws AttributeError where the foreign key takes no null; the model's DoesNotExist for a row that does not refer
   *   to the instance.
   */
  remove(...objs: readonly T[]): Promise<void>;
  remove(...given: readonly [...objs: T[], options: BulkOptions]): Promise<void>;

  /** Makes all rows refer to nothing. @throws AttributeError where the foreign key takes no null. */
  clear(options?: BulkOptions): Promise<void>;

  /** Makes these the rows, and no others; where the foreign key takes no null, others stay. */
  set(objs: RowsGiven<T>, options?: SetOptions & BulkOptions): Promise<void>;
}

/**
 * The rows on the other side of a many-to-many relation: `article.tags`. Where rows are given, their keys will do.
 *
 * @typeParam Through the model in between.
 */
export interface ManyToManyManager<in out T extends Model, out Through extends Model = Model>
  extends RelatedRowsManager<T> {
  /** The model of the table in between. */
  readonly through: ModelClass<Through>;

  /** Adds rows; those that are there already stay as they are. */
  add(...objs: readonly (T | Key)[]): Promise<void>;
  add(...given: readonly [...objs: (T | Key)[], options: ThroughOptions]): Promise<void>;

  /** Removes rows; those that are not there do not matter. */
  remove(...objs: readonly (T | Key)[]): Promise<void>;

  /** Removes all rows. */
  clear(): Promise<void>;

  /** Makes these the rows, and no others. */
  set(objs: RowsGiven<T | Key>, options?: SetOptions & ThroughOptions): Promise<void>;

  create(values: Create<T>, options?: ThroughOptions): Promise<T>;
  getOrCreate(
    filter: Create<T>,
    defaults?: Create<T>,
    options?: ThroughOptions,
  ): Promise<[T, created: boolean]>;
  updateOrCreate(
    filter: Create<T>,
    defaults?: Create<T>,
    options?: ThroughOptions & { createDefaults?: Create<T> | undefined },
  ): Promise<[T, created: boolean]>;
}

/** The key of a row. */
export type Key = string | number | bigint;
