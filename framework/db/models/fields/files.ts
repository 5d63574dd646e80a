/** Fields of files: the column has the name, a storage has the content. Django: `django.db.models.fields.files`. */
import { settings } from '../../../conf';
import { FieldError } from '../../../core/exceptions';
import { File } from '../../../core/files/base';
import { defaultStorage, type Storage, validateFileName } from '../../../core/files/storage';
import { toStr } from '../../../python';
import type { PlainDateTime } from '../../../python/datetime';
import { strftime } from '../../../python/strptime';
import { parseDatetime } from '../../../utils/dateparse';
import { isPromise, type MaybePromise, then } from '../../../utils/maybe_promise';
import { formatIsoDatetime } from '../../backends/datetimes';
import type { Model } from '../base';
import { Field, type FieldOptions } from './base';
import type { Deconstructed } from './deconstruct';
import { FieldFile, ImageFieldFile } from './field_file';

/** What a FileField takes. */
export interface FileFieldOptions extends FieldOptions {
  /**
   * The folder within the storage, in which `%Y` and its like stand for parts of the date; or a function that makes the
   * whole name of the instance and the name of the file that was given. Default: no folder.
   */
  uploadTo?: string | ((instance: Model, filename: string) => string);
  /** Default: the setting STORAGES' `default`. A function is asked when the storage is first needed. */
  storage?: Storage | (() => Storage);
}

type Values = Record<string, unknown>;

/** What the clock shows in the site's time zone. */
function now(): PlainDateTime {
  return parseDatetime(formatIsoDatetime(new Date(), settings.TIME_ZONE)) as PlainDateTime;
}

/** The name of a file: up to 100 characters. The property is a {@link FieldFile}; it takes a file, or a name. */
export class FileField extends Field {
  readonly internalType: string = 'FileField';
  declare readonly options: Readonly<FileFieldOptions>;
  /** What the property is. */
  protected readonly fileClass: new (instance: Model, field: FileField, name: string | null) => FieldFile =
    FieldFile;

  constructor(verboseName?: string | FileFieldOptions, options?: FileFieldOptions) {
    const given = typeof verboseName === 'object' ? verboseName : options;
    super(verboseName, { ...(given?.maxLength === undefined && { maxLength: 100 }), ...options });
  }

  protected override get optionDefaults(): Readonly<Record<string, unknown>> {
    return { ...super.optionDefaults, maxLength: 100 };
  }

  override deconstruct(): Deconstructed {
    const [name, path, args, kwargs] = super.deconstruct();
    return [name, path, args, { ...kwargs, uploadTo: this.options.uploadTo ?? '' }];
  }

  /** Where the files are kept. */
  get storage(): Storage {
    const { storage } = this.options;
    return (typeof storage === 'function' ? storage() : storage) ?? defaultStorage();
  }

  override toPython(value: unknown): unknown {
    return value ?? null;
  }

  override getPrepValue(value: unknown): unknown {
    return value === null || value === undefined ? null : toStr(value);
  }

  override isEmpty(value: unknown): boolean {
    return super.isEmpty(value) || (value instanceof FieldFile && value.isEmpty);
  }

  override schemaOptions(): Record<string, unknown> {
    const { uploadTo: _to, storage: _storage, ...rest } = super.schemaOptions();
    return rest;
  }

  /** The name under which a file is to be stored. @throws SuspiciousFileOperation for one that leaves the storage. */
  generateFilename(instance: Model, filename: string): string {
    const { uploadTo = '' } = this.options;
    // The parts are not resolved: a name that climbs is to be seen.
    const inFolder = (folder: string): string =>
      folder === '' ? filename : `${folder.replace(/\/$/, '')}/${filename}`;
    const name =
      typeof uploadTo === 'function' ? uploadTo(instance, filename) : inFolder(strftime(now(), uploadTo));
    validateFileName(name);
    return name;
  }

  /**
   * Stores a file that was assigned, before the row is written.
   *
   * @throws FieldError for a file without a name.
   */
  override beforeSave(instance: Model): MaybePromise<void> {
    const value = (instance as unknown as Values)[this.property];
    if (!(value instanceof FieldFile) || value.committed || value.file === undefined) return undefined;
    if (value.isEmpty) {
      throw new FieldError(
        `File for ${this.name} must have the name attribute specified to be saved. Pass a 'name' argument to ContentFile.`,
      );
    }
    return value.save(value.name, value.file, { save: false });
  }

  /** `null` leaves the file as it is; anything else that is nothing clears it. */
  override saveFormData(instance: Model, data: unknown): void {
    if (data === null || data === undefined) return;
    (instance as unknown as Values)[this.property] = data === false ? '' : data;
  }

  /** Makes the property of a model's instances one that turns names and files into a {@link FieldFile}. */
  override defineProperty(prototype: object): void {
    const { property } = this;
    const wrap = (instance: Model, value: unknown): unknown => this.wrap(instance, value);
    Object.defineProperty(prototype, property, {
      configurable: true,
      get(this: Model): unknown {
        return this === prototype ? undefined : wrap(this, null);
      },
      set: (() => {
        const field = this;
        return function (this: Model, value: unknown): void {
          let current = wrap(this, value);
          // A property of the instance's own, as any field's: it is seen by loops over properties, copies and JSON.
          Object.defineProperty(this, property, {
            configurable: true,
            enumerable: true,
            get: () => current,
            set: (next: unknown) => {
              const before = current;
              current = wrap(this, next);
              if (current !== before) field.assigned(this, current);
            },
          });
          if (current instanceof FieldFile && !current.committed) field.assigned(this, current);
        };
      })(),
    });
  }

  /** What is to be done when a file takes the place of another. */
  protected assigned(_instance: Model, _value: unknown): void {}

  private wrap(instance: Model, value: unknown): unknown {
    if (value instanceof FieldFile && value.field === this && value.instance === instance) return value;
    if (value === null || value === undefined || typeof value === 'string') {
      return new this.fileClass(instance, this, value ?? null);
    }
    if (!(value instanceof File)) return value; // An expression, say.
    const made = new this.fileClass(instance, this, value.name);
    if (value instanceof FieldFile) {
      made.file = value.committed ? undefined : value.file;
      made.committed = value.committed;
    } else {
      made.file = value;
      made.committed = false;
    }
    return made;
  }

  /** Keeps the size of an image; of other files there is none. */
  updateDimensions(_instance: Model, _file: ImageFieldFile): MaybePromise<void> {}
}

/** What an ImageField takes. */
export interface ImageFieldOptions extends FileFieldOptions {
  /** The property that keeps the image's width, in pixels. */
  widthField?: string;
  /** The property that keeps the image's height. */
  heightField?: string;
}

/** A FileField of images, which knows how large they are. */
export class ImageField extends FileField {
  declare readonly options: Readonly<ImageFieldOptions>;
  protected override readonly fileClass = ImageFieldFile;

  constructor(verboseName?: string | ImageFieldOptions, options?: ImageFieldOptions) {
    super(verboseName, options);
  }

  override schemaOptions(): Record<string, unknown> {
    const { widthField: _width, heightField: _height, ...rest } = super.schemaOptions();
    return rest;
  }

  protected override assigned(instance: Model, value: unknown): void {
    if (!(value instanceof ImageFieldFile)) return;
    const done = this.updateDimensions(instance, value);
    // A file on disk is measured when it is saved.
    if (isPromise(done)) done.catch(() => undefined);
  }

  override updateDimensions(instance: Model, file: ImageFieldFile): MaybePromise<void> {
    const { widthField, heightField } = this.options;
    if (widthField === undefined && heightField === undefined) return undefined;
    return then(file.getDimensions(), (found) => {
      const values = instance as unknown as Values;
      const { fieldsByProperty } = this.model;
      for (const [name, value] of [
        [widthField, found?.width],
        [heightField, found?.height],
      ] as const) {
        if (name === undefined) continue;
        values[(fieldsByProperty.get(name) ?? this.model.getField(name)).property] = value ?? null;
      }
    });
  }
}
