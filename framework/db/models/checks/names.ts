/** Names of fields and columns that are there twice. Django: `Model._check_field_name_clashes` and its like. */
import { Error as CheckError, type CheckMessage } from '../../../core/checks/messages';
import type { Field } from '../fields/base';
import type { Relation } from '../fields/reverse_related';
import type { Options } from '../options';
import { databasesOf } from './databases';
import { hasThrough } from './many_to_many';

type Found = Iterable<CheckMessage>;
type Named = Field | Relation;

/** Clashes of a model's names. Where fields clash, their columns are not looked at. */
export function* checkNames(model: Options): Found {
  const clashes = [...checkId(model), ...checkFields(model), ...checkModelName(model), ...checkKeys(model)];
  yield* clashes;
  if (clashes.length === 0) yield* checkColumns(model);
}

/** Properties of the class that are called as the key of a related row. */
export function* checkAccessors(model: Options, prototype: object): Found {
  for (const field of model.fields) {
    // A relation whose key is other fields has none of its own: the property of its name is the row itself.
    if (!field.isRelation() || field.attname === field.name || !isProperty(prototype, field.property))
      continue;
    yield new CheckError(`The property '${field.property}' clashes with a related field accessor.`, {
      obj: model,
      id: 'models.E025',
    });
  }
}

/** Whether a name is a getter or a setter of a class or one of its bases. */
function isProperty(prototype: object, name: string): boolean {
  for (let at: object | null = prototype; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const found = Object.getOwnPropertyDescriptor(at, name);
    if (found !== undefined) return found.get !== undefined || found.set !== undefined;
  }
  return false;
}

/** A field `id` that is not the key, where one of that name is made. */
function* checkId(model: Options): Found {
  const field = model.localFields.find(({ name, primaryKey }) => name === 'id' && !primaryKey);
  if (field === undefined || model.pk.name !== 'id') return;
  yield new CheckError("'id' can only be used as a field name if the field also sets 'primaryKey=True'.", {
    obj: model,
    id: 'models.E004',
  });
}

function* checkFields(model: Options): Found {
  const used = new Map<string, Named>();
  const use = (field: Field): void => {
    used.set(field.name, field);
    used.set(field.attname, field);
  };
  for (const parent of model.allParents) {
    for (const field of parent.localFields) {
      const clash = used.get(field.name) ?? used.get(field.attname);
      if (clash !== undefined) {
        yield new CheckError(
          `The field '${clash.name}' from parent model '${keyOf(clash)}' clashes with the field '${field.name}' from ` +
            `parent model '${field.model.key}'.`,
          { obj: model, id: 'models.E005' },
        );
      }
      use(field);
    }
  }
  for (const parent of model.allParents) for (const field of parent.getFields()) used.set(field.name, field);
  for (const field of model.localFields) {
    const clash = used.get(field.name) ?? used.get(field.attname);
    const isMadeKey = field.name === 'id' && clash?.name === 'id' && clash.model === model;
    if (clash !== undefined && !isMadeKey) {
      yield new CheckError(
        `The field '${field.name}' clashes with the field '${clash.name}' from model '${keyOf(clash)}'.`,
        { obj: field, id: 'models.E006' },
      );
    }
    use(field);
  }
}

function keyOf(field: Named): string {
  return field.model.key;
}

function* checkModelName(model: Options): Found {
  const { objectName } = model;
  const collides = 'as it collides with the query lookup syntax.';
  if (objectName.startsWith('_') || objectName.endsWith('_')) {
    yield new CheckError(
      `The model name '${objectName}' cannot start or end with an underscore ${collides}`,
      {
        obj: model,
        id: 'models.E023',
      },
    );
  } else if (objectName.includes('__')) {
    yield new CheckError(`The model name '${objectName}' cannot contain double underscores ${collides}`, {
      obj: model,
      id: 'models.E024',
    });
  }
}

function* checkKeys(model: Options): Found {
  if (model.localFields.filter((field) => field.primaryKey).length <= 1) return;
  yield new CheckError("The model cannot have more than one field with 'primaryKey=True'.", {
    obj: model,
    id: 'models.E026',
  });
}

function* checkColumns(model: Options): Found {
  const used = new Set<string>();
  for (const { name, column, concrete } of model.localFields) {
    if (concrete && used.has(column)) {
      yield new CheckError(`Field '${name}' has column name '${column}' that is used by another field.`, {
        hint: "Specify a 'dbColumn' for the field.",
        obj: model,
        id: 'models.E007',
      });
    }
    used.add(column);
  }
}

/** The longest name that every database takes in which the model has its table, and the database that sets it. */
function shortestLimit(
  model: Options,
  aliases: readonly string[],
): { limit: number; alias: string } | undefined {
  const limits = databasesOf(model, aliases).flatMap(({ alias, ops: { maxNameLength: limit } }) =>
    limit === null ? [] : [{ limit, alias }],
  );
  return limits.sort((a, b) => a.limit - b.limit)[0];
}

/** Names of columns that nobody has given and that a database does not take. */
export function* checkColumnLengths(model: Options, aliases: readonly string[]): Found {
  const found = shortestLimit(model, aliases);
  if (found === undefined) return;
  const { limit, alias } = found;
  const isTooLong = ({ options, concrete, column }: Field): boolean =>
    concrete && !options.dbColumn && column.length > limit;
  const until = `Maximum length is "${limit}" for database "${alias}".`;
  for (const { column } of model.localFields.filter(isTooLong)) {
    yield new CheckError(`Autogenerated column name too long for field "${column}". ${until}`, {
      hint: "Set the column name manually using 'dbColumn'.",
      obj: model,
      id: 'models.E018',
    });
  }
  const between = model.localManyToMany.filter(hasThrough).flatMap(({ through }) => through.localFields);
  for (const { column } of between.filter(isTooLong)) {
    yield new CheckError(`Autogenerated column name too long for M2M field "${column}". ${until}`, {
      hint: "Use 'through' to create a separate model for M2M and then set column_name using 'dbColumn'.",
      obj: model,
      id: 'models.E019',
    });
  }
}
