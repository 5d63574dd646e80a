/** Names of fields and columns that are there twice. Django: `Model._check_field_name_clashes` and its like. */
import { Error as CheckError, type CheckMessage } from '../../../core/checks/messages';
import type { Field } from '../fields/base';
import type { Relation } from '../fields/reverse_related';
import type { Options } from '../options';

type Found = Iterable<CheckMessage>;
type Named = Field | Relation;

/** Clashes of a model's names. Where fields clash, their columns are not looked at. */
export function* checkNames(model: Options): Found {
  const clashes = [...checkId(model), ...checkFields(model), ...checkModelName(model), ...checkKeys(model)];
  yield* clashes;
  if (clashes.length === 0) yield* checkColumns(model);
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
