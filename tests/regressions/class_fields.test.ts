/** Fields of a model that its compiler made class fields of: they begin as undefined and took the values away. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { transformSync } from '@swc/core';
import { apps } from 'tsango/apps';
import { configure, resetSettings } from 'tsango/conf';
import { runChecks } from 'tsango/core/checks';
import { ImproperlyConfigured } from 'tsango/core/exceptions';
import type { AnyManager, ModelClass } from 'tsango/db/models';
import ts from 'typescript';

const source = (label: string): string => `import * as models from 'tsango/db/models';
export class Author extends models.Model {
  static override readonly Meta = { appLabel: '${label}' };
  id!: number;
  @models.CharField({ maxLength: 20 }) name!: string;
  @models.CharField({ maxLength: 20, default: 'x' }) nick!: string;
}
export class Declared extends models.Model {
  static override readonly Meta = { appLabel: '${label}' };
  declare id: number;
  @models.CharField({ maxLength: 20 }) declare name: string;
}
export abstract class Dated extends models.Model {
  static override readonly Meta = { abstract: true };
  @models.DateTimeField({ null: true }) madeAt!: Date | null;
}
export class Book extends Dated {
  static override readonly Meta = { appLabel: '${label}' };
  @models.ForeignKey(() => Author, { onDelete: models.CASCADE }) author!: Author;
  @models.BooleanField() declare lent: boolean;
  title = 'no field of the model';
}
class DeclaredManager extends models.Manager<Managed> {
  all() { return super.all().filter({ name: 'Ada' }); }
}
export class Managed extends models.Model {
  static override readonly Meta = { appLabel: '${label}' };
  static override readonly objects = new DeclaredManager();
  static readonly others = new models.Manager<Managed>();
  @models.CharField({ maxLength: 20 }) declare name: string;
}
export class Demanding extends models.Model {
  static override readonly Meta = { appLabel: '${label}' };
  @models.CharField({ maxLength: 20 }) declare name: string;
  constructor(values: { name: string }) {
    super(values);
    this.name = values.name.trim();
  }
}
export class Todo extends models.Model {
  static override readonly Meta = { appLabel: '${label}' };
  @models.BooleanField() done = false;
  @models.CharField({ maxLength: 20 }) declare slug: string;
  constructor(values = {}) {
    super(values);
    this.slug ??= 'kept';
  }
}
`;

const typescript = (label: string, useDefineForClassFields: boolean): string =>
  ts.transpileModule(source(label), {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.CommonJS,
      experimentalDecorators: true,
      useDefineForClassFields,
    },
  }).outputText;

const swc = (label: string, target: 'es2021' | 'es2022', useDefineForClassFields: boolean): string =>
  transformSync(source(label), {
    jsc: {
      target,
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, useDefineForClassFields },
    },
    module: { type: 'commonjs' },
  }).code;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(__dirname, '.fields-'));
  configure({ SECRET_KEY: 'x', INSTALLED_APPS: [] });
  apps.populate();
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  resetSettings();
  apps.reset();
});

function load(name: string, code: string): Record<string, ModelClass> {
  const file = path.join(folder, `${name}.js`);
  writeFileSync(file, code);
  return require(file) as Record<string, ModelClass>;
}

const remedy = (names: string, first: string): string =>
  `loses the values of ${names}: its compiler makes class fields of them, which begin as undefined. Set ` +
  '"useDefineForClassFields": false in the compilerOptions of tsconfig.json, which ts-node, tsx and esbuild read, too ' +
  `(for swc jsc.transform.useDefineForClassFields), or write 'declare' in front of each: declare ${first}.`;

describe.each([
  ['tsc', (label: string) => typescript(label, true)],
  ['swc', (label: string) => swc(label, 'es2022', true)],
  ['swc_2021', (label: string) => swc(label, 'es2021', true)],
])('%s with class fields', (name, compile) => {
  const models = () => load(name, compile(name));

  it('an error names the model, the fields and the option, each time', () => {
    const { Author = never(), Book = never() } = models();
    for (let time = 0; time < 2; time++) {
      expect(() => new Author({ name: 'Ada' })).toThrow(
        new ImproperlyConfigured(`The model Author ${remedy("'id', 'name', 'nick'", 'id')}`),
      );
    }
    expect(() => Author._meta).toThrow(ImproperlyConfigured);
    expect(() => Book._meta).toThrow(`The model Book ${remedy("'madeAt', 'author'", 'madeAt')}`);
  });

  it('managers know their model before anything else of it is looked at', () => {
    const { Managed = never() } = models() as unknown as Record<string, ModelClass & { others: AnyManager }>;
    expect(Managed.others.model).toBe(Managed);
    expect([Managed.objects.model, Managed.objects.name]).toEqual([Managed, 'objects']);
    expect(Managed._defaultManager).toBe(Managed.objects);
  });

  it('declared fields keep their values, and a constructor may want what it likes', () => {
    const { Declared = never(), Demanding = never() } = models();
    expect(new Declared({ name: 'Ada' })).toMatchObject({ name: 'Ada' });
    expect(new Demanding({ name: ' Ada ' })).toMatchObject({ name: 'Ada' });
  });
});

it.each([
  ['tsc_off', (label: string) => typescript(label, false)],
  ['swc_off', (label: string) => swc(label, 'es2022', false)],
])('%s without class fields: works', (name, compile) => {
  const { Author = never(), Book = never() } = load(name, compile(name));
  expect(new Author({ name: 'Ada' })).toMatchObject({ name: 'Ada', nick: 'x' });
  expect(new Book({ author: new Author({ id: 7, name: 'Ada' }) })).toMatchObject({ authorId: 7 });
});

function never(): never {
  throw new Error('not exported');
}

describe('check', () => {
  const models = path.join(__dirname, 'class_fields_library');
  beforeAll(() => {
    mkdirSync(models);
    writeFileSync(path.join(models, 'models.js'), swc('class_fields_library', 'es2022', true));
    resetSettings();
    apps.reset();
    configure({ SECRET_KEY: 'x', INSTALLED_APPS: ['tests.regressions.class_fields_library'] });
    apps.populate();
  });
  afterAll(() => rmSync(models, { recursive: true, force: true }));

  it('names the models that lose values', async () => {
    const found = await runChecks({ tags: ['models'] });
    expect(found.map(({ id, obj, msg }) => [id, obj, msg.split(':')[0]])).toEqual([
      ['models.E901', undefined, "The model Author loses the values of 'id', 'name', 'nick'"],
      ['models.E901', undefined, "The model Book loses the values of 'madeAt', 'author'"],
      [
        'models.W901',
        'class_fields_library.Todo',
        "The class sets 'done' of every new instance, over the value that is given.",
      ],
    ]);
  });
});
