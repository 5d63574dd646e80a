/** Migration operations and states as the vectors have them; what we have no counterpart of yet is told apart. */
import * as authValidators from 'tsango/contrib/auth/validators';
import * as postgresFields from 'tsango/contrib/postgres/fields';
import * as postgresSearch from 'tsango/contrib/postgres/search';
import * as validators from 'tsango/core/validators';
import * as operations from 'tsango/db/migrations/operations';
import { ModelState, ProjectState } from 'tsango/db/migrations/state';
import * as models from 'tsango/db/models';
import { isExpression } from 'tsango/db/models/q';
import { exported, NotThere, Values } from './vector_expressions';
import { vectors } from './vectors';

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
/** A field as `deconstruct()` has it. */
export type RecordedField = [cls: string, kwargs: Json, args?: unknown[]];
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
    'maxLength to relatedName relatedQueryName dbConstraint onDelete toField fromFields toFields through dbTable maxDigits decimalPlaces ' +
    'autoNow autoNowAdd parentLink symmetrical throughFields relatedQueryName validators uploadTo storage path match ' +
    'recursive allowFiles allowFolders dbDefault dbComment dbCollation dbTablespace expression outputField dbPersist heightField baseField size defaultBounds ' +
    'widthField limitChoicesTo errorMessages uniqueForDate uniqueForMonth uniqueForYear protocol unpackIpv4 allowUnicode encoder decoder'
  ).split(' '),
);
const META = new Set(
  (
    'dbTable verboseName verboseNamePlural ordering uniqueTogether indexes constraints managed abstract getLatestBy ' +
    'permissions defaultPermissions proxy swappable orderWithRespectTo defaultRelatedName baseManagerName ' +
    'indexTogether defaultManagerName requiredDbFeatures requiredDbVendor selectOnSave dbTableComment dbTablespace'
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
  if ('$class' in tagged) return builtin(String(tagged['$class']));
  if ('$obj' in tagged) return instanceOf(tagged);
  if (Object.keys(tagged).some((key) => key.startsWith('$'))) return taggedValue(tagged);
  return valuesOf(tagged);
}

const valuesOf = (values: Json): Json =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [camelCase(name), decode(value)]));

/** What a class of Python makes when it is called, as a function that does. */
const BUILTINS: Readonly<Record<string, () => unknown>> = {
  'builtins.dict': () => ({}),
  'builtins.list': () => [],
  'builtins.str': () => '',
};

function builtin(name: string): () => unknown {
  const found = BUILTINS[name];
  if (found === undefined) throw new NotYet(name);
  return found;
}

/** An object that says what makes it again: a validator of the framework, or one of the tests' own. */
function instanceOf({ $obj, args = [], kwargs = {} }: Json): unknown {
  const name = String($obj).split('.').at(-1) as string;
  const given = [...(args as unknown[]).map(decode), ...Object.values(valuesOf(kwargs as Json))];
  const Known = ({ ...validators, ...authValidators } as unknown as Record<string, Maker | undefined>)[name];
  return Known === undefined ? { cls: String($obj), given } : new Known(...given);
}

const values = new Values(undefined);

/** Lists of arguments are left out here where they are empty. */
function filled(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(filled);
  if (json === null || typeof json !== 'object') return json;
  const entries = Object.entries(json).map(([name, value]) => [name, filled(value)]);
  const object = Object.fromEntries(entries) as Json;
  return '$expr' in json ? { ...object, args: object['args'] ?? [], kwargs: object['kwargs'] ?? {} } : object;
}

const functions = new Map<string, () => unknown>();

/** A function that stands for one of the test's own: one for each name. */
function named(name: string): () => unknown {
  const known = functions.get(name) ?? (() => undefined);
  functions.set(name, known);
  return known;
}

function taggedValue(tagged: Json): unknown {
  try {
    return values.value(filled(tagged));
  } catch (error) {
    if (error instanceof NotThere && typeof tagged['$callable'] === 'string')
      return named(tagged['$callable']);
    const unknown = error instanceof NotThere || /a type that is not known here/.test(String(error));
    throw unknown ? new NotYet(String(error)) : error;
  }
}

type Maker = new (...args: unknown[]) => unknown;

/** An index or a constraint of its recorded arguments. @throws NotYet, and what its constructor throws. */
export const constructed = (recorded: Json): unknown => indexOf(recorded);

/** An index or a constraint; what it is made of, if not of fields, stands in front of its options. */
function indexOf({ $index, $constraint, args = [], kwargs }: Json): unknown {
  const name = String($index ?? $constraint);
  const [short = name] = name.split('.').slice(-1);
  const Known =
    (models as unknown as Record<string, Maker | undefined>)[name] ?? (exported(short) as Maker | undefined);
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

/** What is made; undefined where something of it is not there. */
function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof NotYet) return undefined;
    throw error;
  }
}

const own = new Map<string, FieldClass>();
type FieldClass = new (...args: unknown[]) => models.Field;
type ConcreteField = new (...args: unknown[]) => models.Field & { internalType: string };

/** A class of fields; one of the recorded tests' own is a class that extends what that one extends. */
function fieldClass(name: string): FieldClass | undefined {
  const known = (models as unknown as Record<string, FieldClass | undefined>)[name] ?? own.get(name);
  if (known !== undefined || !name.includes('.')) return known;
  const base = vectors<{ class: string; base: string | null }>('migrations/classes').find(
    (each) => each.class === name,
  );
  const Base = base?.base ? fieldClass(base.base) : undefined;
  if (Base === undefined) return undefined;
  // It has a name, and a field of no known kind is called by it in Django, too.
  const short = name.slice(name.lastIndexOf('.') + 1);
  const made = {
    [short]: class extends (Base as ConcreteField) {
      declare readonly internalType: string;
    },
  }[short] as FieldClass;
  if (base?.base === 'Field') Object.defineProperty(made.prototype, 'internalType', { value: short });
  own.set(name, made);
  return made;
}

/** Fields of contrib apps. */
const CONTRIB: Readonly<Record<string, string>> = {
  'django.contrib.contenttypes.fields.GenericForeignKey': 'tsango/contrib/contenttypes',
  'django.contrib.contenttypes.fields.GenericRelation': 'tsango/contrib/contenttypes',
};

/** Fields of contrib.postgres, whose options are their own. */
const POSTGRES = { ...postgresFields, ...postgresSearch } as unknown as Readonly<
  Record<string, FieldClass | undefined>
>;

/**
 * The fields of a GenericForeignKey, which no recording has: a key of content types whose name ends as its own does, or
 * the first one, and the field that comes after it.
 */
function genericFields(name: string, fields: RecordedModel['fields']): Json {
  const keys = fields.flatMap(([, , { to }], place) => (to === 'contenttypes.contenttype' ? [place] : []));
  const nameOf = (place: number): string => fields[place]?.[0] ?? '';
  const [first] = keys;
  const key = keys.find((place) => name.endsWith(nameOf(place).replace(/^content_type/, ''))) ?? first;
  if (key === undefined) return {};
  const next = nameOf(key + 1);
  return { ct_field: nameOf(key), fk_field: next === name ? 'objectId' : next };
}

function contribField(cls: string, kwargs: Json): models.Field | undefined {
  const module = CONTRIB[cls];
  if (module === undefined) return undefined;
  const name = cls.slice(cls.lastIndexOf('.') + 1);
  const Field = (require(module) as Record<string, new (...args: unknown[]) => models.Field>)[name];
  if (Field === undefined) throw new NotYet(cls);
  if (kwargs['to'] === undefined) {
    const { ctField, fkField } = valuesOf(kwargs);
    return new Field({ ...(ctField !== undefined && { ctField, fkField }) });
  }
  const [objectIdField] = (kwargs['from_fields'] ?? []) as string[];
  return new Field(kwargs['to'], { ...(objectIdField && { objectIdField: camelCase(objectIdField) }) });
}

function fieldOf([cls, kwargs, args = []]: RecordedField): models.Field {
  const contrib = contribField(cls, kwargs);
  if (contrib !== undefined) return contrib;
  const Field = cls.startsWith('django.contrib.postgres.')
    ? POSTGRES[cls.slice(cls.lastIndexOf('.') + 1)]
    : fieldClass(cls);
  // Validators are no part of a state here, and some are the recorded tests' own.
  const { validators, ...recorded } = kwargs;
  const known = validators === undefined ? undefined : attempt(() => decode(validators));
  const options = { ...valuesOf(recorded), ...(known !== undefined && { validators: known }) };
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

/** What is known of a model's fields beside what they were recorded with. */
export interface KnownOfFields {
  /** Those of the models that it extends. */
  readonly inherited?: RecordedModel['fields'];
  /** Whether many-to-many relations to the model itself hold in both directions. */
  readonly symmetrical?: ReadonlyMap<string, boolean>;
}

/**
 * The fields of a model as its class declares them. A many-to-many relation to the model itself is one to `'self'`, which
 * a recording has lost: unless it is known, or has a name for the other side, it holds in both directions.
 */
export function asDeclared(
  { app, name, fields }: Pick<RecordedModel, 'app' | 'name' | 'fields'>,
  { inherited = [], symmetrical }: KnownOfFields = {},
): RecordedModel['fields'] {
  const own = `${app}.${name}`.toLowerCase();
  return fields.map((field) => {
    const [fieldName, cls, kwargs, ...rest] = field;
    const isOwn = cls === 'ManyToManyField' && String(kwargs['to']).toLowerCase() === own;
    if (cls.endsWith('.GenericForeignKey')) {
      return [fieldName, cls, { ...kwargs, ...genericFields(fieldName, [...fields, ...inherited]) }, ...rest];
    }
    return isOwn && (symmetrical?.get(fieldName) ?? kwargs['related_name'] === undefined)
      ? [fieldName, cls, { ...kwargs, to: 'self' }, ...rest]
      : field;
  });
}

const fieldsOf = (fields: RecordedModel['fields']): [string, models.Field][] =>
  fields
    // The column of orderWithRespectTo comes with the option.
    .filter(([, cls]) => cls !== 'OrderWrt')
    .map(([name, ...field]) => [name, fieldOf(field)]);

function metaOf(options: Json): models.MetaOptions {
  const meta = valuesOf(options);
  const unknown = Object.keys(meta).find((name) => !META.has(name));
  if (unknown !== undefined) throw new NotYet(unknown);
  return meta;
}

class RecordedManager extends models.Manager<models.Model> {
  override readonly useInMigrations = true;
  constructor(
    private readonly cls: string,
    private readonly args: readonly unknown[],
  ) {
    super();
  }
  override deconstruct(): ReturnType<models.Manager<models.Model>['deconstruct']> {
    return { manager: RecordedManager, args: [this.cls, this.args] };
  }
}

/** Managers by name: of classes that are here under their recorded name alone. */
function managersOf(managers: unknown): [string, models.Manager<models.Model>][] {
  return ((managers ?? []) as ({ $tuple?: unknown } | unknown[])[]).map((pair) => {
    const [name, made] = (Array.isArray(pair) ? pair : pair.$tuple) as [string, Json];
    const { $manager: cls, queryset, args = [], kwargs = {} } = made;
    if (cls === 'Manager') return [name, new models.Manager<models.Model>()];
    return [name, new RecordedManager(String(cls ?? queryset), [args, kwargs])];
  });
}

/** The models among the bases: classes of Python that are none have nothing to say. */
function basesOf(bases: unknown): string[] {
  return ((bases ?? []) as (string | { model?: string | null })[]).flatMap((base) => {
    const label = typeof base === 'string' ? base : (base.model ?? 'models.Model');
    return label === 'models.Model' ? [] : [label];
  });
}

const codes = new Map<string, operations.MigrationCode>();

/** A function of which only the name was recorded: the same for the same name. */
function namedCode(recorded: unknown): operations.MigrationCode {
  const { $noop: noop, $callable: name } = recorded as { $noop?: true; $callable?: string };
  if (noop) return operations.RunCode.noop;
  const key = String(name);
  const code =
    codes.get(key) ?? Object.defineProperty(() => undefined, 'name', { value: key.split('.').at(-1) });
  codes.set(key, code);
  return code;
}

/** The operation that all others are made of. */
class Nothing extends operations.Operation {
  stateForwards(): void {}
  async databaseForwards(): Promise<void> {}
  async databaseBackwards(): Promise<void> {}
  describe(): string {
    // What Django's says of its constructor's arguments.
    return 'Operation: ((), {})';
  }
  override deconstruct(): readonly unknown[] {
    return [];
  }
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
    return new operations.RunSQL(decode(kwargs['sql']) as string, decode(kwargs['reverse_sql']) as string, {
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
  if (op === 'RunPython') {
    const nothing = (kwargs['code'] as Json | undefined)?.['$noop'] !== undefined;
    const code = nothing ? operations.RunCode.noop : namedCode(kwargs['code']);
    const reverse = kwargs['reverse_code'];
    return new operations.RunCode(code, reverse === undefined ? undefined : namedCode(reverse), {
      ...(kwargs['atomic'] !== undefined && { atomic: kwargs['atomic'] as boolean }),
      ...(kwargs['elidable'] !== undefined && { elidable: kwargs['elidable'] === true }),
    });
  }
  if (op === 'AlterModelManagers') {
    const [name = kwargs['name'], managers = kwargs['managers']] = args;
    return new operations.AlterModelManagers({ name: name as string, managers: managersOf(managers) });
  }
  if (op === 'Operation') return new Nothing();
  if (op === 'CreateModel') {
    const {
      name,
      fields,
      options = {},
    } = kwargs as { name: string; fields: RecordedModel['fields']; options?: Json };
    const bases = basesOf(kwargs['bases']);
    const managers = managersOf(kwargs['managers']);
    return new operations.CreateModel({
      name,
      fields: fieldsOf(fields),
      options: metaOf(options),
      bases,
      managers,
    });
  }
  const Known = (operations as unknown as Record<string, new (options: Json) => operations.Operation>)[op];
  if (Known === undefined || args.length > 0) throw new NotYet(op);
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
    const { app, name, fields, options = {}, indexes, constraints } = model;
    const meta = metaOf({ ...options, ...(indexes && { indexes }), ...(constraints && { constraints }) });
    const managers = managersOf(model.managers);
    state.addModel(
      new ModelState(app, name, new Map(fieldsOf(fields)), meta, basesOf(model.bases), managers),
    );
  }
  return state;
}
