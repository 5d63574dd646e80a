/** Tables as models. Django: the command `inspectdb`. */
import type { DatabaseWrapper } from '../backends/base/base';
import type { ColumnDescription, ConstraintDescription, TableInfo } from '../backends/base/introspection';
import { DatabaseError } from '../errors';
import { fieldName, modelName } from './names';

/** A field as it is written. */
export interface InspectedField {
  readonly name: string;
  /** `CharField`. */
  readonly type: string;
  readonly column: string;
  /** Names in camelCase. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The table and the column that it refers to. */
  readonly target: { readonly table: string; readonly column: string } | undefined;
  readonly notes: readonly string[];
}

/** A model as it is written. */
export interface InspectedModel {
  readonly name: string;
  readonly table: string;
  /** Without the key `id` that every model has, where it is that one. */
  readonly fields: readonly InspectedField[];
  /** Whether it has the key `id` that every model has, which is not among the fields then. */
  readonly hasUsualKey: boolean;
  /** The fields of a key that has several. */
  readonly compositeKey: readonly string[];
  readonly uniqueTogether: readonly (readonly string[])[];
  /** Some constraint is over more than columns. */
  readonly hasOther: boolean;
  readonly type: TableInfo['type'];
  readonly comment: string | null;
}

/** A table that could not be read, and why. */
export interface Unreadable {
  readonly table: string;
  readonly error: string;
}

/** What is written of a database. */
export interface InspectOptions {
  /** These alone, whatever they are. */
  tables?: readonly string[];
  includeViews?: boolean;
  includePartitions?: boolean;
}

/** The models of a database's tables, sorted by table. */
export async function inspectModels(
  connection: DatabaseWrapper,
  { tables = [], includeViews = false, includePartitions = false }: InspectOptions = {},
): Promise<(InspectedModel | Unreadable)[]> {
  const kinds = new Set<TableInfo['type']>(['t']);
  if (includeViews) kinds.add('v');
  if (includePartitions) kinds.add('p');
  const known = new Map((await connection.introspection.getTableList()).map((info) => [info.name, info]));
  const wanted =
    tables.length > 0
      ? tables
      : [...known.values()].flatMap(({ name, type }) => (kinds.has(type) ? [name] : []));
  const names = new Set<string>();
  const inspected: (InspectedModel | Unreadable)[] = [];
  for (const table of wanted) {
    const name = modelName(table, names);
    names.add(name);
    try {
      inspected.push(await inspectTable(connection, name, table, known.get(table)));
    } catch (error) {
      inspected.push({ table, error: (error as Error).message });
    }
  }
  return inspected;
}

async function inspectTable(
  connection: DatabaseWrapper,
  name: string,
  table: string,
  info: TableInfo | undefined,
): Promise<InspectedModel> {
  const { introspection } = connection;
  const columns = await introspection.getTableDescription(table);
  if (columns.length === 0) throw new DatabaseError(`Table ${table} does not exist.`);
  const key = await introspection.getPrimaryKeyColumns(table);
  const constraints = await introspection.getConstraints(table);
  const relations = await introspection.getRelations(table);
  const unique = new Set(
    [...constraints.values()].flatMap(({ unique: isUnique, columns }) =>
      isUnique && columns.length === 1 ? columns : [],
    ),
  );
  const fields: InspectedField[] = [];
  const used = new Set<string>();
  const byColumn = new Map<string, string>();
  const referred = new Set<string>();
  let hasUsualKey = false;
  for (const column of columns) {
    const target = relations.get(column.name);
    const named = fieldName(column.name, used, target !== undefined);
    used.add(named.name);
    byColumn.set(column.name, named.name);
    const isKey = key.length === 1 && key[0] === column.name;
    const marks = {
      ...(named.dbColumn !== undefined && { dbColumn: named.dbColumn }),
      ...(isKey && { primaryKey: true }),
      ...(!isKey && unique.has(column.name) && { unique: true }),
    };
    const kind =
      target === undefined
        ? plainField(connection, column)
        : await relation(connection, { table, name, field: named.name, marks, target, referred });
    const { primaryKey, unique: isUnique, ...others } = marks;
    const isOneToOne = kind.type === 'OneToOneField';
    const options = {
      ...others,
      ...(primaryKey && { primaryKey }),
      ...(isUnique && !isOneToOne && { unique: isUnique }),
      ...kind.options,
    };
    // Every model has that one.
    const isUsual =
      named.name === 'id' && kind.type === 'AutoField' && Object.keys(options).join() === 'primaryKey';
    hasUsualKey ||= isUsual;
    if (isUsual) continue;
    fields.push({
      name: named.name,
      type: kind.type,
      column: column.name,
      options: {
        ...options,
        ...(column.nullable && { blank: true, null: true }),
        ...(column.comment !== null && { dbComment: column.comment }),
      },
      target,
      notes: [...named.notes, ...kind.notes],
    });
  }
  const groups = [...constraints.values()].filter(({ unique: isUnique }) => isUnique);
  return {
    name,
    table,
    fields,
    hasUsualKey,
    compositeKey: key.length > 1 ? key.map((column) => byColumn.get(column) ?? column) : [],
    uniqueTogether: groups.flatMap((group) => together(group, byColumn)),
    hasOther: groups.some(({ columns }) => (columns as (string | null)[]).includes(null)),
    type: info?.type ?? 't',
    comment: info?.comment ?? null,
  };
}

/** The fields of a unique constraint of several columns. */
function together(
  { columns, primaryKey }: ConstraintDescription,
  byColumn: ReadonlyMap<string, string>,
): string[][] {
  const fields = columns.flatMap((column) => byColumn.get(column) ?? []);
  return fields.length > 1 && !primaryKey ? [fields] : [];
}

/** The class of a field, and what is said of it. */
interface Kind {
  type: string;
  options: Record<string, unknown>;
  notes: string[];
}

function plainField({ introspection }: DatabaseWrapper, column: ColumnDescription): Kind {
  const known = introspection.getFieldType(column);
  const type = known ?? 'TextField';
  const options: Record<string, unknown> = {};
  const notes = known === undefined ? ['This field type is a guess.'] : [];
  const { maxLength, collation, precision, scale } = column;
  if (type === 'CharField' && maxLength) options['maxLength'] = maxLength;
  if ((type === 'CharField' || type === 'TextField') && collation) options['dbCollation'] = collation;
  if (type === 'DecimalField') {
    if (precision === null || scale === null) {
      notes.push(
        'max_digits and decimal_places have been guessed, as this database handles decimal fields as float',
      );
    }
    options['maxDigits'] = precision ?? 10;
    options['decimalPlaces'] = scale ?? 5;
  }
  return { type, options, notes };
}

/** A foreign key, and whom it knows. */
interface Reference {
  table: string;
  /** The model's name. */
  name: string;
  field: string;
  marks: { primaryKey?: boolean; unique?: boolean };
  target: { table: string; column: string };
  /** What the model refers to already. */
  referred: Set<string>;
}

async function relation(
  { introspection }: DatabaseWrapper,
  { name, field, marks, target, referred }: Reference,
): Promise<Kind> {
  const options: Record<string, unknown> = {};
  const isOneToOne = marks.primaryKey === true || marks.unique === true;
  if (!isOneToOne) {
    const key = await introspection.getPrimaryKeyColumn(target.table);
    if (key !== null && key !== target.column) options['toField'] = target.column;
  }
  // Two relations to the same model need two names on its side.
  if (referred.has(target.table)) options['relatedName'] = `${name.toLowerCase()}_${field}_set`;
  referred.add(target.table);
  return { type: isOneToOne ? 'OneToOneField' : 'ForeignKey', options, notes: [] };
}
