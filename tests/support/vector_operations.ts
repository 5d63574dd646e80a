/** Migration operations and states as the vectors have them; what we have no counterpart of yet is told apart. */
import * as operations from 'tsango/db/migrations/operations';
import { ModelState, ProjectState } from 'tsango/db/migrations/state';
import * as models from 'tsango/db/models';

/** A fact about something that is not there yet. */
export class NotYet extends Error {}

type Json = Record<string, unknown>;

/** A model of a recorded state. */
export interface RecordedModel {
  app: string;
  name: string;
  fields: [name: string, ...field: RecordedField][];
  options?: Json;
  indexes?: unknown[];
  constraints?: unknown[];
  bases?: unknown;
  managers?: unknown;
}
type RecordedField = [cls: string, kwargs: Json, args?: unknown[]];
/** An operation; `kwargs` are its constructor's. */
export interface RecordedOperation {
  op: string;
  args?: unknown[];
  kwargs: Json;
  elidable?: boolean;
}

const FIELD_OPTIONS = new Set(
  (
    'verboseName primaryKey unique null blank dbIndex dbColumn default editable serialize helpText choices autoCreated ' +
    'maxLength to relatedName relatedQueryName dbConstraint onDelete toField through dbTable maxDigits decimalPlaces ' +
    'autoNow autoNowAdd parentLink symmetrical throughFields relatedQueryName'
  ).split(' '),
);
const META = new Set(
  (
    'dbTable verboseName verboseNamePlural ordering uniqueTogether indexes constraints managed abstract getLatestBy ' +
    'permissions defaultPermissions proxy swappable orderWithRespectTo defaultRelatedName baseManagerName ' +
    'defaultManagerName requiredDbFeatures requiredDbVendor selectOnSave'
  ).split(' '),
);

const camelCase = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode);
  if (value === null || typeof value !== 'object') return value;
  const tagged = value as Json;
  if (Array.isArray(tagged['$tuple'])) return tagged['$tuple'].map(decode);
  if (Array.isArray(tagged['$set'])) return tagged['$set'].map(decode);
  if ('$float' in tagged) return Number(tagged['$float']);
  if ('$field' in tagged) return fieldOf(tagged['$field'] as RecordedField);
  if ('$index' in tagged || '$constraint' in tagged) return indexOf(tagged);
  if (Object.keys(tagged).some((key) => key.startsWith('$'))) throw new NotYet(Object.keys(tagged).join(' '));
  return valuesOf(tagged);
}

const valuesOf = (values: Json): Json =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [camelCase(name), decode(value)]));

function indexOf({ $index, $constraint, args, kwargs }: Json): unknown {
  const options = valuesOf(kwargs as Json);
  const plain = Object.keys(options).every((name) => name === 'fields' || name === 'name');
  if (Array.isArray(args) && args.length > 0) throw new NotYet('expressions');
  if (plain && $index === 'Index') return new models.Index(options as never);
  if (plain && $constraint === 'UniqueConstraint') return new models.UniqueConstraint(options as never);
  throw new NotYet(String($index ?? $constraint));
}

function fieldOf([cls, kwargs, args = []]: RecordedField): models.Field {
  const Field = (models as unknown as Record<string, new (options: Json) => models.Field>)[cls];
  const options = valuesOf(kwargs);
  const unknown = Object.keys(options).find((name) => !FIELD_OPTIONS.has(name));
  if (Field === undefined || unknown !== undefined) throw new NotYet(`${cls} ${unknown}`);
  if (cls === 'CompositePrimaryKey') {
    return new models.CompositePrimaryKey(...(args as string[]));
  }
  if (args.length > 0) throw new NotYet(`${cls} with arguments`);
  return new Field(options);
}

const fieldsOf = (fields: RecordedModel['fields']): [string, models.Field][] =>
  fields.map(([name, ...field]) => [name, fieldOf(field)]);

function metaOf(options: Json): models.MetaOptions {
  const { indexTogether: _gone, ...meta } = valuesOf(options);
  const unknown = Object.keys(meta).find((name) => !META.has(name));
  if (unknown !== undefined) throw new NotYet(unknown);
  return meta;
}

/** The models among the bases: classes of Python that are none have nothing to say. */
function basesOf(bases: unknown): string[] {
  return ((bases ?? []) as (string | { model?: string | null })[]).flatMap((base) => {
    if (typeof base !== 'string' && base.model) throw new NotYet(`the class ${base.model} as a base`);
    return typeof base === 'string' && base !== 'models.Model' ? [base] : [];
  });
}

/** @throws NotYet. */
export function operationOf(recorded: RecordedOperation): operations.Operation {
  const made = plainOperationOf(recorded);
  if (recorded.elidable) made.elidable = true;
  return made;
}

function plainOperationOf({ op, args = [], kwargs }: RecordedOperation): operations.Operation {
  const listOf = (name: string): operations.Operation[] =>
    ((kwargs[name] ?? []) as RecordedOperation[]).map(operationOf);
  if (op === 'RunSQL') {
    const stateOperations = listOf('state_operations');
    return new operations.RunSQL(kwargs['sql'] as string, kwargs['reverse_sql'] as string, {
      ...(stateOperations.length > 0 && { stateOperations }),
      ...(kwargs['elidable'] !== undefined && { elidable: kwargs['elidable'] === true }),
    });
  }
  if (op === 'SeparateDatabaseAndState') {
    const databaseOperations = listOf('database_operations');
    return new operations.SeparateDatabaseAndState({
      databaseOperations,
      stateOperations: listOf('state_operations'),
    });
  }
  if (op === 'CreateModel' && !('managers' in kwargs)) {
    const {
      name,
      fields,
      options = {},
    } = kwargs as { name: string; fields: RecordedModel['fields']; options?: Json };
    const bases = basesOf(kwargs['bases']);
    return new operations.CreateModel({ name, fields: fieldsOf(fields), options: metaOf(options), bases });
  }
  const Known = (operations as unknown as Record<string, new (options: Json) => operations.Operation>)[op];
  if (Known === undefined || op === 'CreateModel' || op === 'Operation' || args.length > 0)
    throw new NotYet(op);
  return new Known(valuesOf(kwargs));
}

/** @throws NotYet. */
export function stateOf(
  recorded: readonly (RecordedModel | string)[],
  before: readonly (RecordedModel | string)[] = [],
): ProjectState {
  const state = new ProjectState();
  for (const each of recorded) {
    const named = (other: RecordedModel | string): boolean =>
      typeof other !== 'string' && `${other.app}.${other.name}` === each;
    const model = (typeof each === 'string' ? before.find(named) : each) as RecordedModel;
    if (model.managers !== undefined) throw new NotYet('managers');
    const { app, name, fields, options = {}, indexes, constraints } = model;
    const meta = metaOf({ ...options, ...(indexes && { indexes }), ...(constraints && { constraints }) });
    state.addModel(new ModelState(app, name, new Map(fieldsOf(fields)), meta, basesOf(model.bases)));
  }
  return state;
}
