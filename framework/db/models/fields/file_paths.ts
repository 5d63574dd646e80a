/** Names of files that are there. Django: `FilePathField`. */
import { toStr } from '../../../python';
import { Field, type FieldOptions } from './base';

/** What a FilePathField takes. */
export interface FilePathFieldOptions extends FieldOptions {
  /** The folder, or a function that says which. */
  path?: string | (() => string);
  /** Which files: what their names match. */
  match?: string | RegExp | null;
  /** Those in folders below, too. */
  recursive?: boolean;
  allowFiles?: boolean;
  allowFolders?: boolean;
}

/** The name of a file of a folder, of up to 100 characters: text. Forms offer the files to choose from. */
export class FilePathField extends Field {
  readonly internalType = 'FilePathField';
  declare readonly options: Readonly<FilePathFieldOptions>;

  constructor(options: FilePathFieldOptions | string = {}, more?: FilePathFieldOptions) {
    const given = typeof options === 'string' ? { ...more, verboseName: options } : { ...options, ...more };
    super({ maxLength: 100, ...given });
  }

  protected override get optionDefaults(): Readonly<Record<string, unknown>> {
    return {
      ...super.optionDefaults,
      maxLength: 100,
      path: '',
      match: null,
      recursive: false,
      allowFiles: true,
      allowFolders: false,
    };
  }

  override get maxLength(): number {
    return this.options.maxLength ?? 100;
  }

  override getPrepValue(value: unknown): unknown {
    return value === null || value === undefined ? null : toStr(value);
  }
}
