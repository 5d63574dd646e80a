/** The same site twice, for Django and for tsango: 20 apps of 5 models, and 25 migrations an app that lead to them. */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const APPS = 20;
const MODELS = 5;
const MIGRATIONS = 25;

type Options = Readonly<Record<string, string | number | boolean>>;
interface FieldSpec {
  readonly type: string;
  /** `to` is a model as `app.Model`. */
  readonly options: Options;
}
interface ModelSpec {
  readonly name: string;
  readonly fields: Map<string, FieldSpec>;
  readonly indexes: { fields: string[]; name: string }[];
  ordering: string | undefined;
}
type Step =
  | { op: 'create'; model: ModelSpec }
  | { op: 'add' | 'alter'; model: string; field: string; spec: FieldSpec }
  | { op: 'rename'; model: string; from: string; to: string }
  | { op: 'index'; model: string; fields: string[]; name: string }
  | { op: 'options'; model: string; ordering: string };
interface Migration {
  readonly name: string;
  readonly dependencies: [string, string][];
  readonly steps: Step[];
}

const appName = (app: number): string => `app${String(app).padStart(2, '0')}`;
const field = (type: string, options: Options = {}): FieldSpec => ({ type, options });

/** The models as they are first. */
function modelsOf(app: number): ModelSpec[] {
  return Array.from({ length: MODELS }, (_, at) => {
    const fields = new Map<string, FieldSpec>([
      [
        'id',
        field('BigAutoField', {
          auto_created: true,
          primary_key: true,
          serialize: false,
          verbose_name: 'ID',
        }),
      ],
      ['name', field('CharField', { max_length: 100 })],
      ['count', field('IntegerField', { default: 0 })],
      ['price', field('DecimalField', { max_digits: 8, decimal_places: 2, default: '0.00' })],
      ['note', field('TextField', { default: '' })],
      ['made', field('DateTimeField', { null: true })],
      ['flag', field('BooleanField', { default: false })],
    ]);
    const to = at > 0 ? `${appName(app)}.Model${at - 1}` : app > 0 ? `${appName(app - 1)}.Model0` : undefined;
    if (to) fields.set('ref', field('ForeignKey', { to, on_delete: 'CASCADE', null: true }));
    return { name: `Model${at}`, fields, indexes: [], ordering: undefined };
  });
}

/** One more migration, and what the models are after it. */
function change(app: string, number: number, models: readonly ModelSpec[]): Step[] {
  const model = models[number % MODELS] as ModelSpec;
  const add = (name: string, spec: FieldSpec): Step => {
    model.fields.set(name, spec);
    return { op: 'add', model: model.name, field: name, spec };
  };
  switch (number % 6) {
    case 0:
      return [add(`extra_${number}`, field('IntegerField', { default: 0 }))];
    case 1:
      return [add(`text_${number}`, field('CharField', { max_length: 50, default: '' }))];
    case 2: {
      const spec = field('CharField', { max_length: 100 + number });
      model.fields.set('name', spec);
      return [{ op: 'alter', model: model.name, field: 'name', spec }];
    }
    case 3: {
      const index = { fields: ['count', 'made'], name: `${app}_m${number % MODELS}_${number}_idx` };
      model.indexes.push(index);
      return [{ op: 'index', model: model.name, ...index }];
    }
    case 4: {
      model.ordering = number % 2 ? 'name' : '-count';
      const step: Step = { op: 'options', model: model.name, ordering: model.ordering };
      return [add(`on_${number}`, field('BooleanField', { default: false })), step];
    }
    default: {
      const [from, to] = [`was_${number}`, `is_${number}`];
      const spec = field('IntegerField', { null: true });
      const added = add(from, spec);
      model.fields.delete(from);
      model.fields.set(to, spec);
      return [added, { op: 'rename', model: model.name, from, to }];
    }
  }
}

function migrationsOf(app: number, models: readonly ModelSpec[]): Migration[] {
  const label = appName(app);
  const first = modelsOf(app).map((model): Step => ({ op: 'create', model }));
  const before: [string, string][] = app > 0 ? [[appName(app - 1), '0001_initial']] : [];
  const all: Migration[] = [{ name: '0001_initial', dependencies: before, steps: first }];
  for (let number = 2; number <= MIGRATIONS; number++) {
    const last = all.at(-1) as Migration;
    const dependencies: [string, string][] = [[label, last.name]];
    // Apps depend on each other all along.
    if (app > 0 && number % 5 === 0)
      dependencies.push([appName(app - 1), `000${number - 1}_step`.replace(/^0*(\d{4})/, '$1')]);
    all.push({
      name: `${String(number).padStart(4, '0')}_step`,
      dependencies,
      steps: change(label, number, models),
    });
  }
  return all;
}

/** The words of one of the two languages. */
interface Language {
  readonly extension: string;
  value(value: string | number | boolean): string;
  field(spec: FieldSpec): string;
  migration(migration: Migration, app: number): string;
  models(models: readonly ModelSpec[]): string;
}

const camelCase = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

const python: Language = {
  extension: 'py',
  value: (value) => (typeof value === 'boolean' ? (value ? 'True' : 'False') : JSON.stringify(value)),
  field({ type, options }) {
    const given = Object.entries(options).map(([name, value]) =>
      name === 'on_delete' ? `on_delete=models.${value}` : `${name}=${python.value(value)}`,
    );
    return `models.${type}(${given.join(', ')})`;
  },
  migration({ dependencies, steps }, app) {
    const lines = steps.map((step) => {
      switch (step.op) {
        case 'create': {
          const fields = [...step.model.fields].map(([name, spec]) => `('${name}', ${python.field(spec)})`);
          return `migrations.CreateModel(name='${step.model.name}', fields=[${fields.join(', ')}])`;
        }
        case 'add':
        case 'alter': {
          const cls = step.op === 'add' ? 'AddField' : 'AlterField';
          return `migrations.${cls}(model_name='${step.model.toLowerCase()}', name='${step.field}', field=${python.field(step.spec)})`;
        }
        case 'rename':
          return `migrations.RenameField(model_name='${step.model.toLowerCase()}', old_name='${step.from}', new_name='${step.to}')`;
        case 'index':
          return `migrations.AddIndex(model_name='${step.model.toLowerCase()}', index=models.Index(fields=${JSON.stringify(step.fields)}, name='${step.name}'))`;
        default:
          return `migrations.AlterModelOptions(name='${step.model.toLowerCase()}', options={'ordering': ['${step.ordering}']})`;
      }
    });
    return (
      'from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n' +
      `    initial = ${dependencies.some(([label]) => label === appName(app)) ? 'False' : 'True'}\n` +
      `    dependencies = [${dependencies.map(([label, name]) => `('${label}', '${name}')`).join(', ')}]\n` +
      `    operations = [\n${lines.map((line) => `        ${line},\n`).join('')}    ]\n`
    );
  },
  models: (models) =>
    `from django.db import models\n\n${models
      .map(({ name, fields, indexes, ordering }) => {
        const lines = [...fields]
          .filter(([each]) => each !== 'id')
          .map(([each, spec]) => `    ${each} = ${python.field(spec)}\n`);
        const list = indexes.map(
          (index) => `models.Index(fields=${JSON.stringify(index.fields)}, name='${index.name}')`,
        );
        const meta = `    class Meta:\n        indexes = [${list.join(', ')}]\n${ordering ? `        ordering = ['${ordering}']\n` : ''}`;
        return `\nclass ${name}(models.Model):\n${lines.join('')}\n${meta}`;
      })
      .join('\n')}`,
};

const typescript: Language = {
  extension: 'ts',
  value: (value) => JSON.stringify(value),
  field({ type, options }) {
    const given = Object.entries(options).map(
      ([name, value]) => `${camelCase(name)}: ${typescript.value(value)}`,
    );
    return `models.${type}({ ${given.join(', ')} })`;
  },
  migration({ dependencies, steps }, app) {
    const lines = steps.map((step) => {
      switch (step.op) {
        case 'create': {
          const fields = [...step.model.fields].map(
            ([name, spec]) => `['${name}', new ${typescript.field(spec)}]`,
          );
          return `new migrations.CreateModel({ name: '${step.model.name}', fields: [${fields.join(', ')}] })`;
        }
        case 'add':
        case 'alter': {
          const cls = step.op === 'add' ? 'AddField' : 'AlterField';
          return `new migrations.${cls}({ modelName: '${step.model.toLowerCase()}', name: '${step.field}', field: new ${typescript.field(step.spec)} })`;
        }
        case 'rename':
          return `new migrations.RenameField({ modelName: '${step.model.toLowerCase()}', oldName: '${step.from}', newName: '${step.to}' })`;
        case 'index':
          return `new migrations.AddIndex({ modelName: '${step.model.toLowerCase()}', index: new models.Index({ fields: ${JSON.stringify(step.fields)}, name: '${step.name}' }) })`;
        default:
          return `new migrations.AlterModelOptions({ name: '${step.model.toLowerCase()}', options: { ordering: ['${step.ordering}'] } })`;
      }
    });
    return (
      "import * as migrations from 'tsango/db/migrations';\nimport * as models from 'tsango/db/models';\n\n" +
      'export class Migration extends migrations.Migration {\n' +
      `  override initial = ${dependencies.every(([label]) => label !== appName(app))};\n` +
      `  override dependencies = ${JSON.stringify(dependencies)};\n` +
      `  override operations = [\n${lines.map((line) => `    ${line},\n`).join('')}  ];\n}\n`
    );
  },
  models: (models) =>
    `import * as models from 'tsango/db/models';\n${models
      .map(({ name, fields, indexes, ordering }) => {
        const lines = [...fields]
          .filter(([each]) => each !== 'id')
          .map(([each, spec]) => `  @${typescript.field(spec)} declare ${camelCase(each)}: unknown;\n`);
        const list = indexes.map(
          (index) => `new models.Index({ fields: ${JSON.stringify(index.fields)}, name: '${index.name}' })`,
        );
        const meta = `{ indexes: [${list.join(', ')}]${ordering ? `, ordering: ['${ordering}']` : ''} }`;
        return `\nexport class ${name} extends models.Model {\n  static override readonly Meta: models.MetaOptions = ${meta};\n  declare id: number;\n${lines.join('')}}\n`;
      })
      .join('')}`,
};

/** Writes both sites into folders of their own; tsango's as the JavaScript that a build makes of it. */
export function generate(folder: string): { django: string; tsango: string } {
  rmSync(folder, { recursive: true, force: true });
  const [django, tsango] = [path.join(folder, 'django'), path.join(folder, 'tsango')];
  const write = (root: string, file: string, text: string): void => {
    const target = path.join(root, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  };
  const compiled = (text: string): string =>
    ts.transpileModule(text, {
      compilerOptions: {
        module: ts.ModuleKind.CommonJS,
        target: ts.ScriptTarget.ES2022,
        experimentalDecorators: true,
        useDefineForClassFields: false,
        esModuleInterop: true,
      },
    }).outputText;
  const labels = Array.from({ length: APPS }, (_, app) => appName(app));
  labels.forEach((label, app) => {
    const models = modelsOf(app);
    for (const migration of migrationsOf(app, models)) {
      write(django, `${label}/migrations/${migration.name}.py`, python.migration(migration, app));
      write(
        tsango,
        `${label}/migrations/${migration.name}.js`,
        compiled(typescript.migration(migration, app)),
      );
    }
    for (const name of ['__init__.py', 'migrations/__init__.py']) write(django, `${label}/${name}`, '');
    write(django, `${label}/models.py`, python.models(models));
    write(tsango, `${label}/models.js`, compiled(typescript.models(models)));
  });
  write(
    django,
    'settings.py',
    [
      'import os',
      "SECRET_KEY = 'x'",
      'USE_TZ = True',
      "DEFAULT_AUTO_FIELD = 'django.db.models.BigAutoField'",
      `INSTALLED_APPS = ${JSON.stringify(labels)}`,
      "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': os.environ['BENCH_DB']}}",
      '',
    ].join('\n'),
  );
  write(
    django,
    'manage.py',
    "import os, sys\nos.environ['DJANGO_SETTINGS_MODULE'] = 'settings'\nfrom django.core.management import execute_from_command_line\nexecute_from_command_line(sys.argv)\n",
  );
  write(
    tsango,
    'settings.js',
    [
      "const { defineSettings } = require('tsango/conf');",
      'exports.default = defineSettings({',
      "  SECRET_KEY: 'x',",
      "  DEFAULT_AUTO_FIELD: 'django.db.models.BigAutoField',",
      `  INSTALLED_APPS: ${JSON.stringify(labels)},`,
      "  DATABASES: { default: { ENGINE: 'better-sqlite3', NAME: process.env.BENCH_DB } },",
      '});',
      '',
    ].join('\n'),
  );
  write(
    tsango,
    'manage.js',
    "process.env.TSANGO_SETTINGS_MODULE ??= 'settings';\nconst { executeFromCommandLine } = require('tsango/core/management');\nvoid executeFromCommandLine(process.argv);\n",
  );
  // As an installed package: found in node_modules, by a project of another name.
  write(tsango, 'package.json', '{ "name": "site", "private": true }\n');
  mkdirSync(path.join(tsango, 'node_modules'));
  symlinkSync(path.join(__dirname, '../..'), path.join(tsango, 'node_modules/tsango'));
  return { django, tsango };
}
