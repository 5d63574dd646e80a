/**
 * Managers of an instance's relations: subclasses of the class of the related model's default manager, whose methods
 * they have. Django: `create_reverse_many_to_one_manager`, `create_forward_many_to_many_manager`.
 */
import { ValueError } from '../../../core/exceptions';
import { pyIter } from '../../../python';
import { type MaybePromise, promised, run, type Steps, wait } from '../../../utils/maybe_promise';
import { router } from '../../router';
import type { Model, ModelClass } from '../base';
import { Manager } from '../manager';
import type { QuerySet } from '../query';
import { withOptions } from './instances';
import type { RelatedRows, RowsManager, Values } from './rows';

/** A manager as its subclass sees it: what it hands on is called by name. */
interface AnyManager extends RowsManager {
  dbManager(using: string | undefined): this;
  readonly namedDb: string | undefined;
}
type ManagerClass = new () => AnyManager;

/** The manager of a relation, whatever its model. */
export interface AnyRelatedManager extends AnyManager {
  readonly rows: RelatedRows;
}

const classes = new WeakMap<ManagerClass, ManagerClass>();

/**
 * The manager of a relation.
 *
 * @param name another manager of the model than its default one.
 * @throws ValueError if the model has no manager of that name.
 */
export function relatedManager(rows: RelatedRows, model: ModelClass, name?: string): AnyRelatedManager {
  const base = name === undefined ? model._defaultManager : managerNamed(model, name);
  const superclass = base.constructor as unknown as ManagerClass;
  let made = classes.get(superclass);
  if (made === undefined) {
    made = relatedClass(superclass);
    classes.set(superclass, made);
  }
  // No constructor: that of the model's manager has run, and what it keeps is kept.
  return Object.assign(Object.create(made.prototype as object) as AnyRelatedManager, base, { rows });
}

function managerNamed(model: ModelClass, name: string): Manager<Model> {
  const found = (model as unknown as Values)[name];
  if (found instanceof Manager) return found as Manager<Model>;
  throw new ValueError(`${model.name} has no manager named '${name}'`);
}

/** What a related manager reads of a call with `throughDefaults` behind the arguments of its manager's method. */
function withThrough(given: readonly unknown[]): [args: readonly unknown[], options: Values] {
  const last = given[given.length - 1];
  const isOptions =
    typeof last === 'object' && last !== null && Object.keys(last).join() === 'throughDefaults';
  return isOptions ? [given.slice(0, -1), last as Values] : [given, {}];
}

function relatedClass(superclass: ManagerClass): ManagerClass {
  const inherited = superclass.prototype as unknown as Readonly<
    Record<string, (...args: unknown[]) => unknown>
  >;
  const call = (manager: AnyManager, method: string, args: readonly unknown[]): unknown =>
    inherited[method]?.apply(manager, [...args]);
  /** Whether nobody has written methods of his own. */
  const isPlain = superclass === (Manager as unknown);

  class RelatedManager extends superclass {
    declare readonly rows: RelatedRows;

    override getQueryset(): QuerySet<Model> {
      return this.rows.queryset(this);
    }

    override unrelatedQueryset(): QuerySet<Model> {
      const rows = super.getQueryset();
      rows._hints = { instance: this.rows.instance };
      return rows;
    }

    /** Where the rows are written: they are related to one that is somewhere. */
    override get db(): string {
      return this.namedDb ?? router.dbForWrite(this.model, { instance: this.rows.instance });
    }

    get instance(): Model {
      return this.rows.instance;
    }

    /** Of a many-to-many relation. */
    get through(): ModelClass | undefined {
      return this.rows.through;
    }

    /** Django: `author.articles(manager='published')`. */
    withManager(name: string): AnyRelatedManager {
      return relatedManager(this.rows, this.model, name);
    }

    add(...given: unknown[]): Promise<void> {
      return promised(() => run(this.rows.add(this, ...withOptions<Values>(given))));
    }

    remove(...given: unknown[]): Promise<void> {
      return promised(() => run(this.rows.remove(this, ...withOptions<Values>(given))));
    }

    clear(options: Values = {}): Promise<void> {
      return promised(() => run(this.rows.clear(this, options)));
    }

    set(objs: Iterable<unknown> | PromiseLike<Iterable<unknown>>, options: Values = {}): Promise<void> {
      return promised(() => run(this.setting(objs, options)));
    }

    private *setting(objs: Iterable<unknown> | PromiseLike<Iterable<unknown>>, options: Values): Steps<void> {
      // The rows may be those of a query that the change itself alters.
      const rows = [...pyIter(yield* wait(objs as MaybePromise<Iterable<unknown>>))];
      yield* this.rows.replace(this, rows, options);
    }

    create(...given: unknown[]): Promise<Model> {
      const [[values], options] = withThrough(given);
      return promised(() => run(this.creating((values ?? {}) as Values, options)));
    }

    private *creating(values: Values, options: Values): Steps<Model> {
      const { rows } = this;
      rows.requireWrite();
      rows.forget();
      const row = yield* wait(
        call(this, 'create', [{ ...values, ...(yield* wait(rows.newValues())) }]) as Promise<Model>,
      );
      yield* rows.created(this, row, options);
      return row;
    }

    getOrCreate(...given: unknown[]): Promise<[row: Model, created: boolean]> {
      return promised(() => run(this.finding('getOrCreate', given)));
    }

    updateOrCreate(...given: unknown[]): Promise<[row: Model, created: boolean]> {
      return promised(() => run(this.finding('updateOrCreate', given)));
    }

    private *finding(method: string, given: readonly unknown[]): Steps<[row: Model, created: boolean]> {
      const { rows } = this;
      rows.requireWrite();
      const [[filter, ...rest], options] = withThrough(given);
      const args = [{ ...(filter as Values), ...(yield* wait(rows.newValues())) }, ...rest];
      const found = yield* wait(call(this, method, args) as Promise<[Model, boolean]>);
      // A row that was there is one of the relation's already.
      if (found[1]) yield* rows.created(this, found[0], options);
      return found;
    }

    exists(): Promise<boolean> {
      const counted = isPlain ? this.rows.counted(this) : undefined;
      return counted?.exists() ?? (call(this, 'exists', []) as Promise<boolean>);
    }

    count(): Promise<number> {
      const counted = isPlain ? this.rows.counted(this) : undefined;
      return counted?.count() ?? (call(this, 'count', []) as Promise<number>);
    }
  }
  return RelatedManager;
}
