/** What is wrong with a many-to-many field. Django: `ManyToManyField.check`. */
import { settings } from '../../../conf';
import { Error as CheckError, type CheckMessage, Warning } from '../../../core/checks/messages';
import { CompositePrimaryKey } from '../fields/composite';
import { ForeignObject, type ManyToManyField, relationKey } from '../fields/related';
import type { Options } from '../options';
import { namedField } from './references';
import { targetOf, unsupportedKey } from './relations';

type Found = Iterable<CheckMessage>;

/** What many-to-many fields are asked besides. */
export function* checkManyToMany(field: ManyToManyField): Found {
  if (field.unique) yield error(field, 'ManyToManyFields cannot be unique.', 'fields.E330');
  yield* checkThrough(field);
  yield* checkIgnored(field);
  yield* checkTable(field);
}

function error(obj: unknown, msg: string, id: string, hint?: string): CheckMessage {
  return new CheckError(msg, { hint, obj, id });
}

function* checkIgnored(field: ManyToManyField): Found {
  const { null: isNull, validators = [], relatedName, dbComment } = field.options;
  const warn = (msg: string, id: string): CheckMessage => new Warning(msg, { obj: field, id });
  if (isNull !== undefined) yield warn('null has no effect on ManyToManyField.', 'fields.W340');
  if (validators.length > 0) yield warn('ManyToManyField does not support validators.', 'fields.W341');
  if (relatedName !== undefined && targetOf(field) === field.model && field.symmetrical) {
    yield warn(
      'relatedName has no effect on ManyToManyField with a symmetrical relationship, e.g. to "self".',
      'fields.W345',
    );
  }
  if (dbComment) yield warn('dbComment has no effect on ManyToManyField.', 'fields.W346');
}

/** The model in between that a field names; undefined where there is none of that name. */
function namedModel({ model, options: { through } }: ManyToManyField): Options | undefined {
  return through === undefined ? undefined : model.registry.find(relationKey(through, () => model));
}

/** Whether the models at both ends and in between are there. */
export function hasThrough(field: ManyToManyField): boolean {
  if (targetOf(field) === undefined) return false;
  return field.options.through === undefined || namedModel(field) !== undefined;
}

function keysTo(through: Options, target: Options): ForeignObject[] {
  return through.fields.filter(
    (field): field is ForeignObject => field instanceof ForeignObject && field.toKey === target.key,
  );
}

function* checkThrough(field: ManyToManyField): Found {
  const { through: named, throughFields } = field.options;
  if (throughFields === undefined && hasThrough(field)) {
    const ends = [targetOf(field), field.model];
    const composite = ends.find((model) => model?.pk instanceof CompositePrimaryKey);
    if (composite !== undefined) yield unsupportedKey(field, composite);
  }
  if (named === undefined) return;
  const through = namedModel(field);
  if (through === undefined) {
    yield error(
      field,
      `Field specifies a many-to-many relation through model '${String(named)}', which has not been installed.`,
      'fields.E331',
    );
    return;
  }
  const target = targetOf(field);
  if (target === undefined) return;
  if (throughFields === undefined) yield* countKeys(field, through, target);
  else yield* checkThroughFields(field, through, target, throughFields);
}

function* countKeys(field: ManyToManyField, through: Options, target: Options): Found {
  const from = field.model;
  const used = `The model is used as an intermediate model by '${field.toString()}', but it `;
  const must = 'which is ambiguous. You must specify which';
  if (from === target) {
    if (keysTo(through, from).length <= 2) return;
    yield error(
      through,
      `${used}has more than two foreign keys to '${from.objectName}', ${must} two foreign keys should be used via the ` +
        'throughFields keyword argument.',
      'fields.E333',
      'Use throughFields to specify which two foreign keys should be used.',
    );
    return;
  }
  const [sources, targets] = [keysTo(through, from), keysTo(through, target)];
  const hint =
    'If you want to create a recursive relationship, use ManyToManyField("self", through="' +
    `${through.objectName}").`;
  const rest = `${must} foreign key should be used via the throughFields keyword argument.`;
  if (sources.length > 1) {
    yield error(
      field,
      `${used}has more than one foreign key from '${from.objectName}', ${rest}`,
      'fields.E334',
      hint,
    );
  }
  if (targets.length > 1) {
    yield error(
      field,
      `${used}has more than one foreign key to '${target.objectName}', ${rest}`,
      'fields.E335',
      hint,
    );
  }
  if (sources.length === 0 || targets.length === 0) {
    yield error(
      through,
      `${used}does not have a foreign key to '${from.objectName}' or '${target.objectName}'.`,
      'fields.E336',
    );
  }
}

function* checkThroughFields(
  field: ManyToManyField,
  through: Options,
  target: Options,
  names: readonly string[],
): Found {
  if (names.length < 2 || !names[0] || !names[1]) {
    yield error(
      field,
      "Field specifies 'throughFields' but does not provide the names of the two link fields that should be used for the " +
        `relation through model '${through.label}'.`,
      'fields.E337',
      "Make sure you specify 'throughFields' as throughFields: ['field1', 'field2']",
    );
    return;
  }
  for (const [name, model] of [
    [names[0], field.model],
    [names[1], target],
  ] as const) {
    const possible = keysTo(through, model).map((key) => key.name);
    const hint =
      possible.length > 0
        ? `Did you mean one of the following foreign keys to '${model.objectName}': ${possible.join(', ')}?`
        : undefined;
    const found = namedField(through, name);
    if (found === undefined) {
      yield error(
        field,
        `The intermediary model '${through.label}' has no field '${name}'.`,
        'fields.E338',
        hint,
      );
    } else if (!possible.includes(found.name)) {
      yield error(
        field,
        `'${through.objectName}.${name}' is not a foreign key to '${model.objectName}'.`,
        'fields.E339',
        hint,
      );
    }
  }
}

/** The table in between is nobody else's. */
function* checkTable(field: ManyToManyField): Found {
  if (!field.hasOwnTable || targetOf(field) === undefined) return;
  const { registry } = field.model;
  const { through } = field;
  const label = tablesOf(registry.all?.() ?? [], field).get(through.dbTable);
  if (label === undefined) return;
  const msg = `The field's intermediary table '${through.dbTable}' clashes with the table name of '${label}'.`;
  if (settings.DATABASE_ROUTERS.length === 0) {
    yield error(field, msg, 'fields.E340');
    return;
  }
  yield new Warning(msg, {
    hint:
      `You have configured settings.DATABASE_ROUTERS. Verify that the table of '${label}' is correctly routed to a ` +
      'separate database.',
    obj: field,
    id: 'fields.W344',
  });
}

/** The tables of all models and of other many-to-many fields, by name. */
function tablesOf(models: readonly Options[], field: ManyToManyField): ReadonlyMap<string, string> {
  const tables = new Map<string, string>();
  for (const model of models) {
    if (model.managed && !model.proxy) tables.set(model.dbTable, model.label);
    for (const other of model.localManyToMany) {
      if (other === field || !other.hasOwnTable || targetOf(other) === undefined) continue;
      tables.set(other.through.dbTable, `${model.label}.${other.name}`);
    }
  }
  return tables;
}
