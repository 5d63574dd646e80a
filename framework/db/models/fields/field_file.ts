/** The value of a file field: a name, and the stored file behind it. Django: `FieldFile`, `ImageFieldFile`. */
import { ValueError } from '../../../core/exceptions';
import { ContentFile, File, LocalFile } from '../../../core/files/base';
import { type ImageDimensions, imageDimensions } from '../../../core/files/images';
import { type FileContent, Storage } from '../../../core/files/storage/base';
import { type MaybePromise, then } from '../../../utils/maybe_promise';
import type { Model } from '../base';
import type { FileField } from './files';

/**
 * What a file field's property is: `document.file.url`, `await document.file.save('a.txt', content)`. Its name is empty
 * where there is no file.
 */
export class FieldFile extends File {
  /** Whether the storage has the file. */
  committed = true;
  /** The open file, or the one that was assigned and is stored at the next save. */
  file: File | undefined;

  constructor(
    readonly instance: Model,
    readonly field: FileField,
    name: string | null,
  ) {
    super(name ?? '');
  }

  /** Where the file is kept. */
  get storage(): Storage {
    return this.field.storage;
  }

  /** Whether there is no file. Templates take such a value for false. */
  get isEmpty(): boolean {
    return this.name === '';
  }

  /** @throws ValueError without a file. */
  get url(): string {
    return this.storage.url(this.required());
  }

  /** The file on this machine. @throws ValueError without a file; Error where the storage has no such place. */
  get path(): string {
    return this.storage.path(this.required());
  }

  /**
   * Bytes in the file. Of a storage that has to wait for it, ask {@link getSize}.
   *
   * @throws ValueError without a file; TypeError where the storage answers with a promise.
   */
  get size(): number {
    const size = this.getSize();
    if (typeof size === 'number') return size;
    throw new TypeError(`The storage of '${this.field.name}' says a file's size later: await getSize().`);
  }

  /** Bytes in the file. @throws ValueError without a file. */
  getSize(): MaybePromise<number> {
    this.required();
    return this.file === undefined || this.committed ? this.storage.size(this.name) : this.file.size;
  }

  /** Makes the file ready to be read from its beginning. @throws ValueError without a file. */
  async open(): Promise<this> {
    const name = this.required();
    if (this.file === undefined) this.file = await openStored(this.storage, name);
    else this.file.seek(0);
    return this;
  }

  /** Whether the file is not open. */
  get closed(): boolean {
    return this.file === undefined;
  }

  read(size?: number): MaybePromise<Buffer> {
    if (this.file !== undefined) return this.file.read(size);
    return this.open().then(() => (this.file as File).read(size));
  }

  seek(position: number): void {
    if (this.file !== undefined) this.file.seek(position);
  }

  async close(): Promise<void> {
    const { file } = this;
    if (!this.committed || file === undefined) return;
    this.file = undefined;
    await file.close();
  }

  /**
   * Stores a file, under the name that `uploadTo` and the storage make of the given one, and saves the row.
   *
   * @param options.save false: the row is not saved.
   */
  async save(name: string, content: FileContent, options: { save?: boolean } = {}): Promise<void> {
    const wanted = this.field.generateFilename(this.instance, name);
    this.name = await this.storage.save(wanted, content, { maxLength: this.field.maxLength });
    this.committed = true;
    this.file = undefined;
    await this.stored(content);
    (this.instance as unknown as Record<string, unknown>)[this.field.property] = this;
    if (options.save ?? true) await this.instance.save();
  }

  /** Removes the file from the storage, and its name from the row, which is saved unless told otherwise. */
  async delete(options: { save?: boolean } = {}): Promise<void> {
    if (this.isEmpty) return;
    const { file } = this;
    this.file = undefined;
    await file?.close();
    await this.storage.delete(this.name);
    this.name = '';
    (this.instance as unknown as Record<string, unknown>)[this.field.property] = null;
    if (options.save ?? true) await this.instance.save();
  }

  /** What happens when the content is stored. */
  protected stored(_content: FileContent): MaybePromise<void> {}

  /** Compared by their names. */
  isSame(other: unknown): boolean {
    return this.name === (other instanceof File ? other.name : (other ?? ''));
  }

  toJSON(): string {
    return this.name;
  }

  private required(): string {
    if (!this.isEmpty) return this.name;
    throw new ValueError(`The '${this.field.name}' attribute has no file associated with it.`);
  }
}

/** The value of an image field: a file that knows how large its image is. */
export class ImageFieldFile extends FieldFile {
  private known: ImageDimensions | undefined;

  /** In pixels; undefined for what is no image. */
  get width(): MaybePromise<number | undefined> {
    return then(this.getDimensions(), (found) => found?.width);
  }

  /** In pixels; undefined for what is no image. */
  get height(): MaybePromise<number | undefined> {
    return then(this.getDimensions(), (found) => found?.height);
  }

  /** Reads the image's size from the file; once. */
  getDimensions(): MaybePromise<ImageDimensions | undefined> {
    if (this.known !== undefined || this.isEmpty) return this.known;
    const { file } = this;
    if (file instanceof ContentFile) {
      file.seek(0);
      this.known = imageDimensions(file.read());
      file.seek(0);
      return this.known;
    }
    return this.readDimensions();
  }

  private async readDimensions(): Promise<ImageDimensions | undefined> {
    const wasClosed = this.closed;
    await this.open();
    try {
      this.known = imageDimensions(await (this.file as File).read());
    } finally {
      if (wasClosed) await this.close();
      else this.seek(0);
    }
    return this.known;
  }

  override async delete(options: { save?: boolean } = {}): Promise<void> {
    this.known = undefined;
    await super.delete(options);
  }

  protected override stored(content: FileContent): MaybePromise<void> {
    this.known = undefined;
    if (content instanceof ContentFile) {
      content.seek(0);
      this.known = imageDimensions(content.read());
    } else if (content instanceof Uint8Array) this.known = imageDimensions(Buffer.from(content));
    return this.field.updateDimensions(this.instance, this);
  }
}

/** A stored file to read: in pieces where it lies on this machine, as a whole elsewhere. */
async function openStored(storage: Storage, name: string): Promise<File> {
  if (storage.path !== Storage.prototype.path) {
    return new LocalFile(storage.path(name), name, await storage.size(name));
  }
  return new ContentFile(await storage.read(name), name);
}
