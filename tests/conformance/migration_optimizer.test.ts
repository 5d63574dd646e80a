/** What operations come to together, beside Django's. */
import { configure } from 'tsango/conf';
import { Operation } from 'tsango/db/migrations';
import { optimize } from 'tsango/db/migrations/optimizer';
import { Field } from 'tsango/db/models';
import { NotYet, operationOf, type RecordedOperation } from '../support/vector_operations';
import { describeVectors, reportArea, vectors } from '../support/vectors';

configure({ SECRET_KEY: 'not a secret', DEFAULT_AUTO_FIELD: 'django.db.models.AutoField' });

interface Reduction {
  call: string;
  op: RecordedOperation;
  args: [RecordedOperation, string];
  result: RecordedOperation[] | boolean;
  describe: string;
  formatted_description: string;
  migration_name_fragment: string | null;
  category: string | null;
  elidable: boolean;
}

interface Optimization {
  app: string;
  operations: RecordedOperation[];
  result: RecordedOperation[];
}

/** An operation as something that can be compared; groups of unique fields have no order, nor have empty options a meaning. */
function shown(value: unknown, key = ''): unknown {
  if (value instanceof Operation) return comparable(value);
  if (value instanceof Field) {
    const { default: _default, ...options } = value.options as Record<string, unknown>;
    return [value.internalType, shown(options), value.hasDefault];
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => shown(item));
    return key === 'uniqueTogether' ? items.map((item) => JSON.stringify(item)).sort() : items;
  }
  if (typeof value === 'function') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, entry]): [string, unknown] => [name, shown(entry, name)])
      .filter(([, entry]) => !isEmpty(entry))
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}

function isEmpty(entry: unknown): boolean {
  return (
    entry === undefined || entry === null || (typeof entry === 'object' && Object.keys(entry).length === 0)
  );
}

const comparable = (operation: Operation): unknown => [
  operation.constructor.name,
  shown(operation.deconstruct()),
];

/** Runs each case that can be said here. @returns how many agree, and the first that do not. */
function replay<T>(cases: readonly T[], differs: (each: T) => string | undefined): [number, string[]] {
  const wrong: string[] = [];
  let agree = 0;
  for (const each of cases) {
    try {
      const difference = differs(each);
      if (difference === undefined) agree++;
      else wrong.push(difference);
    } catch (error) {
      if (!(error instanceof NotYet)) throw error;
    }
  }
  return [agree, wrong];
}

function difference(found: unknown, expected: unknown, of: unknown): string | undefined {
  const [one, other] = [JSON.stringify(found), JSON.stringify(expected)];
  return one === other ? undefined : `${JSON.stringify(of)}\n  here    ${one}\n  Django  ${other}`;
}

describeVectors('migrations/operations', 'operations, one beside another', () => {
  const all = vectors<Reduction>('migrations/operations');

  it('come to what Django’s come to', () => {
    const reductions = all.filter(({ call }) => call === 'reduce');
    const [agree, wrong] = replay(reductions, ({ op, args, result }) => {
      const found = operationOf(op).reduce(operationOf(args[0]), args[1]);
      const expected = typeof result === 'boolean' ? result : result.map(operationOf).map(comparable);
      return difference(typeof found === 'boolean' ? found : found.map(comparable), expected, [op, args]);
    });
    reportArea('migrations reduce', agree, reductions.length);
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(agree).toBeGreaterThan(1170);
  });

  it('are called, counted and named as Django’s are', () => {
    const facts = all.filter(({ call }) => call === 'facts' || call === 'state_forwards');
    const [agree, wrong] = replay(facts, (fact) => {
      const operation = operationOf(fact.op);
      const { formatted_description: said, migration_name_fragment: fragment, elidable } = fact;
      return difference(
        [operation.formattedDescription(), operation.migrationNameFragment, operation.elidable],
        [said, fragment, elidable],
        fact.op,
      );
    });
    reportArea('migrations facts', agree, facts.length);
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(agree).toBeGreaterThan(1200);
  });
});

describeVectors('migrations/optimizer', 'the optimizer', () => {
  it('makes of operations what Django’s makes', () => {
    const cases = vectors<Optimization>('migrations/optimizer');
    const [agree, wrong] = replay(cases, ({ app, operations, result }) =>
      difference(
        optimize(operations.map(operationOf), app).map(comparable),
        result.map(operationOf).map(comparable),
        operations,
      ),
    );
    reportArea('migrations optimizer', agree, cases.length);
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(agree).toBeGreaterThan(535);
  });
});
