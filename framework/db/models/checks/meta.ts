/** What is wrong with a model's Meta. Django: `Model._check_ordering`, `_check_unique_together`, `_check_indexes`. */
import { Error as CheckError, type CheckMessage } from '../../../core/checks/messages';
import type { Field } from '../fields/base';
import { ManyToManyField } from '../fields/related';
import { Relation, relationNamed, relationsTo } from '../fields/reverse_related';
import type { Options } from '../options';
import { findNamed, isRelational, pathsOf } from '../sql/names';

type Found = Iterable<CheckMessage>;

export function* checkMeta(model: Options): Found {
  yield* checkUniqueTogether(model);
  yield* checkIndexes(model);
  yield* checkOrdering(model);
  for (const constraint of model.constraints) {
    const { fields = [], include = [] } = constraint as {
      fields?: readonly string[];
      include?: readonly string[];
    };
    yield* checkLocalFields(model, [...fields, ...include], 'constraints');
  }
}

function* checkUniqueTogether(model: Options): Found {
  const together: unknown = model.uniqueTogether;
  if (!Array.isArray(together)) {
    yield new CheckError("'uniqueTogether' must be a list or tuple.", { obj: model, id: 'models.E010' });
  } else if (!together.every((fields) => Array.isArray(fields))) {
    yield new CheckError("All 'uniqueTogether' elements must be lists or tuples.", {
      obj: model,
      id: 'models.E011',
    });
  } else for (const fields of model.uniqueTogether) yield* checkLocalFields(model, fields, 'uniqueTogether');
}

const MAX_INDEX_NAME = 30;

function* checkIndexes(model: Options): Found {
  for (const { name } of model.indexes) {
    if (/^[_0-9]/.test(name)) {
      yield new CheckError(`The index name '${name}' cannot start with an underscore or a number.`, {
        obj: model,
        id: 'models.E033',
      });
    }
    if (name.length > MAX_INDEX_NAME) {
      yield new CheckError(`The index name '${name}' cannot be longer than ${MAX_INDEX_NAME} characters.`, {
        obj: model,
        id: 'models.E034',
      });
    }
  }
  const fields = model.indexes.flatMap((index) => [
    ...index.fieldOrders.map(({ name }) => name),
    ...((index as { include?: readonly string[] }).include ?? []),
  ]);
  yield* checkLocalFields(model, fields, 'indexes');
}

/** Names of fields of the model's own table. */
function* checkLocalFields(model: Options, names: readonly string[], option: string): Found {
  for (const name of names) {
    const field = named(model, name);
    if (field === undefined) {
      yield new CheckError(`'${option}' refers to the nonexistent field '${name}'.`, {
        obj: model,
        id: 'models.E012',
      });
    } else if (field instanceof ManyToManyField) {
      yield new CheckError(
        `'${option}' refers to a ManyToManyField '${name}', but ManyToManyFields are not permitted in '${option}'.`,
        { obj: model, id: 'models.E013' },
      );
    } else if (!model.localFields.includes(field)) {
      yield new CheckError(
        `'${option}' refers to field '${name}' which is not local to model '${model.objectName}'.`,
        { hint: 'This issue may be caused by multi-table inheritance.', obj: model, id: 'models.E016' },
      );
    }
  }
}

/** A field by its name, or by its property. */
function named(model: Options, name: string): Field | undefined {
  return model.findField(name) ?? model.fieldsByProperty.get(name);
}

function* checkOrdering(model: Options): Found {
  const { ordering, orderWithRespectTo } = model.meta;
  if (ordering !== undefined && ordering.length > 0 && orderWithRespectTo !== undefined) {
    yield new CheckError("'ordering' and 'orderWithRespectTo' cannot be used together.", {
      obj: model,
      id: 'models.E021',
    });
    return;
  }
  if (orderWithRespectTo !== undefined || ordering === undefined || ordering.length === 0) return;
  if (!Array.isArray(ordering)) {
    yield new CheckError(
      "'ordering' must be a tuple or list (even if you want to order by only one field).",
      {
        obj: model,
        id: 'models.E014',
      },
    );
    return;
  }
  const paths = ordering
    .filter((item): item is string => typeof item === 'string' && item !== '?')
    .map((item) => item.replace(/^-/, ''));
  const related = paths.filter((path) => path.includes('__') && !leadsSomewhere(model, path));
  const own = paths.filter((path) => !path.includes('__') && path !== 'pk' && !canSort(model, path));
  for (const path of [...related, ...new Set(own)]) {
    yield new CheckError(`'ordering' refers to the nonexistent field, related field, or lookup '${path}'.`, {
      obj: model,
      id: 'models.E015',
    });
  }
}

function canSort(model: Options, name: string): boolean {
  const field = named(model, name);
  if (field !== undefined) return !(field instanceof ManyToManyField);
  return relationsTo(model).some((relation) => !relation.isHidden && relation.queryName === name);
}

/** Whether a path goes along relations to a field, and from there by transforms or a lookup. */
function leadsSomewhere(model: Options, path: string): boolean {
  let at: Options | undefined = model;
  let field: Field | Relation | undefined;
  for (const part of path.split('__')) {
    const next: Field | Relation | undefined =
      at === undefined ? undefined : (findNamed(at, part) ?? relationNamed(at, part));
    if (next !== undefined) {
      field = next;
      at = isRelational(next) ? pathsOf(next).at(-1)?.toOpts : undefined;
    } else if (field === undefined || field instanceof Relation || !isLookup(field, part)) return false;
    else at = undefined;
  }
  return true;
}

function isLookup(field: Field, name: string): boolean {
  return field.getTransform(name) !== undefined || field.getLookup(name) !== undefined;
}
