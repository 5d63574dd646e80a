/**
 * What PostgreSQL alone has is written into migrations, and read again the same: its indexes, exclusion constraints, fields and
 * operations, with random options.
 */
import '../settings';
import fc from 'fast-check';
import { overrideSettings } from 'tsango/conf';
import { ExclusionConstraint } from 'tsango/contrib/postgres/constraints';
import * as postgres from 'tsango/contrib/postgres/fields';
import * as indexes from 'tsango/contrib/postgres/indexes';
import * as operations from 'tsango/contrib/postgres/operations';
import * as migrations from 'tsango/db/migrations';
import * as models from 'tsango/db/models';
import * as functions from 'tsango/db/models/functions';
import { isTheSame, migrationOf } from '../../support/random_models/written';

const { F, Q } = models;
const RUNS = Number(process.env['RANDOM_WRITTEN'] ?? 40);

let restore: () => Promise<void>;
beforeAll(() => {
  restore = overrideSettings({ MIGRATION_MODULES: { shop: 'tests.db.migrations' } });
});
afterAll(() => restore());

const run = (property: fc.IAsyncProperty<[never]> | unknown): Promise<void> =>
  fc.assert(property as fc.IAsyncProperty<[unknown]>, { numRuns: RUNS, seed: 20_250_102 });

const thing = new migrations.CreateModel({
  name: 'Thing',
  fields: [
    ['id', new models.AutoField({ primaryKey: true })],
    ['a', new models.IntegerField()],
    ['b', new models.CharField({ maxLength: 9 })],
    ['span', new postgres.IntegerRangeField({ null: true })],
  ],
});

const option = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });
/** Options that are given: one that is undefined is another thing than none. */
const given = <T extends object>(record: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(record).map(
    (all) =>
      Object.fromEntries(Object.entries(all).filter(([, each]) => each !== undefined)) as {
        [K in keyof T]: Exclude<T[K], undefined>;
      },
  );
const name = fc.constantFrom('one', 'two', "it's");
const fillfactor = option(fc.integer({ min: 10, max: 100 }));
const condition = option(
  fc.integer().map((limit) => new Q({ a__gt: limit }).or(new Q({ b__startswith: "'\\%" }).not())),
);
const plain = { name, fields: fc.constantFrom(['a'], ['-a', 'b']), condition };

const index: fc.Arbitrary<models.Index> = fc.oneof(
  given({
    ...plain,
    fastupdate: option(fc.boolean()),
    ginPendingListLimit: option(fc.integer({ min: 64, max: 999 })),
  }).map((all) => new indexes.GinIndex(all)),
  given({ ...plain, fillfactor, buffering: option(fc.boolean()) }).map((all) => new indexes.GistIndex(all)),
  given({ ...plain, fillfactor }).map((all) => new indexes.SpGistIndex(all)),
  given({ ...plain, fillfactor }).map((all) => new indexes.HashIndex(all)),
  given({ ...plain, fillfactor, deduplicateItems: option(fc.boolean()) }).map(
    (all) => new indexes.BTreeIndex(all),
  ),
  given({
    ...plain,
    autosummarize: option(fc.boolean()),
    pagesPerRange: option(fc.integer({ min: 1, max: 99 })),
  }).map((all) => new indexes.BrinIndex(all)),
  given({
    ...plain,
    length: option(fc.integer({ min: 1, max: 4096 })),
    columns: option(fc.constant([3])),
  }).map((all) => new indexes.BloomIndex(all)),
  given({ name, opclasses: fc.constant(['gin_trgm_ops']), fields: fc.constant(['b']) }).map(
    (all) => new indexes.GinIndex(all),
  ),
  name.map(
    (each) =>
      new indexes.GinIndex(new indexes.OpClass(functions.Lower('b'), { name: 'gin_trgm_ops' }), {
        name: each,
      }),
  ),
);

const exclusion = given({
  name,
  expressions: fc.constantFrom<[string | ReturnType<typeof F>, string][][]>(
    [['span', '&&']],
    [
      ['a', '='],
      [F('span') as never, '-|-'],
    ],
    [[functions.Lower('b') as never, '=']],
  ),
  indexType: option(fc.constantFrom('gist', 'spgist', 'SPGIST')),
  condition,
  include: option(fc.constant(['b'])),
  deferrable: fc.constantFrom(undefined, models.Deferrable.DEFERRED, models.Deferrable.IMMEDIATE),
  violationErrorMessage: option(fc.string()),
  violationErrorCode: option(fc.constantFrom('taken', "it's")),
}).map(
  ({ deferrable, ...all }) => new ExclusionConstraint({ ...all, ...(deferrable && { deferrable }) } as never),
);

const field: fc.Arbitrary<models.Field> = fc.oneof(
  given({ size: option(fc.integer({ min: 1, max: 9 })), default: option(fc.constantFrom(() => [])) }).map(
    (all) => new postgres.ArrayField({ ...all, baseField: new models.CharField({ maxLength: 3 }) }),
  ),
  fc.constant(
    new postgres.ArrayField({ baseField: new postgres.ArrayField({ baseField: new models.IntegerField() }) }),
  ),
  given({ null: option(fc.boolean()) }).map((all) => new postgres.HStoreField(all)),
  given({ null: option(fc.boolean()) }).map((all) => new postgres.BigIntegerRangeField(all)),
  given({ defaultBounds: fc.constantFrom<'[]' | '()' | undefined>('[]', '()', undefined) }).map(
    (all) => new postgres.DecimalRangeField(all),
  ),
  fc.constant(new postgres.DateRangeField()),
  fc.constant(new postgres.DateTimeRangeField({ defaultBounds: '[]' })),
  fc.constant(new postgres.CITextField()),
  fc.constant(new models.NullBooleanField()),
);

it('keep indexes of every kind', () =>
  run(
    fc.asyncProperty(index, index, async (first, second) => {
      await isTheSame(
        migrationOf([
          thing,
          new migrations.AddIndex({ modelName: 'thing', index: first }),
          new operations.AddIndexConcurrently({
            modelName: 'thing',
            index: Object.assign(second.clone(), { name: 'other' }),
          }),
        ]),
      );
    }),
  ));

it('keep exclusion constraints', () =>
  run(
    fc.asyncProperty(exclusion, async (constraint) => {
      await isTheSame(migrationOf([thing, new migrations.AddConstraint({ modelName: 'thing', constraint })]));
    }),
  ));

it('keep fields', () =>
  run(
    fc.asyncProperty(field, async (added) => {
      await isTheSame(
        migrationOf([thing, new migrations.AddField({ modelName: 'thing', name: 'added', field: added })]),
      );
    }),
  ));

it('keep operations', () =>
  run(
    fc.asyncProperty(name, fc.boolean(), async (each, deterministic) => {
      const constraint = new models.CheckConstraint({ name: each, condition: new Q({ a__gt: 1 }) });
      await isTheSame(
        migrationOf([
          new operations.CreateExtension({ name: each }),
          new operations.HStoreExtension(),
          new operations.TrigramExtension(),
          new operations.CreateCollation({
            name: each,
            locale: 'de-u-ks-level2',
            provider: 'icu',
            deterministic,
          }),
          thing,
          new operations.AddConstraintNotValid({ modelName: 'thing', constraint }),
          new operations.ValidateConstraint({ modelName: 'thing', name: each }),
          new operations.RemoveCollation({
            name: each,
            locale: 'de-u-ks-level2',
            provider: 'icu',
            deterministic,
          }),
        ]),
      );
    }),
  ));
