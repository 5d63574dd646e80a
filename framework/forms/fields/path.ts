/** A file of a folder. Django: `FilePathField` of `django.forms.fields`. */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { compileTranslated, translateRegex } from '../../python/re';
import type { Choice } from '../choices';
import type { FieldOptions } from './base';
import { BaseChoiceField } from './choice';

/** What a field for paths takes. */
export interface FilePathFieldOptions extends FieldOptions {
  /** The folder. */
  readonly path: string;
  /** Which names are there; a text is Python's syntax. */
  readonly match?: RegExp | string | null;
  readonly recursive?: boolean;
  readonly allowFiles?: boolean;
  readonly allowFolders?: boolean;
}

const byName = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** One of the files (or folders) in a folder. They are looked up once, when the field is made. */
export class FilePathField extends BaseChoiceField<string> {
  readonly path: string;

  constructor(options: FilePathFieldOptions) {
    const { path: folder, match, recursive, allowFiles = true, allowFolders = false, ...rest } = options;
    super(rest);
    this.path = folder;
    const fits = (name: string): boolean =>
      match === null || match === undefined || name.search(compiled(match)) !== -1;
    const kinds = { allowFiles, allowFolders, fits };
    const found = recursive ? below(folder, kinds) : inside(folder, kinds);
    this.choices = [...(this.required ? [] : [['', '---------'] as const]), ...found];
  }
}

interface Kinds {
  readonly allowFiles: boolean;
  readonly allowFolders: boolean;
  readonly fits: (name: string) => boolean;
}

function compiled(match: RegExp | string): RegExp {
  if (match instanceof RegExp) return match;
  const { source, ignoreCase } = translateRegex(match);
  return compileTranslated(match, source, ignoreCase);
}

function namesIn(folder: string): { files: string[]; folders: string[] } {
  const names = { files: [] as string[], folders: [] as string[] };
  for (const name of readdirSync(folder)) {
    const isFolder = statSync(path.join(folder, name), { throwIfNoEntry: false })?.isDirectory() ?? false;
    (isFolder ? names.folders : names.files).push(name);
  }
  return { files: names.files.sort(byName), folders: names.folders.sort(byName) };
}

function inside(folder: string, { allowFiles, allowFolders, fits }: Kinds): Choice[] {
  const { files, folders } = namesIn(folder);
  return [...(allowFiles ? files : []), ...(allowFolders ? folders : [])]
    .filter((name) => name !== '__pycache__' && fits(name))
    .sort(byName)
    .map((name) => [path.join(folder, name), name]);
}

function below(root: string, kinds: Kinds): Choice[] {
  const walk = (folder: string): string[] => [
    folder,
    ...namesIn(folder).folders.flatMap((name) => walk(path.join(folder, name))),
  ];
  return walk(root)
    .sort(byName)
    .flatMap((folder) => {
      const { files, folders } = namesIn(folder);
      return [
        ...(kinds.allowFiles ? files : []),
        ...(kinds.allowFolders ? folders.filter((name) => name !== '__pycache__') : []),
      ]
        .filter(kinds.fits)
        .map((name): Choice => {
          const file = path.join(folder, name);
          return [file, file.replace(root, '')];
        });
    });
}
