/** docs/models.md names every field that there is, and every option that the types have. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as models from 'tsango/db/models';
import { ROOT } from '../support/site';

const page = readFileSync(path.join(ROOT, 'docs', 'models.md'), 'utf8');

/** The names in an interface of a source file; the last options are of the framework's own use. */
function options(file: string, name: string): string[] {
  const source = readFileSync(path.join(ROOT, 'framework', 'db', 'models', file), 'utf8');
  const body = new RegExp(`export interface ${name}[^{]*{([\\s\\S]*?)\\n}`).exec(source)?.[1] ?? '';
  return [...body.matchAll(/^ {2}(\w+)\??:/gm)].map((match) => match[1] as string);
}

it('names every field', () => {
  const fields = Object.keys(models).filter((name) => /(?:Field|ForeignKey)$/.test(name) && name !== 'Field');
  expect(fields.length).toBeGreaterThan(20);
  expect(fields.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

it('names every option of fields and of Meta', () => {
  const internal = ['serialize', 'autoCreated', 'to'];
  const known = [
    ...options('meta.ts', 'MetaOptions'),
    ...options('fields/field_options.ts', 'FieldOptions'),
    ...options('fields/related.ts', 'ForeignKeyOptions'),
    ...options('fields/ip.ts', 'GenericIPAddressFieldOptions'),
    ...options('fields/files.ts', 'FileFieldOptions'),
    ...options('fields/files.ts', 'ImageFieldOptions'),
    ...options('fields/file_paths.ts', 'FilePathFieldOptions'),
    ...options('fields/text.ts', 'SlugFieldOptions'),
    ...options('fields/dates.ts', 'DateFieldOptions'),
    ...options('fields/numbers.ts', 'DecimalFieldOptions'),
    ...options('validation.ts', 'FullCleanOptions'),
    ...options('validation.ts', 'CleanOptions'),
  ];
  expect(known.length).toBeGreaterThan(20);
  expect(known.filter((name) => !internal.includes(name) && !page.includes(`\`${name}\``))).toEqual([]);
});
