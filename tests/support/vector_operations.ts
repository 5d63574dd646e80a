/** Migration operations and states as the vectors have them; what we have no counterpart of yet is told apart. */
import * as operations from 'tsango/db/migrations/operations';
import { ModelState, ProjectState } from 'tsango/db/migrations/state';
import * as models from 'tsango/db/models';
import { isExpression } from 'tsango/db/models/q';
import { NotThere, Values } from './vector_expressions';

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
    'autoNow autoNowAdd parentLink symmetrical throughFields relatedQueryName validators uploadTo storage path match ' +
    'recursive allowFiles allowFolders dbDefault dbComment dbCollation expression outputField dbPersist heightField ' +
    'widthField limitChoicesTo errorMessages uniqueForDate uniqueForMonth uniqueForYear protocol unpackIpv4 encoder decoder'
  ).split(' '),
);
const META = new Set(
  (
    'dbTable verboseName verboseNamePlural ordering uniqueTogether indexes constraints managed abstract getLatestBy ' +
    'permissions defaultPermissions proxy swappable orderWithRespectTo defaultRelatedName baseManagerName ' +
    'defaultManagerName requiredDbFeatures requiredDbVendor selectOnSave dbTableComment dbTablespace'
  ).split(' '),
);

const camelCase = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** @throws NotYet. */
export function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode);
  if (value === null || typeof value !== 'object') return value;
  const tagged = value as Json;
  if (Array.isArray(tagged['$tuple'])) return tagged['$tuple'].map(decode);
  if (Array.isArray(tagged['$set'])) return tagged['$set'].map(decode);
  if ('$float' in tagged) return Number(tagged['$float']);
  if ('$field' in tagged) return fieldOf(tagged['$field'] as RecordedField);
  if ('$index' in tagged || '$constraint' in tagged) return indexOf(tagged);
  if ('$set_to' in tagged) return models.SET(decode(tagged['$set_to']));
  if ('$setting' in tagged) return tagged['to'];
  if (Object.keys(tagged).some((key) => key.startsWith('$'))) return taggedValue(tagged);
  return valuesOf(tagged);
}

const valuesOf = (values: Json): Json =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [camelCase(name), decode(value)]));

const values = new Values(undefined);

/** Lists of arguments are left out here where they are empty. */
function filled(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(filled);
  if (json === null || typeof json !== 'object') return json;
  const entries = Object.entries(json).map(([name, value]) => [name, filled(value)]);
  const object = Object.fromEntries(entries) as Json;
  return '$expr' in json ? { ...object, args: object['args'] ?? [], kwargs: object['kwargs'] ?? {} } : object;
}

function taggedValue(tagged: Json): unknown {
  try {
    return values.value(filled(tagged));
  } catch (error) {
    const unknown = error instanceof NotThere || /a type that is not known here/.test(String(error));
    throw unknown ? new NotYet(String(error)) : error;
  }
}

type Maker = new (...args: unknown[]) => unknown;

/** An index or a constraint; what it is made of, if not of fields, stands in front of its options. */
function indexOf({ $index, $constraint, args = [], kwargs }: Json): unknown {
  const name = String($index ?? $constraint);
  const Known = (models as unknown as Record<string, Maker | undefined>)[name];
  if (Known === undefined) throw new NotYet(name);
  const options = valuesOf(kwargs as Json);
  if (options['check'] !== undefined) {
    options['condition'] = options['check'];
    delete options['check'];
  }
  const expressions = (args as unknown[]).map(decode);
  const strange = expressions.find((each) => typeof each !== 'string' && !isExpression(each));
  if (strange !== undefined) throw new NotYet(`an index of ${JSON.stringify(args)}`);
  try {
    return new Known(...expressions, options);
  } catch (error) {
    if (/condition must be a Q instance or boolean/.test(String(error))) throw new NotYet(String(error));
    throw error;
  }
}

function fieldOf([cls, kwargs, args = []]: RecordedField): models.Field {
  const Field = (models as unknown as Record<string, new (...args: unknown[]) => models.Field>)[cls];
  const options = valuesOf(kwargs);
  const unknown = Object.keys(options).find((name) => !FIELD_OPTIONS.has(name));
  if (Field === undefined || unknown !== undefined) throw new NotYet(`${cls} ${unknown}`);
  if (cls === 'CompositePrimaryKey') {
    return new models.CompositePrimaryKey(...(args as string[]));
  }
  try {
    return args.length > 0 ? new Field(...args.map(decode), options) : new Field(options);
  } catch (error) {
    // Two lines of the recording have a calculated column with a default, which no constructor takes.
    if (/GeneratedField cannot have a default/.test(String(error))) throw new NotYet(String(error));
    throw error;
  }
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
