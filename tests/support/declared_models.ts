/** Classes of recorded models, declared as a site declares them: with natural keys and managers that find by these. */
import * as models from 'tsango/db/models';
import type { ModelClass } from 'tsango/db/models/base';
import { declareField } from 'tsango/db/models/fields/decorators';
import { camelCase } from 'tsango/utils/module_loading';
import { optionsOf } from './vector_expressions';
import { fieldFrom } from './vector_models';

type Json = Readonly<Record<string, unknown>>;

/** A model as serializers.jsonl and commands.jsonl have it. */
export interface DeclaredModel {
  readonly app: string;
  readonly name: string;
  readonly fields: readonly (readonly [name: string, cls: string, kwargs: Json, args?: readonly unknown[]])[];
  readonly meta: Json;
  readonly bases?: readonly (string | { readonly model?: string })[];
  readonly attrs?: Readonly<Record<string, string>>;
}

export const labelOf = ({ app, name }: DeclaredModel): string => `${app}.${name}`.toLowerCase();

/** Django's own that no list of fields tells. */
const NATURAL_KEYS: Readonly<Record<string, readonly string[]>> = {
  'auth.permission': ['codename', 'content_type__app_label', 'content_type__model'],
};

/** The fields that a natural key is made of: those that are unique together, or the one that is unique. */
function naturalNames(model: DeclaredModel): readonly string[] {
  const known = NATURAL_KEYS[labelOf(model)];
  if (known !== undefined) return known;
  const [together] = (model.meta['unique_together'] ?? []) as readonly (readonly string[])[];
  if (together !== undefined) return together;
  const unique = model.fields.find(([, , kwargs]) => kwargs['unique'] === true) ?? model.fields[0];
  return unique === undefined ? [] : [unique[0]];
}

async function read(row: object, path: string): Promise<unknown> {
  let at: unknown = row;
  for (const name of path.split('__')) at = await (at as Record<string, unknown>)[camelCase(name)];
  return at;
}

class NaturalManager extends models.Manager<models.Model> {
  constructor(private readonly names: readonly string[]) {
    super();
  }

  override copy(): this {
    return Object.assign(super.copy(), { names: this.names });
  }

  getByNaturalKey(...key: unknown[]): Promise<models.Model> {
    return this.get(Object.fromEntries(this.names.map((name, at) => [name, key[at]])) as never);
  }
}

/** A text with a title, as a test of Django's has it. */
const TeamField = models.fieldDecorator(
  class TeamField extends models.CharField {
    constructor() {
      super({ maxLength: 100 });
    }
  },
);

function declareNaturalKey(cls: ModelClass, model: DeclaredModel): void {
  const names = naturalNames(model);
  const isAsync = names.some((name) => name.includes('__'));
  Object.defineProperty(cls.prototype, 'naturalKey', {
    configurable: true,
    value(this: object): unknown {
      if (isAsync) return Promise.all(names.map((name) => read(this, name)));
      return names.map((name) => (this as Record<string, unknown>)[camelCase(name)]);
    },
  });
  const isRelation = model.fields.some(([name, kind]) => names.includes(name) && kind === 'ForeignKey');
  if (!isRelation)
    Object.defineProperty(cls, 'objects', { configurable: true, value: new NaturalManager(names) });
}

const declared = new Map<string, ModelClass>();

/** The class of a label that was declared. */
export function declaredModel(label: string): ModelClass {
  const found = declared.get(label.toLowerCase());
  if (found === undefined) throw new Error(`No model ${label} was declared.`);
  return found;
}

/** Every class that was declared. */
export function declaredClasses(): ModelClass[] {
  return [...declared.values()];
}

/** Declares models; those that are there already stay. @returns the new ones, parents first. */
export function declareModels(all: readonly DeclaredModel[]): ModelClass[] {
  const byLabel = new Map(all.map((model) => [labelOf(model), model]));
  const made: ModelClass[] = [];
  const declare = (model: DeclaredModel): ModelClass => {
    const known = declared.get(labelOf(model));
    if (known !== undefined) return known;
    const parent = (model.bases ?? []).flatMap((base) =>
      typeof base === 'object' ? (base.model ?? []) : base,
    )[0];
    const described = parent === undefined ? undefined : byLabel.get(parent.toLowerCase());
    const Base = described === undefined ? models.Model : declare(described);
    const cls = classFor(model, Base as typeof models.Model);
    declared.set(labelOf(model), cls);
    made.push(cls);
    return cls;
  };
  for (const model of all) declare(model);
  return made;
}

/** A model that a setting names is the one that it names. */
function unswapped(kwargs: Json): Json {
  const { to } = kwargs as { to?: unknown };
  return typeof to === 'object' && to !== null && 'to' in to ? { ...kwargs, to: to.to } : kwargs;
}

function classFor(model: DeclaredModel, Base: typeof models.Model): ModelClass {
  const { permissions: _none, swappable: _swapped, ...meta } = model.meta;
  const Meta = { ...optionsOf(meta), appLabel: model.app };
  const holder = {
    [model.name]: class extends Base {
      static override readonly Meta = Meta;
    },
  };
  const cls = holder[model.name] as unknown as ModelClass;
  for (const [name, kind, kwargs, args = []] of model.fields) {
    // Relations that have no column are not serialized.
    if (kind.includes('.fields.Generic')) continue;
    const field = kind.endsWith('.TeamField')
      ? new TeamField()
      : fieldFrom({ class: kind, kwargs: unswapped(kwargs), args });
    declareField(cls, camelCase(name), field);
  }
  if (model.attrs?.['natural_key'] !== undefined) declareNaturalKey(cls, model);
  return cls;
}
