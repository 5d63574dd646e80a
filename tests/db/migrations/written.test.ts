/**
 * Migrations are written, and read again: what was written makes the same models, and is written in the same words. Random
 * values, fields, expressions and operations; `RANDOM_WRITTEN=5000 npx jest tests/db/migrations/written` tries more of them.
 */
import '../settings';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { overrideSettings } from 'tsango/conf';
import * as migrations from 'tsango/db/migrations';
import * as models from 'tsango/db/models';
import type { Expression } from 'tsango/db/models/expressions/base';
import * as functions from 'tsango/db/models/functions';
import { GreaterThan, IsNull } from 'tsango/db/models/lookups';
import { Decimal } from 'tsango/python/decimal';
import { Duration } from 'tsango/python/timedelta';
import { UUID } from 'tsango/python/types';
import { isTheSame, migrationOf } from '../../support/random_models/written';

const { F, Q, Value, Case, When } = models;

const RUNS = Number(process.env['RANDOM_WRITTEN'] ?? 150);

let restore: () => Promise<void>;
beforeAll(() => {
  restore = overrideSettings({ MIGRATION_MODULES: { shop: 'tests.db.migrations' } });
});
afterAll(() => restore());

// Values ------------------------------------------------------------------------------------------------------

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom("it's", '"', '`$' + '{x}`', '\\', '\n\u2028'),
);
const json: fc.Arbitrary<unknown> = fc.jsonValue({ maxDepth: 2 });
const value: fc.Arbitrary<unknown> = fc.oneof(
  text,
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.boolean(),
  fc.constant(null),
  fc.bigInt(),
  fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') }),
  fc.integer({ min: -1e6, max: 1e6 }).map((cents) => Decimal.from(`${cents}E-2`)),
  fc.integer().map((seconds) => new Duration({ seconds })),
  fc.uint8Array().map((bytes) => new Uint8Array(bytes)),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  fc.uuid().map((text) => new UUID(text)),
);

// Expressions -------------------------------------------------------------------------------------------------

type Any = Expression;
const name = fc.constantFrom('a', 'b', 'c');
const output = fc.constantFrom(
  () => new models.IntegerField(),
  () => new models.CharField({ maxLength: 7 }),
  () => new models.DecimalField({ maxDigits: 5, decimalPlaces: 1 }),
);

const { expression } = fc.letrec<{ expression: Any; condition: models.Q }>((tie) => {
  const part = tie('expression') as fc.Arbitrary<Any & { add(other: unknown): Any }>;
  const leaf = fc.oneof(
    name.map((each) => F(each) as unknown as Any),
    fc.oneof(fc.integer(), text, fc.boolean()).map((each) => new Value(each) as Any),
    fc.tuple(fc.integer(), output).map(([each, field]) => new Value(each, { outputField: field() }) as Any),
    fc.constant(null).map(() => functions.Now() as Any),
    fc.tuple(text, fc.integer()).map(([sql, param]) => new models.RawSQL(sql, [param]) as Any),
  );
  const combinable = fc.oneof(
    name.map((each) => F(each)),
    fc.integer().map((each) => new Value(each)),
  );
  const inner = fc.oneof(
    fc
      .tuple(combinable, fc.constantFrom('add', 'sub', 'mul', 'div', 'mod', 'pow', 'bitand', 'bitor'), part)
      .map(
        ([left, method, right]) =>
          (left as unknown as Record<string, (other: unknown) => Any>)[method]?.(right) as Any,
      ),
    fc
      .tuple(fc.constantFrom('Lower', 'Upper', 'Length', 'Trim', 'Abs', 'Ceil', 'MD5', 'Sqrt'), part)
      .map(([each, arg]) => (functions as unknown as Record<string, (arg: Any) => Any>)[each]?.(arg) as Any),
    fc.tuple(part, part, part).map(([one, two, three]) => functions.Concat(one, two, three) as Any),
    fc.tuple(part, part).map(([one, two]) => functions.Coalesce(one, two) as Any),
    fc.tuple(part, part).map(([one, two]) => functions.NullIf(one, two) as Any),
    fc.tuple(part, output).map(([one, field]) => functions.Cast(one, field()) as Any),
    part.map((one) => functions.Collate(one, 'nocase') as Any),
    part.map((one) => functions.Extract(one, 'year') as Any),
    part.map((one) => functions.ExtractMonth(one, { tzinfo: 'Europe/Paris' }) as Any),
    part.map((one) => functions.Trunc(one, 'day', { outputField: new models.DateField() }) as Any),
    part.map((one) => functions.TruncMonth(one) as unknown as Any),
    part.map((one) => functions.TruncDate(one, { tzinfo: 'UTC' }) as Any),
    part.map((one) => functions.Left(one, 3) as Any),
    part.map((one) => functions.Substr(one, 2) as Any),
    part.map((one) => functions.LPad(one, 9, new Value('-')) as Any),
    part.map((one) => functions.Round(one, 2) as Any),
    part.map((one) => functions.JSONObject({ key: one, 'other key': 'a' }) as Any),
    part.map(
      (one) => new models.Func(one, { function: 'SOUNDEX', outputField: new models.CharField() }) as Any,
    ),
    fc.tuple(part, output).map(([one, field]) => new models.ExpressionWrapper(one, field()) as Any),
    fc
      .tuple(tie('condition') as fc.Arbitrary<models.Q>, part, part)
      .map(([when, then, otherwise]) => Case(When(when, then), { default: otherwise }) as Any),
    fc.tuple(part, fc.integer()).map(([one, limit]) => new GreaterThan(one, limit) as Any),
    part.map((one) => new IsNull(one, true) as Any),
  );
  return {
    expression: fc.oneof({ maxDepth: 4, withCrossShrink: true }, leaf, inner),
    condition: fc
      .array(fc.tuple(name, fc.constantFrom('__gt', '__isnull', '', '__in'), fc.boolean()), {
        minLength: 1,
        maxLength: 3,
      })
      .map((parts) =>
        parts
          .map(([field, lookup, negated]) => {
            const operand = lookup === '__isnull' ? true : lookup === '__in' ? [1, 2] : F('b');
            const made = new Q({ [`${field}${lookup}`]: operand });
            return negated ? made.not() : made;
          })
          .reduce((all, each, at) => (at % 2 === 0 ? all.or(each) : all.and(each))),
      ),
  };
});

const condition = fc
  .array(fc.tuple(name, fc.constantFrom('gt', 'lte', 'exact'), fc.oneof(fc.integer(), text), fc.boolean()), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) =>
    parts
      .map(([field, lookup, operand, negated]) => {
        const made = new Q({ [`${field}__${lookup}`]: operand });
        return negated ? made.not() : made;
      })
      .reduce((all, each, at) => (at % 2 === 0 ? all.or(each) : all.and(each))),
  );

// Fields ------------------------------------------------------------------------------------------------------

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };
const defined = <T extends object>(record: T): Defined<T> =>
  Object.fromEntries(Object.entries(record).filter(([, each]) => each !== undefined)) as Defined<T>;
const option = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });

const shared = fc
  .record({
    verboseName: option(text),
    helpText: option(text),
    null: option(fc.boolean()),
    blank: option(fc.boolean()),
    dbIndex: option(fc.boolean()),
    unique: option(fc.boolean()),
    editable: option(fc.boolean()),
    dbColumn: option(fc.constantFrom('column', 'Straße')),
    choices: option(fc.array(fc.tuple(fc.integer(), text), { minLength: 1, maxLength: 3 })),
    errorMessages: option(text.map((each) => ({ invalid: each }))),
  })
  .map(defined);

const field: fc.Arbitrary<models.Field> = shared.chain((options) =>
  fc.oneof(
    fc
      .record({ maxLength: fc.integer({ min: 1, max: 99 }), default: option(text) })
      .map((own) => new models.CharField({ ...options, ...defined(own) })),
    value.map((given) => new models.TextField({ ...options, default: given })),
    fc
      .oneof(fc.integer(), expression)
      .map((given) => new models.IntegerField({ ...options, dbDefault: given })),
    json.map((given) => new models.JSONField({ ...options, default: given })),
    fc
      .constantFrom(
        Date.now,
        randomUUID,
        () => [],
        () => ({}),
      )
      .map((given) => new models.JSONField({ ...options, default: given })),
    fc.constant(new models.DecimalField({ ...options, maxDigits: 9, decimalPlaces: 3 })),
    fc.constant(new models.DateTimeField({ ...options, autoNow: true })),
    fc
      .constantFrom(models.CASCADE, models.PROTECT, models.SET_NULL, models.SET(3), models.DO_NOTHING)
      .map(
        (onDelete) =>
          new models.ForeignKey('shop.Other', { ...options, onDelete, relatedName: '+' }) as models.Field,
      ),
    fc.constant(
      new models.ManyToManyField('shop.Other', { relatedName: 'a%(class)s', blank: true }) as models.Field,
    ),
    fc
      .tuple(expression, output, fc.boolean())
      .map(
        ([made, type, dbPersist]) =>
          new models.GeneratedField({ expression: made, outputField: type(), dbPersist }) as models.Field,
      ),
  ),
);

const key = new models.AutoField({ primaryKey: true });
const plain = (): [string, models.Field][] => [
  ['id', key],
  ['a', new models.IntegerField()],
  ['b', new models.CharField({ maxLength: 9 })],
  ['c', new models.DateTimeField({ null: true })],
];
const other = new migrations.CreateModel({ name: 'Other', fields: [['id', key]] });

const run = (property: fc.IAsyncProperty<never[]> | unknown): Promise<void> =>
  fc.assert(property as fc.IAsyncProperty<[unknown]>, { numRuns: RUNS, seed: 20_250_102 });

it('keep fields with all their options', () =>
  run(
    fc.asyncProperty(fc.array(field, { minLength: 1, maxLength: 3 }), async (fields) => {
      const named = fields.map((each, at): [string, models.Field] => [`f${at}`, each]);
      await isTheSame(
        migrationOf([other, new migrations.CreateModel({ name: 'Thing', fields: [...plain(), ...named] })]),
      );
    }),
  ));

it('keep values of every kind', () =>
  run(
    fc.asyncProperty(fc.array(value, { maxLength: 4 }), async (values) => {
      const fields = values.map((each, at): [string, models.Field] => [
        `f${at}`,
        new models.TextField({ default: each }),
      ]);
      await isTheSame(
        migrationOf([new migrations.CreateModel({ name: 'Thing', fields: [...plain(), ...fields] })]),
      );
    }),
  ));

it('keep indexes, constraints and conditions', () =>
  run(
    fc.asyncProperty(expression, condition, fc.boolean(), async (made, where, descending) => {
      const sorted = descending ? made.desc({ nullsLast: true }) : made.asc();
      await isTheSame(
        migrationOf([
          new migrations.CreateModel({
            name: 'Thing',
            fields: plain(),
            options: {
              indexes: [new models.Index(sorted, { name: 'one', condition: where })],
              constraints: [new models.CheckConstraint({ name: 'two', condition: where })],
              uniqueTogether: [['a', 'b']],
              ordering: ['-a'],
              verboseName: 'a "thing"',
            },
          }),
          new migrations.AddIndex({
            modelName: 'thing',
            index: new models.Index({ fields: ['-a', 'b'], name: 'three' }),
          }),
          new migrations.AddConstraint({
            modelName: 'thing',
            constraint: new models.UniqueConstraint(made, {
              name: 'four',
              condition: where,
              violationErrorMessage: 'No.',
            }),
          }),
          new migrations.AddConstraint({
            modelName: 'thing',
            constraint: new models.UniqueConstraint({
              fields: ['a'],
              name: 'five',
              deferrable: models.Deferrable.DEFERRED,
            }),
          }),
        ]),
      );
    }),
  ));

it('keep operations', () =>
  run(
    fc.asyncProperty(field, text, async (each, sql) => {
      await isTheSame(
        migrationOf([
          other,
          new migrations.CreateModel({ name: 'Thing', fields: plain() }),
          new migrations.AddField({ modelName: 'thing', name: 'added', field: each, preserveDefault: false }),
          new migrations.AlterField({
            modelName: 'thing',
            name: 'b',
            field: new models.TextField({ default: sql }),
          }),
          new migrations.RenameField({ modelName: 'thing', oldName: 'a', newName: 'renamed' }),
          new migrations.AlterModelOptions({
            name: 'thing',
            options: { ordering: ['renamed'], verboseName: sql },
          }),
          new migrations.AlterModelTable({ name: 'thing', table: 'things' }),
          new migrations.AlterUniqueTogether({ name: 'thing', uniqueTogether: [['renamed', 'b']] }),
          new migrations.RunSQL(sql, sql),
          new migrations.RunSQL([sql, [sql, [1, 'x']]] as never),
          new migrations.SeparateDatabaseAndState({
            stateOperations: [new migrations.RemoveField({ modelName: 'thing', name: 'c' })],
          }),
          new migrations.RenameModel({ oldName: 'Thing', newName: 'Renamed' }),
        ]),
      );
    }),
  ));
