// migrate --fake-initial on SQLite: names of tables are compared without regard to case (ignores_table_name_case).
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';

const ROOT = path.resolve(__dirname, '..', '..');

it('a table that differs in case only is recognised', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'fake-initial-'));
  mkdirSync(path.join(folder, 'shop', 'migrations'), { recursive: true });
  const file = path.join(folder, 'db.sqlite3');
  const database = new Database(file);
  database.exec(
    "CREATE TABLE SHOP_Item (id integer PRIMARY KEY AUTOINCREMENT, name varchar(10) NOT NULL); INSERT INTO shop_item (name) VALUES ('kept')",
  );
  database.close();
  writeFileSync(
    path.join(folder, 'shop', 'migrations', '0001_initial.ts'),
    `import * as migrations from 'tsango/db/migrations';
     import * as models from 'tsango/db/models';
     export class Migration extends migrations.Migration {
       override initial = true;
       override operations = [new migrations.CreateModel({ name: 'Item', fields: [['id', new models.AutoField({ primaryKey: true })], ['name', new models.CharField({ maxLength: 10 })]] })];
     }`,
  );
  writeFileSync(
    path.join(folder, 'settings.ts'),
    `import { defineSettings } from 'tsango/conf';
     export default defineSettings({ SECRET_KEY: 'x', INSTALLED_APPS: ['shop'], DATABASES: { default: { ENGINE: 'better-sqlite3', NAME: ${JSON.stringify(file)} } } });`,
  );
  const output = execFileSync(
    process.execPath,
    [
      path.join(ROOT, 'node_modules/ts-node/dist/bin.js'),
      '--project',
      path.join(ROOT, 'tsconfig.json'),
      'manage.ts',
      'migrate',
      '--fake-initial',
      '--settings',
      'settings',
      '--pythonpath',
      folder,
    ],
    { cwd: ROOT, encoding: 'utf8' },
  );
  // Django 5.2.18: "Applying shop.0001_initial... FAKED"; here: table "shop_item" already exists
  expect(output).toContain('Applying shop.0001_initial... FAKED');
});
