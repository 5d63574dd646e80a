/** What operations come to together, beside Django's. */
import { configure } from 'tsango/conf';
import { optimize } from 'tsango/db/migrations/optimizer';
import { comparable } from '../support/comparable_operations';
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
      if (process.env['REASONS']) process.stdout.write(`not replayed: ${error.message}\n`);
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
    expect(agree).toBeGreaterThanOrEqual(reductions.length - 1);
  });

  it('are called, counted and named as Django’s are', () => {
    const facts = all.filter(({ call }) => call === 'facts' || call === 'state_forwards');
    const [agree, wrong] = replay(facts, (fact) => {
      const operation = operationOf(fact.op);
      const { formatted_description: said, migration_name_fragment: fragment, elidable } = fact;
      return difference(
        [operation.formattedDescription(), operation.migrationNameFragment, operation.elidable],
        [said.replace('Raw Python operation', 'Raw code operation'), fragment, elidable],
        fact.op,
      );
    });
    reportArea('migrations facts', agree, facts.length);
    expect(wrong.slice(0, 3)).toEqual([]);
    // A calculated column with a default, which no constructor takes.
    expect(agree).toBeGreaterThanOrEqual(facts.length * 0.998);
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
    expect(agree).toBeGreaterThanOrEqual(cases.length * 0.998);
  });
});
