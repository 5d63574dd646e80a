/**
 * Which database a model's rows are in: what the routers of DATABASE_ROUTERS say. Django: `django.db.utils.ConnectionRouter`;
 * https://docs.djangoproject.com/en/5.2/topics/db/multi-db/
 */
import { settings } from '../conf';
import { settingChanged } from '../core/signals';
import { importSetting } from '../utils/module_loading';
import { DEFAULT_DB_ALIAS } from './connections';
import type { Model, ModelClass } from './models/base';
import { classOf } from './models/classes';
import { peekState } from './models/model_state';
import type { Options } from './models/options';

/** What a router is told besides; `instance`: the row that it is about, or that another one is related to. */
export type RouterHints = Readonly<Record<string, unknown>>;

/**
 * A router: each method may be left out. What gives `undefined` or `null` has no opinion, and the next router is asked.
 *
 * @example
 * ```ts
 * export class Archive implements DatabaseRouter {
 *   dbForRead(model: ModelClass) { return model._meta.appLabel === 'archive' ? 'archive' : undefined; }
 *   dbForWrite(model: ModelClass) { return this.dbForRead(model); }
 *   allowMigrate(db: string, appLabel: string) { return (db === 'archive') === (appLabel === 'archive'); }
 * }
 * ```
 */
export interface DatabaseRouter {
  /** The alias of the database that rows are read from. */
  dbForRead?(model: ModelClass, hints: RouterHints): string | null | undefined;
  /** The alias of the database that rows are written to. */
  dbForWrite?(model: ModelClass, hints: RouterHints): string | null | undefined;
  /** Whether a row may refer to another one. */
  allowRelation?(first: Model, second: Model, hints: RouterHints): boolean | null | undefined;
  /** Whether migrations of an app, or of the model among the hints, run on a database. */
  allowMigrate?(db: string, appLabel: string, hints: RouterHints): boolean | null | undefined;
}

/** The routers of DATABASE_ROUTERS, asked in their order. */
export class ConnectionRouter {
  private found: readonly DatabaseRouter[] | undefined;

  /** The routers: made when they are first needed. */
  get routers(): readonly DatabaseRouter[] {
    this.found ??= settings.DATABASE_ROUTERS.map((given) => {
      const router = importSetting(given) as (new () => DatabaseRouter) | DatabaseRouter;
      return typeof router === 'function' ? new router() : router;
    });
    return this.found;
  }

  /** Forgets the routers: they are made anew. */
  reset(): void {
    this.found = undefined;
  }

  /** The database to read a model's rows from: what a router says, that of `hints.instance`, the default one. */
  dbForRead(model: ModelClass, hints: RouterHints = NO_HINTS): string {
    return this.choose('dbForRead', model, hints);
  }

  /** The database to write a model's rows to. */
  dbForWrite(model: ModelClass, hints: RouterHints = NO_HINTS): string {
    return this.choose('dbForWrite', model, hints);
  }

  private choose(action: 'dbForRead' | 'dbForWrite', model: ModelClass, hints: RouterHints): string {
    for (const router of this.routers) {
      const chosen = router[action]?.(model, hints);
      if (chosen) return chosen;
    }
    const { instance } = hints;
    const own = typeof instance === 'object' && instance !== null ? peekState(instance).db : undefined;
    return own ?? DEFAULT_DB_ALIAS;
  }

  /** Whether a row may refer to another: of the same database, unless a router says otherwise. */
  allowRelation(first: Model, second: Model, hints: RouterHints = NO_HINTS): boolean {
    for (const router of this.routers) {
      const allowed = router.allowRelation?.(first, second, hints);
      if (allowed !== undefined && allowed !== null) return allowed;
    }
    return peekState(first).db === peekState(second).db;
  }

  /** Whether migrations of an app run on a database. */
  allowMigrate(db: string, appLabel: string, hints: RouterHints = NO_HINTS): boolean {
    for (const router of this.routers) {
      const allowed = router.allowMigrate?.(db, appLabel, hints);
      if (allowed !== undefined && allowed !== null) return allowed;
    }
    return true;
  }

  /** Whether a model has its table in a database. */
  allowMigrateModel(db: string, model: Options): boolean {
    if (this.routers.length === 0) return true;
    return this.allowMigrate(db, model.appLabel, { modelName: model.modelName, model: classOf(model) });
  }
}

const NO_HINTS: RouterHints = {};

/** The routers of the site. */
export const router = new ConnectionRouter();

settingChanged.connect(({ setting }) => (setting === 'DATABASE_ROUTERS' ? router.reset() : undefined), {
  dispatchUid: 'tsango.db.router',
});
