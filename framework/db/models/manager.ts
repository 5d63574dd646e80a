/** Django: `django.db.models.manager`; https://docs.djangoproject.com/en/5.2/topics/db/managers/ */

import type { CheckMessage } from '../../core/checks/messages';
import { ValueError } from '../../core/exceptions';
import type { LOAD_NOW, ROWS } from '../../utils/maybe_promise';
import { router } from '../router';
import type { Model, ModelClass } from './base';
import { QuerySet } from './query';

/** What a QuerySet has for itself: its state, being awaited, and what is dangerous where nothing was narrowed. */
type OwnName =
  | 'model'
  | 'query'
  | 'db'
  | 'ordered'
  | 'all'
  | 'then'
  | 'catch'
  | 'finally'
  | 'fetch'
  | 'connection'
  | 'resolveExpression'
  | 'toSql'
  | 'delete'
  | typeof Symbol.asyncIterator
  | typeof LOAD_NOW
  | typeof ROWS
  | `_${string}`;
/** The methods of QuerySet that a manager hands on. */
export type HandedOn = Exclude<keyof QuerySet<Model>, OwnName>;

const OWN_NAMES: ReadonlySet<string> = new Set([
  'constructor',
  'all',
  'then',
  'catch',
  'finally',
  'fetch',
  'connection',
  'resolveExpression',
  'toSql',
  'delete',
]);

type ModelOf<Q> = Q extends QuerySet<infer T, infer _Row, infer _A> ? T : never;
/** What a subclass of QuerySet adds. */
type Added<Q> = Omit<Q, keyof QuerySet<Model>>;
/** A class of managers made of one of querysets. */
export type ManagerClassOf<Q extends Record<HandedOn, unknown>> = new () => Manager<ModelOf<Q>, Q> & Added<Q>;

/** Managers by name. */
export type NamedManagers = readonly (readonly [name: string, manager: Manager<Model>])[];

/** What makes a manager again: see {@link Manager.deconstruct}. */
export type ManagerMaking =
  | { readonly manager: ManagerClass; readonly args: readonly unknown[] }
  | { readonly queryset: object };

type ManagerClass = new (...args: never[]) => Manager<Model>;

/** The class of queries that `asManager()` made a class of managers of. */
const madeOf = new WeakMap<object, object>();

/** Notes that a class of managers is what `asManager()` makes of a class of queries. */
export function madeByAsManager(cls: object, queryset: object): void {
  madeOf.set(cls, queryset);
}

/** What is known of a manager whatever its model is. */
export interface AnyManager {
  readonly model: { readonly name: string };
  readonly name: string;
  readonly autoCreated: boolean;
  getQueryset(): object;
}

/**
 * Where the queries of a model begin: `Article.objects`. It is no query itself: `all()` gives one, and so does each
 * method of {@link QuerySet}, which are all here but `delete`.
 *
 * @typeParam T the model.
 * @typeParam Q what its queries are: a subclass of QuerySet, for a manager made by {@link Manager.fromQueryset}.
 *
 * @example
 * ```ts
 * class PublishedManager extends models.Manager<Article> {
 *   override getQueryset() { return super.getQueryset().filter({ published: true }); }
 * }
 * export class Article extends models.Model {
 *   static override readonly objects = new models.Manager<Article>();
 *   static readonly published = new PublishedManager();
 * }
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the methods are there: `handOn` puts them on the prototype.
export class Manager<out T extends Model, out Q extends Record<HandedOn, unknown> = QuerySet<T>>
  implements AnyManager
{
  private static created = 0;

  /** Whether migrations keep it in their models of the past. */
  readonly useInMigrations: boolean = false;
  /** Whether nobody declared it. */
  autoCreated = false;
  /** In which order managers were made: the first of a model is its default. */
  readonly creationCounter = Manager.created++;
  /** What it is called in its class. */
  name = '';
  private owner: ModelClass | undefined;
  private database: string | undefined;

  /** The model. @throws Error for a manager that no model declares. */
  get model(): ModelClass<T> {
    if (this.owner === undefined) {
      const { findOwners } = require('./model_managers') as typeof import('./model_managers');
      findOwners();
      if (this.owner === undefined) {
        throw new Error(
          `This ${this.constructor.name} belongs to no model. Declare it as a static property of one, and export the ` +
            "class from its app's models, or look at its _meta first.",
        );
      }
    }
    return this.owner as ModelClass<T>;
  }

  /** The alias of the database that is read: the one that was named, or the one that the routers say. */
  get db(): string {
    return this.database ?? router.dbForRead(this.model);
  }

  /** The alias that was named. */
  protected get namedDb(): string | undefined {
    return this.database;
  }

  /** The class of its queries. */
  protected get querysetClass(): typeof QuerySet {
    return QuerySet;
  }

  /** A new query on all rows: what a subclass overrides to have fewer, and what each method begins with. */
  getQueryset(): Q {
    const queryset = new this.querysetClass(this.model);
    return (this.database === undefined ? queryset : queryset.using(this.database)) as unknown as Q;
  }

  /** All rows. */
  all(): Q {
    return this.getQueryset();
  }

  /** The same manager on another database. */
  dbManager(using: string | undefined): this {
    const copy = this.copy();
    copy.database = using;
    return copy;
  }

  /** Makes it the manager of a class, under a name. Called when the class is looked at first. */
  contributeToClass(model: ModelClass, name: string): void {
    this.owner = model;
    this.name = name;
  }

  /** The same for another class. */
  copy(): this {
    return Object.assign(Object.create(Object.getPrototypeOf(this) as object) as this, this);
  }

  /**
   * What makes it again, in a migration: its class and what the constructor takes, or the class of queries whose
   * `asManager()` made it. One whose constructor takes arguments overrides this.
   *
   * @throws ValueError where the arguments cannot be known.
   */
  deconstruct(): ManagerMaking {
    const cls = this.constructor as ManagerClass;
    const queryset = madeOf.get(cls);
    if (queryset !== undefined) return { queryset };
    if (cls.length > 0) {
      throw new ValueError(
        `A migration cannot hold the manager ${cls.name}: its constructor takes arguments. Give it a method ` +
          'deconstruct() that returns { manager, args }.',
      );
    }
    return { manager: cls, args: [] };
  }

  /** What `check` says of it. A class may override it. */
  check(): CheckMessage[] {
    return [];
  }

  toString(): string {
    return this.owner === undefined ? this.constructor.name : `${this.owner._meta.label}.${this.name}`;
  }

  /**
   * A class of managers that have the methods of a subclass of QuerySet, too. Names that begin with `_` stay the
   * queryset's own, and so does a method with `querysetOnly`.
   *
   * @example
   * ```ts
   * class ArticleQuerySet extends models.QuerySet<Article> {
   *   recent() { return this.filter({ pubDate__gte: yesterday() }); }
   * }
   * class ArticleManager extends models.Manager.fromQueryset(ArticleQuerySet) {}
   * ```
   */
  static fromQueryset<Q extends Record<HandedOn, unknown>>(
    cls: new (...args: never[]) => Q,
    name?: string,
  ): ManagerClassOf<Q> {
    const Base = this as unknown as new () => Manager<Model>;
    const Made = class extends Base {
      protected override get querysetClass(): typeof QuerySet {
        return cls as unknown as typeof QuerySet;
      }
    };
    Object.defineProperty(Made, 'name', { value: name ?? `${Base.name}From${cls.name}` });
    handOn(Made.prototype, cls.prototype as object);
    return Made as unknown as ManagerClassOf<Q>;
  }
}

// biome-ignore lint/correctness/noUnusedVariables: the parameters are those of the class.
export interface Manager<T extends Model, Q extends Record<HandedOn, unknown>> extends Pick<Q, HandedOn> {}

type Method = ((...args: unknown[]) => unknown) & { querysetOnly?: boolean };

/** Gives managers the methods of querysets. */
function handOn(managers: object, querysets: object): void {
  const above = Object.getPrototypeOf(querysets) as object;
  if (above !== Object.prototype) handOn(managers, above);
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(querysets))) {
    if (typeof value !== 'function' || OWN_NAMES.has(name) || name in managers) continue;
    const { querysetOnly } = value as Method;
    if (querysetOnly ?? name.startsWith('_')) continue;
    const method = function (this: Manager<Model>, ...args: unknown[]): unknown {
      const queryset = this.getQueryset() as unknown as Record<string, Method>;
      return (queryset[name] as Method)(...args);
    };
    // What a method says of itself, that templates must not call it, is true of this one, too.
    Object.defineProperty(Object.assign(method, value), 'name', { value: name });
    Object.defineProperty(managers, name, { value: method, configurable: true, writable: true });
  }
}
handOn(Manager.prototype, QuerySet.prototype);

/** A manager of no rows. */
export class EmptyManager<T extends Model> extends Manager<T> {
  constructor(model: ModelClass<T>) {
    super();
    this.contributeToClass(model as unknown as ModelClass, '');
  }

  override getQueryset(): QuerySet<T> {
    return super.getQueryset().none();
  }
}
