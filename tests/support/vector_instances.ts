/** Instances that the recorded ORM names: read by their key, given what they had in memory. */
import type { StateApps } from 'tsango/db/migrations/state';
import { classOf } from 'tsango/db/models/classes';
import { camelCase } from 'tsango/utils/module_loading';
import { type Json, NotThere, type Values } from './vector_expressions';

type Instance = Record<string, unknown>;

/** A model's class, as far as it is needed here. */
export interface ModelLike {
  new (values?: Json): object;
  readonly name: string;
  readonly objects: Queryable;
  readonly _defaultManager?: Queryable;
  readonly _baseManager?: Queryable;
  readonly DoesNotExist: new (...args: never[]) => Error;
  readonly _meta: {
    readonly label: string;
    readonly pk: { readonly property: string };
    readonly localFields: readonly { readonly attname: string; readonly property: string }[];
    getField(name: string): { readonly property: string };
  };
  fromDb(db: string | undefined, names: readonly string[], values: readonly unknown[]): object;
}

interface Queryable {
  filter(conditions: Json): Queryable;
  get(conditions?: Json): Promise<object>;
}

/** The class of a label. @throws NotThere for a model that could not be made. */
export function modelOf(apps: StateApps, label: string): ModelLike {
  const [app = '', name = ''] = label.split('.');
  if (apps.find(label.toLowerCase()) !== undefined) return apps.getModel(app, name) as unknown as ModelLike;
  const between = apps
    .all()
    .flatMap(({ localManyToMany }) => localManyToMany.filter((each) => each.hasOwnTable));
  const field = between.find(({ through }) => through.label === label);
  if (field === undefined) throw new NotThere(`the model ${label}`);
  return classOf(field.through) as unknown as ModelLike;
}

/** The name of a property that has a field's value. */
export const propertyOf = camelCase;

/** Every instance that occurs in JSON, those within others first. */
function* occurring(json: unknown): Generator<Json> {
  if (typeof json !== 'object' || json === null) return;
  for (const value of Object.values(json)) yield* occurring(value);
  if ('$obj' in json || '$new' in json) yield json as Json;
}

/** The instances that occur in what was recorded. */
export class Instances {
  private readonly made = new Map<object, object>();

  constructor(
    private readonly apps: StateApps,
    private readonly values: () => Values,
  ) {}

  of(json: Json): object {
    const found = this.made.get(json);
    if (found === undefined) throw new Error('An instance was not prepared.');
    return found;
  }

  /** Makes those of `json`. @throws NotThere. */
  async prepare(...all: readonly unknown[]): Promise<void> {
    for (const json of occurring(all)) this.made.set(json, await this.instance(json));
  }

  private async instance(json: Json): Promise<object> {
    const instance = '$new' in json ? this.unsaved(json['$new'] as [string, Json]) : await this.saved(json);
    for (const [name, related] of Object.entries((json['related'] ?? {}) as Json)) {
      (instance as Instance)[propertyOf(name)] = related === null ? null : this.of(related as Json);
    }
    return instance;
  }

  private unsaved([label, values]: [string, Json]): object {
    const cls = modelOf(this.apps, label);
    const given = Object.entries(this.values().named(values));
    return new cls(Object.fromEntries(given.map(([name, value]) => [propertyOf(name), value])));
  }

  /** The row; one that is not there any more is as if it had been. */
  private async read(cls: ModelLike, manager: Queryable, pk: unknown): Promise<object> {
    try {
      return await manager.get({ pk });
    } catch (error) {
      if (!(error instanceof cls.DoesNotExist)) throw error;
      return cls.fromDb('default', [cls._meta.pk.property], [pk]);
    }
  }

  private async saved(json: Json): Promise<object> {
    const [label, pk] = json['$obj'] as [string, unknown];
    const cls = modelOf(this.apps, label);
    const manager = cls._baseManager ?? cls._defaultManager ?? cls.objects;
    const key = this.values().value(pk);
    if (json['fields'] === undefined) return this.read(cls, manager, key);
    const fields = Object.entries(this.values().named(json['fields'] as Json));
    return cls.fromDb(
      'default',
      fields.map(([name]) => propertyOf(name)),
      fields.map(([, value]) => value),
    );
  }
}
