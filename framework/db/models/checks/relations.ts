/** What is wrong with a relation. Django: `RelatedField.check`, `ForeignKey.check`. */
import { Error as CheckError, type CheckMessage, Warning } from '../../../core/checks/messages';
import type { Field } from '../fields/base';
import { CompositePrimaryKey } from '../fields/composite';
import type { ForeignKey, ForeignObject, ManyToManyField, RelatedField } from '../fields/related';
import { Relation, relationsTo } from '../fields/reverse_related';
import { SET_DEFAULT, SET_NULL } from '../on_delete';
import type { Options } from '../options';

type Found = Iterable<CheckMessage>;

/** What relations of both kinds are asked. */
export function* checkRelation(field: ForeignObject | ManyToManyField): Found {
  yield* checkRelatedName(field);
  yield* checkQueryName(field);
  const target = targetOf(field);
  yield* checkTargetModel(field, target, nameOf(field));
  if (target !== undefined) yield* checkClashes(field, target);
}

/** The model that a field refers to is there, and has its rows itself. */
export function* checkTargetModel(field: Field, target: Options | undefined, name: string): Found {
  if (target === undefined) {
    yield new CheckError(
      `Field defines a relation with model '${name}', which is either not installed, or is abstract.`,
      { obj: field, id: 'fields.E300' },
    );
    return;
  }
  if (target.swapped !== undefined) {
    yield new CheckError(
      `Field defines a relation with the model '${target.label}', which has been swapped out.`,
      {
        hint: `Update the relation to point at 'settings.${target.meta.swappable}'.`,
        obj: field,
        id: 'fields.E301',
      },
    );
  }
}

/** The model that a field refers to, if there is one. */
export function targetOf(field: RelatedField): Options | undefined {
  return field.model.registry.find(field.toKey);
}

/** The model as the field names it. */
function nameOf(field: RelatedField): string {
  const { to } = field.options;
  if (typeof to === 'string') return to;
  const cls = 'prototype' in to && '_meta' in to ? to : (to as () => { readonly name: string })();
  return cls.name;
}

/** Words of Python: what they would name cannot be written there. */
const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from global if ' +
    'import in is lambda nonlocal not or pass raise return try while with yield'
  ).split(' '),
);

function* checkRelatedName(field: RelatedField): Found {
  const { relatedName } = field.options;
  if (relatedName === undefined || relatedName.endsWith('+')) return;
  const filled = relatedName.replace(/%\((?:class|app_label|model_name)\)s/g, 'x');
  if (/^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(filled) && !KEYWORDS.has(filled)) return;
  yield new CheckError(
    `The name '${relatedName}' is invalid relatedName for field ${field.model.objectName}.${field.name}`,
    {
      hint: "Related name must be a valid identifier or end with a '+'",
      obj: field,
      id: 'fields.E306',
    },
  );
}

const QUERY_NAME_HINT = 'Add or change a relatedName or relatedQueryName argument for this field.';

function* checkQueryName(field: ForeignObject | ManyToManyField): Found {
  const relation = new Relation(field);
  if (relation.isHidden) return;
  const { queryName } = relation;
  if (queryName.endsWith('_')) {
    yield new CheckError(`Reverse query name '${queryName}' must not end with an underscore.`, {
      hint: QUERY_NAME_HINT,
      obj: field,
      id: 'fields.E308',
    });
  }
  if (queryName.includes('__')) {
    yield new CheckError(`Reverse query name '${queryName}' must not contain '__'.`, {
      hint: QUERY_NAME_HINT,
      obj: field,
      id: 'fields.E309',
    });
  }
}

/** Names that the other model has already: fields, and what else refers to it. */
function* checkClashes(field: ForeignObject | ManyToManyField, target: Options): Found {
  const relation = new Relation(field);
  const { isHidden, givenQueryName: queryName, accessorName: accessor } = relation;
  const own = `${field.model.label}.${field.name}`;
  const say = (msg: string, hint: string, id: string): CheckMessage =>
    new CheckError(msg, { hint, obj: field, id });
  for (const { name } of [...target.fields, ...target.manyToMany]) {
    const other = `${target.label}.${name}`;
    const hint = `Rename field '${other}', or add/change a relatedName argument to the definition for field '${own}'.`;
    if (!isHidden && name === accessor) {
      yield say(
        `Reverse accessor '${target.objectName}.${accessor}' for '${own}' clashes with field name '${other}'.`,
        hint,
        'fields.E302',
      );
    }
    if (name === queryName) {
      yield say(`Reverse query name for '${own}' clashes with field name '${other}'.`, hint, 'fields.E303');
    }
  }
  for (const clash of relationsTo(target)) {
    if (clash.field === field || clash.isHidden) continue;
    const other = `${clash.relatedModel.label}.${clash.field.name}`;
    const hint = `Add or change a relatedName argument to the definition for '${own}' or '${other}'.`;
    if (!isHidden && clash.accessorName === accessor) {
      yield say(
        `Reverse accessor '${target.objectName}.${accessor}' for '${own}' clashes with reverse accessor for '${other}'.`,
        hint,
        'fields.E304',
      );
    }
    if (clash.accessorName === queryName) {
      yield say(
        `Reverse query name for '${own}' clashes with reverse query name for '${other}'.`,
        hint,
        'fields.E305',
      );
    }
  }
}

/** What foreign keys are asked besides. */
export function* checkForeignKey(field: ForeignKey): Found {
  if (field.onDelete === SET_NULL && !field.null) {
    yield new CheckError('Field specifies onDelete=SET_NULL, but cannot be null.', {
      hint: 'Set null=True argument on the field, or change the onDelete rule.',
      obj: field,
      id: 'fields.E320',
    });
  } else if (field.onDelete === SET_DEFAULT && !field.hasDefault) {
    yield new CheckError('Field specifies onDelete=SET_DEFAULT, but has no default value.', {
      hint: 'Set a default value, or change the onDelete rule.',
      obj: field,
      id: 'fields.E321',
    });
  }
  if (field.internalType !== 'OneToOneField' && field.unique) {
    yield new Warning('Setting unique=True on a ForeignKey has the same effect as using a OneToOneField.', {
      hint: 'ForeignKey(unique=True) is usually better served by a OneToOneField.',
      obj: field,
      id: 'fields.W342',
    });
  }
}

/** A relation to a model whose key has several columns. */
export function unsupportedKey(field: RelatedField, { objectName }: Options): CheckMessage {
  return new CheckError(
    `Field defines a relation involving model '${objectName}' which has a CompositePrimaryKey and such relations are not ` +
      'supported.',
    { obj: field, id: 'fields.E347' },
  );
}

/** The fields that it refers to are there, and no two rows share their values. */
export function* checkTargets(field: ForeignObject): Found {
  const { toFields, toField } = field.options as Partial<Record<string, unknown>> & {
    readonly toFields?: readonly string[];
    readonly toField?: string;
  };
  const target = targetOf(field);
  if (target === undefined) return;
  const names = toFields ?? [toField];
  const found: Field[] = [];
  for (const name of names) {
    const referred =
      name === undefined ? target.pk : (target.fieldsByProperty.get(name) ?? target.findField(name));
    if (referred === undefined) {
      yield new CheckError(`The toField '${name}' doesn't exist on the related model '${target.label}'.`, {
        obj: field,
        id: 'fields.E312',
      });
    } else if (referred instanceof CompositePrimaryKey) {
      yield unsupportedKey(field, target);
    } else found.push(referred);
  }
  if (found.length < names.length || areUnique(target, found)) return;
  yield found.length === 1 ? notUnique(field, target, found[0] as Field) : noneUnique(field, target, found);
}

function notUnique(field: ForeignObject, target: Options, { name }: Field): CheckMessage {
  return new CheckError(
    `'${target.objectName}.${name}' must be unique because it is referenced by a foreign key.`,
    {
      hint: 'Add unique=True to this field or add a UniqueConstraint (without condition) in the model Meta.constraints.',
      obj: field,
      id: 'fields.E311',
    },
  );
}

function noneUnique(field: ForeignObject, target: Options, found: readonly Field[]): CheckMessage {
  const names = found.map(({ name }) => `'${name}'`).join(', ');
  return new CheckError(`No subset of the fields ${names} on model '${target.objectName}' is unique.`, {
    hint:
      'Mark a single field as unique=True or add a set of fields to a unique constraint (via uniqueTogether or a ' +
      'UniqueConstraint (without condition) in the model Meta.constraints).',
    obj: field,
    id: 'fields.E310',
  });
}

/** Whether no two rows have the same values of these fields. */
function areUnique({ uniqueTogether, constraints, pkFields }: Options, fields: readonly Field[]): boolean {
  if (fields.some((field) => field.unique)) return true;
  const names = new Set(fields.flatMap(({ name, property }) => [name, property]));
  const covered = (all: readonly string[]): boolean => all.every((name) => names.has(name));
  if (covered(pkFields.map(({ name }) => name)) || uniqueTogether.some(covered)) return true;
  return constraints.some((constraint) => {
    const { fields: own = [], condition } = constraint as { fields?: readonly string[]; condition?: unknown };
    return own.length > 0 && covered(own) && (condition === undefined || condition === null);
  });
}
