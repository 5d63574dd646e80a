/** Where in a row each column's value is, and how it becomes the field's. */
import type { DatabaseWrapper } from '../backends/base/base';
import { Col } from './expressions/col';
import { Field } from './fields/base';
import { ForeignKey } from './fields/related';
import type { KlassInfo } from './sql/compiler/related';
import type { SelectCompiler, Selected } from './sql/compiler/select';

type Convert = (value: unknown) => unknown;

const asIs: Convert = (value) => value;

/** How a column's value becomes the field's; undefined where it is that already. */
export function fieldConverter(field: Field, connection: DatabaseWrapper): Convert | undefined {
  if (field.fromDb === Field.prototype.fromDb) return undefined;
  if (field instanceof ForeignKey && field.fromDb === ForeignKey.prototype.fromDb) {
    const convert = fieldConverter(field.targetField, connection);
    return convert && ((value) => (value === null || value === undefined ? null : convert(value)));
  }
  return (value) => field.fromDb(value, connection);
}

/** The same of anything that is selected. */
export function converter({ expression }: Selected, connection: DatabaseWrapper): Convert {
  if (expression instanceof Col) return fieldConverter(expression.target, connection) ?? asIs;
  return (value) => expression.convertValue(value, connection);
}

/** A field of an instance in a row. */
export interface Column {
  readonly field: Field;
  readonly property: string;
  /** Where in a row it is. */
  readonly at: number;
  readonly convert: Convert | undefined;
}

/** Found out once for what a compiled query selects: it may be read often. */
const columnsByInfo = new WeakMap<KlassInfo, readonly Column[]>();

/** Where the fields of a model are in the rows of a compiled query. */
export function columnsOf(info: KlassInfo, compiler: SelectCompiler): readonly Column[] {
  let columns = columnsByInfo.get(info);
  if (columns === undefined) {
    columns = findColumns(info, compiler);
    columnsByInfo.set(info, columns);
  }
  return columns;
}

function findColumns(info: KlassInfo, compiler: SelectCompiler): Column[] {
  const own = info.fields.map((field, at) => ({
    field,
    property: field.property,
    at: info.from + at,
    convert: fieldConverter(field, compiler.connection),
  }));
  if (info.inherited === undefined) return own;
  const fields = new Set(info.model.concreteFields);
  return [...columnsOf(info.inherited, compiler).filter(({ field }) => fields.has(field)), ...own];
}
