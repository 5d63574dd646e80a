/** What the database makes of columns: defaults, calculations, comments, collations. */
import '../settings';
import { connections } from 'tsango/db';
import { AddField, AlterField, CreateModel, RemoveField } from 'tsango/db/migrations/operations';
import { ProjectState } from 'tsango/db/migrations/state';
import * as models from 'tsango/db/models';
import { onEachDatabase } from '../../support/each_database';

const { F, Func, Q, UniqueConstraint, Value } = models;

class Order extends models.Model {
  static override readonly Meta: models.MetaOptions = {
    appLabel: 'shop',
    dbTableComment: "What was sold; it's all",
    constraints: [
      new UniqueConstraint({ fields: ['total'], name: 'one_total', condition: new Q({ code: 'unique' }) }),
    ],
  };
  declare static readonly objects: models.Manager<Order>;
  declare id: number;
  @models.CharField({ maxLength: 20, dbDefault: 'it\'s "new"', dbComment: "The order's code" })
  declare code: string;
  @models.IntegerField({ dbDefault: new Func(new Value(-7), { function: 'ABS' }) }) declare price: number;
  @models.IntegerField({ default: 2, dbDefault: 3 }) declare count: number;
  @models.BooleanField({ dbDefault: true }) declare open: boolean;
  @models.GeneratedField({
    expression: F('price').mul(F('count')),
    outputField: new models.IntegerField(),
    dbPersist: true,
  })
  declare readonly total: number;
}

class Note extends models.Model {
  static override readonly Meta: models.MetaOptions = { appLabel: 'shop' };
  declare static readonly objects: models.Manager<Note>;
  declare id: number;
  @models.CharField({ maxLength: 9, dbCollation: 'test_collation' }) declare text: string;
}

const collations = { sqlite: 'NOCASE', postgresql: 'C', mysql: 'utf8mb4_bin' } as const;

onEachDatabase([Order], {}, ({ vendor }) => {
  afterEach(() => Order.objects.all().delete());

  it('asks the database for what nobody said', async () => {
    const order = await Order.objects.create({});
    expect([order.code, order.price, order.count, order.open]).toEqual(['it\'s "new"', 7, 2, true]);
    const found = await Order.objects.get({ pk: order.id });
    expect([found.code, found.price, found.count, found.open]).toEqual(['it\'s "new"', 7, 2, true]);
    const given = await Order.objects.create({ code: 'x', price: 1, count: 5, open: false });
    expect([given.code, given.price, given.count, given.open]).toEqual(['x', 1, 5, false]);
    await connections.get().execute(`INSERT INTO shop_order (code) VALUES ('raw')`);
    expect(await Order.objects.filter({ code: 'raw' }).valuesList('price', 'count', 'open')).toEqual([
      [7, 3, true],
    ]);
  });

  it('takes empty fields that the database fills', async () => {
    await new Order().fullClean();
    expect(Order._meta.getField('code').getDefault()).not.toBe('');
  });

  it('calculates columns, and tells what came of it', async () => {
    const order = await Order.objects.create({ price: 4, count: 3 });
    expect(await order.total).toBe(12);
    order.price = 5;
    await order.save();
    expect(await order.total).toBe(15);
    expect(await Order.objects.filter({ total__gt: 14 }).flat('total')).toEqual([15]);
    await order.save({ updateFields: ['count'] });
    expect((await Order.objects.get({ total: 15 })).total).toBe(15);
    expect(await Order.objects.aggregate({ most: models.Max('total') })).toEqual({ most: 15 });
  });

  it('knows calculated values before there is a row', async () => {
    await Order.objects.create({ price: 2, count: 2, code: 'unique' });
    const other = (values: Partial<Order>) => new Order({ code: 'unique', price: 4, count: 1, ...values });
    await expect(other({}).validateConstraints()).rejects.toThrow('Constraint “one_total” is violated.');
    await other({ price: 5 }).validateConstraints();
    await other({ code: 'x' }).validateConstraints();
  });

  it('says what tables and columns are', async () => {
    const connection = connections.get();
    const said = async (sql: string): Promise<unknown> =>
      Object.values((await connection.execute(sql)).rows[0] ?? {})[0];
    if (vendor === 'postgresql') {
      expect(await said(`SELECT obj_description('shop_order'::regclass)`)).toBe("What was sold; it's all");
      expect(await said(`SELECT col_description('shop_order'::regclass, 2)`)).toBe("The order's code");
    } else if (vendor === 'mysql') {
      const from = `FROM information_schema`;
      const where = `WHERE table_schema = DATABASE() AND table_name = 'shop_order'`;
      expect(await said(`SELECT table_comment ${from}.tables ${where}`)).toBe("What was sold; it's all");
      expect(await said(`SELECT column_comment ${from}.columns ${where} AND column_name = 'code'`)).toBe(
        "The order's code",
      );
    }
  });

  it('compares texts by the collation', async () => {
    const editor = connections.get().schemaEditor();
    const field = new models.CharField({ maxLength: 9, dbCollation: collations[vendor] });
    const model = new models.Options({
      appLabel: 'shop',
      objectName: 'Note',
      fields: [['text', field]],
      options: {},
      registry: Note._meta.registry,
    });
    await editor.run((each) => each.createModel(model));
    const connection = connections.get();
    await connection.execute(`INSERT INTO shop_note (text) VALUES ('a'), ('B')`);
    const texts = await Note.objects.orderBy('text').flat('text');
    expect(texts).toEqual(vendor === 'sqlite' ? ['a', 'B'] : ['B', 'a']);
  });

  it('adds, changes and removes such columns', async () => {
    const connection = connections.get();
    let state = new ProjectState();
    const apply = async (operation: CreateModel | AddField | AlterField | RemoveField): Promise<void> => {
      const next = state.clone();
      operation.stateForwards('shop', next);
      const before = state;
      await connection
        .schemaEditor()
        .run((editor) => operation.databaseForwards('shop', editor, before, next));
      state = next;
    };
    const rows = async (): Promise<unknown[]> => {
      const { rows: all } = await connection.execute('SELECT * FROM shop_item ORDER BY id');
      return all.map((row) => ({ ...row }));
    };
    await apply(
      new CreateModel({
        name: 'Item',
        fields: [
          ['id', new models.AutoField({ primaryKey: true })],
          ['n', new models.IntegerField()],
        ],
      }),
    );
    await connection.execute('INSERT INTO shop_item (n) VALUES (4)');
    await apply(
      new AddField({ modelName: 'item', name: 'm', field: new models.IntegerField({ dbDefault: 5 }) }),
    );
    const doubled = { expression: F('n').mul(2), outputField: new models.IntegerField(), dbPersist: true };
    await apply(new AddField({ modelName: 'item', name: 'd', field: new models.GeneratedField(doubled) }));
    expect(await rows()).toEqual([{ id: 1, n: 4, m: 5, d: 8 }]);
    await apply(
      new AlterField({
        modelName: 'item',
        name: 'm',
        field: new models.IntegerField({ dbDefault: 6, dbComment: 'six' }),
      }),
    );
    await connection.execute('INSERT INTO shop_item (n) VALUES (1)');
    await apply(
      new AlterField({ modelName: 'item', name: 'm', field: new models.IntegerField({ null: true }) }),
    );
    await connection.execute('INSERT INTO shop_item (n) VALUES (2)');
    expect(await rows()).toEqual([
      { id: 1, n: 4, m: 5, d: 8 },
      { id: 2, n: 1, m: 6, d: 2 },
      { id: 3, n: 2, m: null, d: 4 },
    ]);
    await apply(
      new AlterField({ modelName: 'item', name: 'm', field: new models.IntegerField({ dbDefault: 9 }) }),
    );
    expect((await rows())[2]).toEqual({ id: 3, n: 2, m: 9, d: 4 });
    const tripled = new models.GeneratedField({ ...doubled, expression: F('n').mul(3) });
    await expect(apply(new AlterField({ modelName: 'item', name: 'd', field: tripled }))).rejects.toThrow(
      'Modifying GeneratedFields is not supported - the field shop.Item.d must be removed and re-added with the new definition.',
    );
    await apply(new RemoveField({ modelName: 'item', name: 'd' }));
    expect((await rows())[0]).toEqual({ id: 1, n: 4, m: 5 });
  });
});

it('refuses generated fields that cannot be', () => {
  const options = { expression: F('n'), outputField: new models.IntegerField(), dbPersist: true };
  const make = (more: object) => () => new models.GeneratedField({ ...options, ...more });
  expect(make({ editable: true })).toThrow('GeneratedField cannot be editable.');
  expect(make({ blank: false })).toThrow('GeneratedField must be blank.');
  expect(make({ default: 1 })).toThrow('GeneratedField cannot have a default.');
  expect(make({ dbDefault: 1 })).toThrow('GeneratedField cannot have a database default.');
  expect(make({ dbPersist: undefined })).toThrow('GeneratedField.db_persist must be True or False.');
});
