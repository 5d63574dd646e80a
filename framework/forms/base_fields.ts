/** The fields that a class of forms has of itself and of those that it extends. Django: `DeclarativeFieldsMetaclass`. */
import type { Field } from './fields/base';
import type { Fields } from './form_options';

/** Fields as a class declares them; `null` removes one. */
export type Declared = Readonly<Record<string, Field | null>>;

/** A class of forms, as far as its fields go. */
export interface DeclaringClass {
  /** What the class itself declares. */
  readonly declaredFields?: Declared;
  /** Makes the fields of what is declared. */
  makeBaseFields(declared: Declared): Fields;
}

const known = new WeakMap<object, Fields>();

/** The fields of a class; made when they are first asked for, since those of a model wait for the model. */
export function baseFieldsOf(cls: DeclaringClass): Fields {
  let found = known.get(cls);
  if (found === undefined) {
    found = cls.makeBaseFields(declaredOf(cls));
    known.set(cls, found);
  }
  return found;
}

/** What a class and those that it extends declare, the nearest first to say. */
function declaredOf(cls: DeclaringClass): Declared {
  const parent = Object.getPrototypeOf(cls) as DeclaringClass;
  const inherited = 'makeBaseFields' in parent ? declaredOf(parent) : {};
  const own = Object.hasOwn(cls, 'declaredFields') ? cls.declaredFields : {};
  return Object.assign(Object.create(null) as object, inherited, own);
}

/** The fields that are there; those that are removed are not. */
export function present(declared: Declared): Fields {
  const fields = Object.create(null) as Record<string, Field>;
  for (const name of Object.keys(declared)) {
    const field = declared[name];
    if (field) fields[name] = field;
  }
  return fields;
}
