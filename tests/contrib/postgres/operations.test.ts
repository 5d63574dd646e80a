/** What PostgreSQL alone has, on a server: extensions, collations, indexes of other kinds, constraints, and their way back. */
import { configure, overrideSettings } from 'tsango/conf';
import { ExclusionConstraint, RangeOperators } from 'tsango/contrib/postgres/constraints';
import { BloomIndex, BrinIndex, GinIndex, OpClass } from 'tsango/contrib/postgres/indexes';
import * as postgres from 'tsango/contrib/postgres/operations';
import { connections } from 'tsango/db';
import * as migrations from 'tsango/db/migrations';
import { ProjectState } from 'tsango/db/migrations/state';
import * as models from 'tsango/db/models';
import { scratchDatabase } from '../../support/databases';
import { describeWith } from '../../support/services';
import { SQLITE_ENGINE } from '../../support/sqlite';

configure({ SECRET_KEY: 'not a secret', DEFAULT_AUTO_FIELD: 'django.db.models.AutoField' });

/** Operations as a migration of their own. */
class Steps extends migrations.Migration {
  constructor(
    override operations: readonly migrations.Operation[],
    override atomic = true,
  ) {
    super('0002_steps', 'booking');
  }
}

const create = new migrations.CreateModel({
  name: 'Booking',
  fields: [
    ['id', new models.AutoField({ primaryKey: true })],
    ['room', new models.IntegerField()],
    ['day', new models.DateField()],
    ['note', new models.TextField()],
    ['data', new models.JSONField()],
  ],
});

describeWith('postgresql', 'operations of contrib.postgres', () => {
  const database = scratchDatabase('postgresql');
  let restore: () => Promise<void>;
  beforeAll(async () => {
    restore = overrideSettings({ DATABASES: { default: database } });
    await forwards([create], new ProjectState());
  });
  afterAll(async () => {
    await connections.closeAll();
    await restore();
  });

  const made = (): ProjectState => {
    const state = new ProjectState();
    create.stateForwards('booking', state);
    return state;
  };

  async function forwards(
    operations: readonly migrations.Operation[],
    from = made(),
    atomic = true,
  ): Promise<void> {
    const migration = new Steps(operations, atomic);
    const editor = connections.get().schemaEditor({ atomic });
    await editor.run(async () => {
      await migration.apply(from.clone(), editor);
    });
  }

  async function backwards(operations: readonly migrations.Operation[], atomic = true): Promise<void> {
    const migration = new Steps(operations, atomic);
    const editor = connections.get().schemaEditor({ atomic });
    await editor.run(() => migration.unapply(made(), editor));
  }

  const names = async (): Promise<string[]> =>
    [...(await connections.get().introspection.getConstraints('booking_booking')).keys()].sort();
  const count = async (sql: string): Promise<number> => (await connections.get().execute(sql)).rows.length;

  it('installs an extension, and removes it', async () => {
    const operations = [new postgres.TrigramExtension()];
    await forwards(operations);
    expect(await count("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")).toBe(1);
    await backwards(operations);
    expect(await count("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")).toBe(0);
  });

  it('makes a collation, and drops it', async () => {
    const collation = { name: 'any_case', provider: 'icu', locale: 'und-u-ks-level2', deterministic: false };
    const operations = [new postgres.CreateCollation(collation)];
    await forwards(operations);
    expect(
      await count("SELECT 1 FROM pg_collation WHERE collname = 'any_case' AND NOT collisdeterministic"),
    ).toBe(1);
    await forwards([new postgres.RemoveCollation(collation)]);
    expect(await count("SELECT 1 FROM pg_collation WHERE collname = 'any_case'")).toBe(0);
  });

  it('makes and drops an index while others write, outside of transactions alone', async () => {
    const index = new models.Index({ fields: ['room'], name: 'by_room' });
    const add = new postgres.AddIndexConcurrently({ modelName: 'booking', index });
    expect(add.describe()).toBe('Concurrently create index by_room on field(s) room of model booking');
    await expect(forwards([add])).rejects.toThrow(
      'The AddIndexConcurrently operation cannot be executed inside a transaction (set atomic = False on the migration).',
    );
    await forwards([add], made(), false);
    expect(await names()).toContain('by_room');
    await backwards([add], false);
    expect(await names()).not.toContain('by_room');
  });

  it('makes indexes of other kinds', async () => {
    await forwards([new postgres.BloomExtension(), new postgres.TrigramExtension()]);
    const indexes = [
      new GinIndex({ fields: ['data'], name: 'data_gin', fastupdate: false }),
      new GinIndex(new OpClass('note', { name: 'gin_trgm_ops' }), { name: 'note_trigrams' }),
      new BrinIndex({ fields: ['day'], name: 'day_brin', pagesPerRange: 4 }),
      new BloomIndex({ fields: ['room', 'id'], name: 'room_bloom', length: 128, columns: [2, 4] }),
    ];
    await forwards(indexes.map((index) => new migrations.AddIndex({ modelName: 'booking', index })));
    const found = await connections.get().introspection.getConstraints('booking_booking');
    expect(indexes.map(({ name }) => found.get(name)?.type)).toEqual(['gin', 'gin', 'brin', 'bloom']);
    const { rows } = await connections
      .get()
      .execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'room_bloom'");
    expect(rows[0]?.['indexdef']).toContain("WITH (length='128', col1='2', col2='4')");
  });

  it('keeps rows apart by an exclusion constraint', async () => {
    const constraint = new ExclusionConstraint({
      name: 'one_a_day',
      expressions: [
        ['room', RangeOperators.EQUAL],
        [models.F('day'), RangeOperators.EQUAL],
      ],
      condition: new models.Q({ room__gt: 0 }),
    });
    const add = new migrations.AddConstraint({ modelName: 'booking', constraint });
    await forwards([new postgres.BtreeGistExtension(), add]);
    const book = (): unknown =>
      connections
        .get()
        .execute("INSERT INTO booking_booking (room, day, note, data) VALUES (1, '2027-01-04', '', '{}')");
    await book();
    await expect(book()).rejects.toThrow(/violates exclusion constraint "one_a_day"/);
    await backwards([add]);
    await book();
    expect(await names()).not.toContain('one_a_day');
  });

  it('adds a check that the rows that are there do not keep, and looks at them later', async () => {
    const constraint = new models.CheckConstraint({
      condition: new models.Q({ room__gt: 100 }),
      name: 'high',
    });
    const add = new postgres.AddConstraintNotValid({ modelName: 'booking', constraint });
    await forwards([add]);
    const validate = new postgres.ValidateConstraint({ modelName: 'booking', name: 'high' });
    await expect(forwards([validate])).rejects.toThrow(/"high" .*is violated by some row/);
    await connections.get().execute('DELETE FROM booking_booking');
    await forwards([validate]);
  });

  it.each([
    [() => new ExclusionConstraint({ name: 'x', expressions: [] }), /At least one expression/],
    [() => new ExclusionConstraint({ name: 'x', expressions: [['a', '=; DROP']] }), /Invalid operator/],
    [
      () => new ExclusionConstraint({ name: 'x', expressions: [['a', '=']], indexType: 'gin' }),
      /only support GiST/,
    ],
    [() => new OpClass('a', { name: 'x) --' }), /Invalid operator class/],
    [() => new BloomIndex({ fields: ['a'], name: 'x', length: 5000 }), /from 1 to 4096/],
    [() => new BrinIndex({ fields: ['a'], name: 'x', pagesPerRange: 0 }), /pages_per_range/],
  ])('refuses what there cannot be %#', (make, message) => {
    expect(make).toThrow(message);
  });
});

describe('on another database', () => {
  it('extensions and collations are nothing, and no index is made concurrently', async () => {
    const restore = overrideSettings({ DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } } });
    try {
      const editor = connections.get().schemaEditor({ collectSql: true, atomic: false });
      const state = new ProjectState();
      create.stateForwards('booking', state);
      const index = new models.Index({ fields: ['room'], name: 'by_room' });
      await editor.run(async () => {
        await new postgres.HStoreExtension().databaseForwards('booking', editor);
        const add = new postgres.AddIndexConcurrently({ modelName: 'booking', index });
        await expect(add.databaseForwards('booking', editor, state, state)).rejects.toThrow(
          'SQLite makes and drops no index concurrently: use AddIndex and RemoveIndex there.',
        );
      });
      expect(editor.collectedSql).toEqual([]);
    } finally {
      await restore();
    }
  });
});
