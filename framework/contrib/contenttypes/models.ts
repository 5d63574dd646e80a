/**
 * Which models there are, as rows: what refers to rows of any model refers to these. Django:
 * `django.contrib.contenttypes.models`.
 */
import { apps } from '../../apps/registry';
import { Model, type ModelClass } from '../../db/models/base';
import { CharField } from '../../db/models/fields';
import { Manager } from '../../db/models/manager';
import type { Options } from '../../db/models/options';
import { Q } from '../../db/models/q';
import { installedModels } from '../../db/models/registry';
import { type MaybePromise, promised, run, type Steps, wait } from '../../utils/maybe_promise';

/** A model, or a row of it. */
export type ModelOrInstance = ModelClass | Model;

/** Whose content type is meant of a proxy. */
export interface ForConcreteModel {
  /** True: that of the model whose rows it shows; false: its own. Default: true. */
  forConcreteModel?: boolean;
}

/** The description of a model that was given as a class or a row. */
function optionsOf(model: ModelOrInstance, concrete: boolean): Options {
  const cls = (typeof model === 'function' ? model : model.constructor) as ModelClass;
  return concrete ? cls._meta.concreteModel : cls._meta;
}

/** What the manager of one class of content types knows, by database. */
type Cache = Map<string, Map<string | number, ContentType>>;

/**
 * `ContentType.objects`. What was found once is kept: content types are asked for all the time, and do not change.
 *
 * https://docs.djangoproject.com/en/5.2/ref/contrib/contenttypes/#the-contenttypemanager
 */
export class ContentTypeManager extends Manager<ContentType> {
  override readonly useInMigrations = true;
  private readonly cache: Cache = new Map();

  /** The content type of a model, or of a row's; made where there is none. */
  getForModel(model: ModelOrInstance, options: ForConcreteModel = {}): Promise<ContentType> {
    return promised(() => this.forModel(model, options));
  }

  /** The same, at once where it is known. */
  forModel(
    model: ModelOrInstance,
    { forConcreteModel = true }: ForConcreteModel = {},
  ): MaybePromise<ContentType> {
    return this.forOptions(optionsOf(model, forConcreteModel));
  }

  /** The same of a description. */
  forOptions(meta: Options): MaybePromise<ContentType> {
    return this.known.get(meta.key) ?? run(this.finding(meta));
  }

  private *finding({ appLabel, modelName }: Options): Steps<ContentType> {
    const named = { appLabel, model: modelName };
    const [found] = yield* wait(this.filter(named).fetch());
    if (found !== undefined) return this.remember(found);
    const [made] = yield* wait(this.getOrCreate(named));
    return this.remember(made);
  }

  /**
   * The content types of models, in as few statements as there are databases.
   *
   * @returns a Map from what was given to its content type.
   */
  async getForModels<M extends ModelOrInstance>(
    models: Iterable<M>,
    { forConcreteModels = true }: { forConcreteModels?: boolean } = {},
  ): Promise<Map<M, ContentType>> {
    const all = new Map([...models].map((model) => [model, optionsOf(model, forConcreteModels)]));
    const missing = new Map([...all.values()].map((meta) => [meta.key, meta]));
    for (const key of missing.keys()) if (this.known.has(key)) missing.delete(key);
    if (missing.size > 0) {
      for (const found of await this.filter(conditionFor([...missing.values()]))) {
        this.remember(found);
        missing.delete(`${found.appLabel}.${found.model}`);
      }
    }
    for (const { appLabel, modelName } of missing.values()) {
      this.remember(await this.create({ appLabel, model: modelName }));
    }
    return new Map([...all].map(([model, { key }]) => [model, this.known.get(key) as ContentType]));
  }

  /** The content type of that id. @throws ContentType.DoesNotExist. */
  getForId(id: number): Promise<ContentType> {
    return promised(() => this.forId(id));
  }

  /** The same, at once where it is known. */
  forId(id: number): MaybePromise<ContentType> {
    return this.known.get(id) ?? this.get({ pk: id }).then((found) => this.remember(found));
  }

  /** The content type of `app.model`. @throws ContentType.DoesNotExist. */
  async getByNaturalKey(appLabel: string, model: string): Promise<ContentType> {
    return this.known.get(`${appLabel}.${model}`) ?? this.remember(await this.get({ appLabel, model }));
  }

  /** Forgets what was found. */
  clearCache(): void {
    this.cache.clear();
  }

  private get known(): Map<string | number, ContentType> {
    const alias = this.db ?? 'default';
    let found = this.cache.get(alias);
    if (found === undefined) {
      found = new Map();
      this.cache.set(alias, found);
    }
    return found;
  }

  private remember(found: ContentType): ContentType {
    this.known.set(`${found.appLabel}.${found.model}`, found).set(found.id, found);
    return found;
  }
}

/** Any of these models, those of an app together. */
function conditionFor(all: readonly Options[]): Q {
  const byApp = new Map<string, string[]>();
  for (const { appLabel, modelName } of all) {
    byApp.set(appLabel, [...(byApp.get(appLabel) ?? []), modelName]);
  }
  return [...byApp]
    .map(([app_label, names]) => new Q({ app_label, model__in: names }))
    .reduce((either, next) => either.or(next));
}

/**
 * A model: its app and its name in lower case.
 *
 * https://docs.djangoproject.com/en/5.2/ref/contrib/contenttypes/
 *
 * @example
 * ```ts
 * const type = await ContentType.objects.getForModel(Article);
 * type.modelClass(); // Article
 * await type.getObjectForThisType({ headline: 'Hello' });
 * ```
 */
export class ContentType extends Model {
  static override readonly Meta = {
    appLabel: 'contenttypes',
    dbTable: 'django_content_type',
    verboseName: 'content type',
    verboseNamePlural: 'content types',
    uniqueTogether: [['app_label', 'model']],
  };
  static override readonly objects = new ContentTypeManager();

  declare id: number;
  @CharField({ maxLength: 100 }) declare appLabel: string;
  @CharField('python model class name', { maxLength: 100 }) declare model: string;

  /** What the model is called. */
  get name(): string {
    const cls = this.modelClass();
    return cls === null ? this.model : String(cls._meta.verboseName);
  }

  /** What its app and it are called: `Shop | article`. */
  get appLabeledName(): string {
    const cls = this.modelClass();
    if (cls === null) return this.model;
    const { appLabel, verboseName } = cls._meta;
    const config = apps.ready ? apps.getAppConfigs().find(({ label }) => label === appLabel) : undefined;
    return `${config?.verboseName ?? appLabel} | ${String(verboseName)}`;
  }

  /** The model's class; null where there is none any more. */
  modelClass(): ModelClass | null {
    const found = installedModels.find(`${this.appLabel}.${this.model}`);
    return (found && installedModels.classOf(found)) ?? null;
  }

  /**
   * The one row of the model for which this holds.
   *
   * @throws the model's DoesNotExist; TypeError where there is no such model any more.
   */
  getObjectForThisType(
    filter: Readonly<Record<string, unknown>>,
    options: { using?: string } = {},
  ): Promise<Model> {
    return this.existing._baseManager.using(options.using).get(filter as never);
  }

  /** The rows of the model for which this holds. */
  getAllObjectsForThisType(filter: Readonly<Record<string, unknown>> = {}): PromiseLike<Model[]> {
    return this.existing._baseManager.filter(filter as never);
  }

  /** What stands for it where ids differ. */
  naturalKey(): [appLabel: string, model: string] {
    return [this.appLabel, this.model];
  }

  private get existing(): ModelClass {
    const cls = this.modelClass();
    if (cls === null) throw new TypeError(`There is no model ${this.appLabel}.${this.model} any more.`);
    return cls;
  }

  override toString(): string {
    return this.appLabeledName;
  }
}
