/** Rows as objects, lists and single values. Django: `ValuesIterable`, `ValuesListIterable` and its kin. */
import { camelCase } from '../../utils/module_loading';
import type { RowValues } from '../backends/base/base';
import type { Reader, RowReader } from './iterables';
import { converter } from './row_columns';
import type { SelectCompiler, Selected } from './sql/compiler/select';

interface ValueColumn {
  readonly name: string;
  /** Its position in a row. */
  readonly at: number;
  readonly convert: (value: unknown, row: RowValues) => unknown;
}

/** What of a row `values` asks for, in its order. */
function valueColumns(compiler: SelectCompiler): ValueColumn[] {
  const { query, selected, connection } = compiler;
  const all = new Map<string, readonly Selected[]>();
  query.valuesSelect.forEach((name, at) => {
    all.set(name, compiler.valueColumns[at] as readonly Selected[]);
  });
  for (const [name, each] of compiler.annotationKeys) all.set(name, [each]);
  const names = query.selected ?? [...all.keys()];
  return names.flatMap((name): ValueColumn[] => {
    const [first, ...more] = (all.get(name) ?? []).map((each) => ({
      at: selected.indexOf(each),
      convert: converter(each, connection),
    }));
    if (first === undefined) return [];
    const { at, convert } = first;
    if (more.length === 0) return [{ name, at, convert }];
    return [
      {
        name,
        at,
        convert: (value, row) => [convert(value), ...more.map((each) => each.convert(row[each.at]))],
      },
    ];
  });
}

/** Rows as objects; `renames`: fields are called as properties are, annotations as they were given. */
export function valuesReader(renames: boolean): Reader<Record<string, unknown>> {
  return (compiler) => {
    const { annotations } = compiler.query;
    const columns = valueColumns(compiler).map((each) => ({
      ...each,
      name: renames && !annotations.has(each.name) ? camelCase(each.name) : each.name,
    }));
    return (row) => {
      const values: Record<string, unknown> = {};
      for (const { name, at, convert } of columns) {
        if (name === '__proto__') continue;
        values[name] = convert(row[at], row);
      }
      return values;
    };
  };
}

/** Rows as lists. */
export function listReader(compiler: SelectCompiler): RowReader<unknown[]> {
  const columns = valueColumns(compiler);
  return (row) => columns.map(({ at, convert }) => convert(row[at], row));
}

/** Rows as their only value. */
export function flatReader(compiler: SelectCompiler): RowReader<unknown> {
  const [column] = valueColumns(compiler);
  if (column === undefined) return () => null;
  return (row) => column.convert(row[column.at], row);
}

/** Rows as lists whose items have names, too. */
export function namedReader(compiler: SelectCompiler): RowReader<unknown[]> {
  const columns = valueColumns(compiler);
  return (row) => {
    const list: unknown[] & Record<string, unknown> = columns.map(({ at, convert }) =>
      convert(row[at], row),
    ) as never;
    columns.forEach(({ name }, at) => {
      Object.defineProperty(list, name, { value: list[at], configurable: true });
    });
    return list;
  };
}
