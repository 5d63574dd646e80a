/** What is wrong with a model's Meta. Django: `Model._check_ordering`, `_check_unique_together`, `_check_indexes`. */
import { apps } from '../../../apps/registry';
import { isOverridden, settings } from '../../../conf';
import { Error as CheckError, type CheckMessage, Warning } from '../../../core/checks/messages';
import type { DatabaseWrapper } from '../../backends/base/base';
import type { DatabaseFeatures } from '../../backends/base/features';
import type { Field } from '../fields/base';
import { ManyToManyField, OneToOneField } from '../fields/related';
import { Relation, relationNamed, relationsTo } from '../fields/reverse_related';
import { MAX_INDEX_NAME_LENGTH } from '../indexes';
import type { Options } from '../options';
import { findNamed, isRelational, pathsOf } from '../sql/names';
import { checkCompositeKey } from './composite';
import { checkConstraint } from './constraints';
import { databasesOf, supports } from './databases';
import { checkLocalFields, namedField, referencesOf } from './references';

type Found = Iterable<CheckMessage>;

export function* checkMeta(model: Options, aliases: readonly string[]): Found {
  const connections = databasesOf(model, aliases);
  yield* checkUniqueTogether(model);
  yield* checkIndexes(model, connections);
  yield* checkOrdering(model);
  for (const connection of connections) {
    for (const constraint of model.constraints) yield* checkConstraint(model, constraint, connection);
  }
  yield* checkDefaultKey(model);
  for (const connection of connections) {
    if (!model.meta.dbTableComment || supports(model, connection, 'supportsComments')) continue;
    yield new Warning(`${connection.displayName} does not support comments on tables (dbTableComment).`, {
      obj: model,
      id: 'models.W046',
    });
  }
  yield* checkCompositeKey(model);
}

/** The key that a model got because nobody said which. */
function* checkDefaultKey({ pk, appLabel, label }: Options): Found {
  const config = apps.ready ? apps.getAppConfigs().find((each) => each.label === appLabel) : undefined;
  const isLink = pk instanceof OneToOneField && pk.parentLink;
  if (!pk.options.autoCreated || isLink || config === undefined) return;
  if (isOverridden('DEFAULT_AUTO_FIELD') || config.defaultAutoField !== undefined) return;
  yield new Warning(
    `Auto-created primary key used when not defining a primary key type, by default '${settings.DEFAULT_AUTO_FIELD}'.`,
    {
      hint:
        `Configure the DEFAULT_AUTO_FIELD setting or the ${config.constructor.name}.defaultAutoField attribute to point ` +
        "to a subclass of AutoField, e.g. 'tsango.db.models.BigAutoField'.",
      obj: label,
      id: 'models.W042',
    },
  );
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

function* checkIndexes(model: Options, connections: readonly DatabaseWrapper[]): Found {
  const { indexes } = model;
  for (const { name } of indexes) {
    if (/^[_0-9]/.test(name)) {
      yield new CheckError(`The index name '${name}' cannot start with an underscore or a number.`, {
        obj: model,
        id: 'models.E033',
      });
    }
    if (name.length > MAX_INDEX_NAME_LENGTH) {
      yield new CheckError(
        `The index name '${name}' cannot be longer than ${MAX_INDEX_NAME_LENGTH} characters.`,
        {
          obj: model,
          id: 'models.E034',
        },
      );
    }
  }
  for (const connection of connections) yield* checkIndexesIn(model, connection);
  const references = indexes.flatMap(({ expressions }) =>
    [...expressions].flatMap((each) => [...referencesOf(each)]),
  );
  const names = [
    ...indexes.flatMap((index) => index.fieldOrders.map(({ name }) => name)),
    ...indexes.flatMap(({ include }) => include),
    ...new Set(references.map(([name]) => name)),
  ];
  yield* checkLocalFields(model, names, 'indexes');
}

/** What of the indexes a database leaves out. */
function* checkIndexesIn(model: Options, connection: DatabaseWrapper): Found {
  const { indexes } = model;
  const needs: readonly (readonly [boolean, keyof DatabaseFeatures, string, string, string])[] = [
    [
      indexes.some(({ condition }) => condition !== undefined),
      'supportsPartialIndexes',
      'with conditions',
      'Conditions will be ignored.',
      'models.W037',
    ],
    [
      indexes.some(({ include }) => include.length > 0),
      'supportsCoveringIndexes',
      'with non-key columns',
      'Non-key columns will be ignored.',
      'models.W040',
    ],
    [
      indexes.some(({ expressions }) => expressions.length > 0),
      'supportsExpressionIndexes',
      'on expressions',
      "An index won't be created.",
      'models.W043',
    ],
  ];
  for (const [needed, feature, what, happens, id] of needs) {
    if (!needed || supports(model, connection, feature)) continue;
    yield new Warning(`${connection.displayName} does not support indexes ${what}.`, {
      hint: `${happens} Silence this warning if you don't care about it.`,
      obj: model,
      id,
    });
  }
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
  // It is said of each part of a path that is not there.
  const related = paths
    .filter((path) => path.includes('__'))
    .flatMap((path) => Array.from({ length: missingParts(model, path) }, () => path));
  const own = paths.filter((path) => !path.includes('__') && path !== 'pk' && !canSort(model, path));
  for (const path of [...related, ...new Set(own)]) {
    yield new CheckError(`'ordering' refers to the nonexistent field, related field, or lookup '${path}'.`, {
      obj: model,
      id: 'models.E015',
    });
  }
}

function canSort(model: Options, name: string): boolean {
  const field = namedField(model, name);
  if (field !== undefined) return !(field instanceof ManyToManyField);
  return relationsTo(model).some((relation) => !relation.isHidden && relation.queryName === name);
}

/** How many parts of a path lead nowhere: along relations to a field, and from there by transforms or a lookup. */
function missingParts(model: Options, path: string): number {
  let missing = 0;
  let at: Options | undefined = model;
  let field: Field | Relation | undefined;
  for (const part of path.split('__')) {
    const next: Field | Relation | undefined =
      at === undefined ? undefined : (findNamed(at, part) ?? relationNamed(at, part));
    if (next !== undefined) {
      field = next;
      at = isRelational(next) ? pathsOf(next).at(-1)?.toOpts : undefined;
    } else if (field === undefined || field instanceof Relation || !isLookup(field, part)) missing += 1;
    else at = undefined;
  }
  return missing;
}

function isLookup(field: Field, name: string): boolean {
  return field.getTransform(name) !== undefined || field.getLookup(name) !== undefined;
}
