/** Models as somebody might write them, and their rows: what random changes of models start from. */
import { ModelState, ProjectState } from 'tsango/db/migrations/state';
import * as models from 'tsango/db/models';
import { Duration } from 'tsango/python/timedelta';

export const APP = 'shop';

/** A field as it is declared. What no class of fields has is for what may be done with it. */
export interface FieldSpec {
  readonly kind: Kind;
  readonly options: Readonly<Record<string, unknown>>;
  /** The model that a relation refers to. */
  readonly to?: string;
  /** No two rows have the same value. */
  readonly distinct: boolean;
  /** Every row has a value. */
  readonly filled: boolean;
  /** At some time it had to be distinct: what is made again backwards has one value for all rows. */
  readonly everUnique: boolean;
  /** The models that it has referred to, by their ids. */
  readonly everTo: readonly number[];
}

export type Kind =
  | 'CharField'
  | 'SlugField'
  | 'TextField'
  | 'IntegerField'
  | 'BigIntegerField'
  | 'SmallIntegerField'
  | 'PositiveIntegerField'
  | 'BooleanField'
  | 'DateField'
  | 'DateTimeField'
  | 'DecimalField'
  | 'FloatField'
  | 'UUIDField'
  | 'JSONField'
  | 'DurationField'
  | 'ForeignKey'
  | 'OneToOneField'
  | 'ManyToManyField';

/** What a column can become without harm to its values. */
export const FAMILIES: readonly (readonly Kind[])[] = [
  ['CharField', 'SlugField', 'TextField'],
  ['IntegerField', 'BigIntegerField', 'SmallIntegerField', 'PositiveIntegerField'],
];

export const PLAIN: readonly Kind[] = [
  ...FAMILIES.flat(),
  'BooleanField',
  'DateField',
  'DateTimeField',
  'DecimalField',
  'FloatField',
  'UUIDField',
  'JSONField',
  'DurationField',
];
export const RELATIONS: readonly Kind[] = ['ForeignKey', 'OneToOneField', 'ManyToManyField'];
export const INTEGERS: readonly Kind[] = FAMILIES[1] as readonly Kind[];

/** An index or a constraint, by the names of its fields. */
export type Named =
  | {
      readonly is: 'index';
      readonly name: string;
      readonly fields: readonly string[];
      readonly condition?: string;
    }
  | {
      readonly is: 'unique';
      readonly name: string;
      readonly fields: readonly string[];
      readonly condition?: string;
    }
  | { readonly is: 'check'; readonly name: string; readonly field: string };

export interface ModelSpec {
  /** What it is, whatever it is called. */
  readonly id: number;
  readonly name: string;
  readonly key: 'AutoField' | 'BigAutoField';
  readonly fields: ReadonlyMap<string, FieldSpec>;
  readonly named: readonly Named[];
  readonly uniqueTogether: readonly (readonly string[])[];
  readonly dbTable?: string;
  readonly orderWithRespectTo?: string;
}

/** All models, in the order of their making. */
export type World = readonly ModelSpec[];

const FieldClasses = models as unknown as Record<string, new (...args: unknown[]) => models.Field>;

function fieldOf({ kind, options, to }: FieldSpec): models.Field {
  const Class = FieldClasses[kind] as new (...args: unknown[]) => models.Field;
  const shared = kind === 'DecimalField' ? { decimalPlaces: 2 } : {};
  if (to === undefined) return new Class({ ...shared, ...options });
  const { onDelete = models.CASCADE, ...rest } = options;
  const own = kind === 'ManyToManyField' ? rest : { ...rest, onDelete };
  return new Class(`${APP}.${to}`, { relatedName: '+', ...own });
}

const isNotNull = (name: string): models.Q => new models.Q({ [`${name}__isnull`]: false });

function indexOf({ name, fields, condition }: Extract<Named, { is: 'index' }>): models.Index {
  return new models.Index({ fields, name, ...(condition && { condition: isNotNull(condition) }) });
}

function constraintOf(
  named: Exclude<Named, { is: 'index' }>,
): models.UniqueConstraint | models.CheckConstraint {
  const { name } = named;
  if (named.is === 'check') {
    return new models.CheckConstraint({ name, condition: new models.Q({ [`${named.field}__gte`]: 0 }) });
  }
  const { fields, condition } = named;
  return new models.UniqueConstraint({ fields, name, ...(condition && { condition: isNotNull(condition) }) });
}

/** The models as the autodetector sees them. */
export function stateOf(world: World): ProjectState {
  const state = new ProjectState();
  for (const model of world) {
    const Key = FieldClasses[model.key] as new (options: object) => models.Field;
    const fields = [
      ['id', new Key({ primaryKey: true, serialize: false, autoCreated: true, verboseName: 'ID' })] as const,
      ...[...model.fields].map(([name, spec]) => [name, fieldOf(spec)] as const),
    ];
    const indexes = model.named.filter((each) => each.is === 'index').map(indexOf);
    const constraints = model.named.filter((each) => each.is !== 'index').map(constraintOf);
    const meta: models.MetaOptions = {
      ...(indexes.length > 0 && { indexes }),
      ...(constraints.length > 0 && { constraints }),
      ...(model.uniqueTogether.length > 0 && { uniqueTogether: model.uniqueTogether }),
      ...(model.dbTable !== undefined && { dbTable: model.dbTable }),
      ...(model.orderWithRespectTo !== undefined && { orderWithRespectTo: model.orderWithRespectTo }),
    };
    state.addModel(new ModelState(APP, model.name, new Map(fields), meta));
  }
  return state;
}

/** So many rows has every model; their keys begin at 1. */
export const ROWS = 3;

/** The value of a field in a row; no two rows have the same where there are so many. */
export function valueFor({ kind }: FieldSpec, row: number): unknown {
  switch (kind) {
    case 'CharField':
    case 'SlugField':
    case 'TextField':
      return `t${row}`;
    case 'BooleanField':
      return row % 2 === 0;
    case 'DateField':
      return `2020-01-0${row}`;
    case 'DateTimeField':
      return new Date(Date.UTC(2020, 0, row, 12));
    case 'DecimalField':
      return `${row}.50`;
    case 'UUIDField':
      return `0000000${row}-0000-4000-8000-000000000000`;
    case 'JSONField':
      return { row };
    case 'DurationField':
      return new Duration({ seconds: row });
    default:
      return row;
  }
}
