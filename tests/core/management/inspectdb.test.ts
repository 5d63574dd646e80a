/** `inspectdb`: a legacy schema on each database becomes models that compile, and that are asked for its rows. */
import path from 'node:path';
import { configure, type DatabaseSettings, overrideSettings } from 'tsango/conf';
import { connections } from 'tsango/db';
import * as ts from 'typescript';
import { scratchDatabase } from '../../support/databases';
import { describeWith } from '../../support/services';
import { SQLITE_ENGINE } from '../../support/sqlite';
import { REPOSITORY, Site } from '../../support/temporary_site';

configure({ SECRET_KEY: 'not a secret' });

type Vendor = 'sqlite' | 'postgresql' | 'mysql';

/** What the databases say differently. */
const WORDS = {
  sqlite: {
    id: 'integer NOT NULL PRIMARY KEY AUTOINCREMENT',
    moment: 'datetime',
    flag: 'bool',
    json: 'text',
  },
  postgresql: { id: 'serial PRIMARY KEY', moment: 'timestamptz', flag: 'boolean', json: 'jsonb' },
  mysql: { id: 'integer AUTO_INCREMENT PRIMARY KEY', moment: 'datetime(6)', flag: 'bool', json: 'json' },
} as const;

function legacy(vendor: Vendor): string[] {
  const { id, moment, flag, json } = WORDS[vendor];
  const quote = vendor === 'mysql' ? '`' : '"';
  const q = (name: string): string => `${quote}${name}${quote}`;
  return [
    `CREATE TABLE customers (id ${id}, email varchar(80) NOT NULL UNIQUE, ${q('Full Name')} varchar(60) NOT NULL,
       referred_by_id integer NULL, vip ${flag} NOT NULL, FOREIGN KEY (referred_by_id) REFERENCES customers (id))`,
    `CREATE TABLE ${q('date')} (id ${id}, ${q('then')} varchar(10) NULL)`,
    `CREATE TABLE orders (order_no varchar(12) NOT NULL PRIMARY KEY, customer integer NOT NULL,
       payer_id integer NULL, total decimal(8, 2) NOT NULL, placed ${moment} NOT NULL, ${q('from')} date NULL,
       extra ${json} NULL, note text NULL, FOREIGN KEY (customer) REFERENCES customers (id),
       FOREIGN KEY (payer_id) REFERENCES customers (id))`,
    `CREATE TABLE order_lines (order_no varchar(12) NOT NULL, line smallint NOT NULL, product varchar(40) NOT NULL,
       PRIMARY KEY (order_no, line), UNIQUE (order_no, product), FOREIGN KEY (order_no) REFERENCES orders (order_no))`,
    `CREATE TABLE invoices (order_id varchar(12) NOT NULL PRIMARY KEY, paid ${moment} NULL,
       FOREIGN KEY (order_id) REFERENCES orders (order_no))`,
    'CREATE VIEW vips AS SELECT id, email FROM customers WHERE vip',
    `INSERT INTO customers (id, email, ${q('Full Name')}, referred_by_id, vip) VALUES (1, 'a@x.org', 'Ada', NULL, true)`,
    `INSERT INTO customers (id, email, ${q('Full Name')}, referred_by_id, vip) VALUES (2, 'b@x.org', 'Bob', 1, false)`,
    `INSERT INTO orders (order_no, customer, payer_id, total, placed, ${q('from')}, note)
       VALUES ('A-1', 2, 1, 9.5, '2027-01-04 10:00:00', '2027-01-03', 'quick')`,
    "INSERT INTO order_lines (order_no, line, product) VALUES ('A-1', 1, 'tea'), ('A-1', 2, 'milk')",
    "INSERT INTO invoices (order_id, paid) VALUES ('A-1', NULL)",
  ];
}

/** A command of the site that asks through the models. */
const LOOK = `import { BaseCommand } from 'tsango/core/management';
import { Customers, Invoices, OrderLines, Orders, Vips } from '../../models';

export class Command extends BaseCommand {
  override async handle(): Promise<string> {
    const order = await Orders.objects.selectRelated('customer').get({ orderNo: 'A-1' });
    const payer = await order.payer;
    const bob = await Customers.objects.get({ email: 'b@x.org' });
    const ada = await bob.referredBy;
    const line = await OrderLines.objects.get({ pk: ['A-1', 2] });
    const invoice = await Invoices.objects.get({ order__customer__fullName: 'Bob' });
    return JSON.stringify([
      order.customer.fullName, order.customerId, payer?.email, order.total, order.placed.toISOString(), order.fromField,
      ada?.vip, bob.vip, line.product, invoice.paid, await Vips.objects.count(),
      await Orders.objects.filter({ customer__referredBy: 1 }).values('orderNo'),
    ]);
  }
}
`;

const settingsOf = (database: DatabaseSettings): string => `import { defineSettings } from 'tsango/conf';

export default defineSettings({
  SECRET_KEY: 'a key for tests alone',
  INSTALLED_APPS: ['legacy'],
  DEFAULT_AUTO_FIELD: 'tsango.db.models.AutoField',
  DATABASES: { default: ${JSON.stringify(database)} },
});
`;

/** What a strict compiler says of files. */
function errorsOf(files: readonly string[]): string[] {
  const config = ts.readConfigFile(path.join(REPOSITORY, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, REPOSITORY);
  const program = ts.createProgram(files, { ...options, incremental: false, noEmit: true });
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

const DATABASES: Readonly<Record<Vendor, (site: () => Site) => () => DatabaseSettings>> = {
  sqlite: (site) => () => ({ ENGINE: SQLITE_ENGINE, NAME: path.join(site().root, 'db.sqlite3') }),
  postgresql: () => {
    const made = scratchDatabase('postgresql');
    return () => made;
  },
  mysql: () => {
    const made = scratchDatabase('mysql');
    return () => made;
  },
};

/** What asks through written models. */
const sources: string[] = [];
const sites: Site[] = [];
afterAll(() => {
  for (const site of sites) site.remove();
});

for (const vendor of ['sqlite', 'postgresql', 'mysql'] as const) {
  describeWith(vendor === 'sqlite' ? [] : vendor, vendor, () => {
    let site: Site;
    const settings = DATABASES[vendor](() => site);

    beforeAll(async () => {
      site = new Site({ 'legacy/management/commands/look.ts': LOOK, 'legacy/models.ts': '' });
      sites.push(site);
      site.write('settings.ts', settingsOf(settings()));
      const restore = overrideSettings({ DATABASES: { default: settings() } });
      for (const sql of legacy(vendor)) await connections.get().execute(sql);
      await connections.closeAll();
      await restore();
    });
    it('writes models that find the rows', async () => {
      const { stdout, stderr, status } = await site.run('inspectdb', '--include-views');
      expect([status, stderr]).toEqual([0, '']);
      site.write('legacy/models.ts', stdout);
      sources.push(path.join(site.root, 'legacy/management/commands/look.ts'));
      const looked = await site.run('look');
      expect(looked.stderr).toBe('');
      expect(JSON.parse(looked.stdout)).toEqual([
        'Bob',
        2,
        'a@x.org',
        '9.50',
        '2027-01-04T10:00:00.000Z',
        '2027-01-03',
        // MySQL keeps a truth as a number, and says so.
        vendor === 'mysql' ? 1 : true,
        vendor === 'mysql' ? 0 : false,
        'milk',
        null,
        1,
        [{ orderNo: 'A-1' }],
      ]);
    }, 120_000);

    it('writes the tables that are named, and says which it cannot read', async () => {
      const { stdout } = await site.run('inspectdb', 'date', 'nothing');
      expect(stdout).toContain('export class DateModel extends models.Model {');
      expect(stdout).toContain('// Field renamed because models have something of this name.');
      expect(stdout).toContain(
        "@models.CharField({ dbColumn: 'then', maxLength: 10, blank: true, null: true })",
      );
      expect(stdout).toContain("// Unable to inspect table 'nothing'");
      expect(stdout).not.toContain('Orders');
    }, 60_000);
  });
}

it('writes models that compile, and so does what asks through them', () => {
  expect(sources.length).toBeGreaterThan(0);
  expect(errorsOf(sources)).toEqual([]);
}, 180_000);
