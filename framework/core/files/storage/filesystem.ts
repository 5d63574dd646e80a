/** Django: `django.core.files.storage.filesystem`. */
import {
  chmodSync,
  closeSync,
  existsSync,
  fchmodSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { settings } from '../../../conf';
import { safeJoin } from '../../../utils/_os';
import { ValueError } from '../../exceptions';
import { type FileContent, Storage } from './base';

/** Options of FileSystemStorage; each is a setting's value unless given. */
export interface FileSystemStorageOptions {
  /** The folder: MEDIA_ROOT. */
  location?: string | undefined;
  /** Where it is served: MEDIA_URL. */
  baseUrl?: string | null | undefined;
  /** FILE_UPLOAD_PERMISSIONS; `null`: the process's own. */
  filePermissionsMode?: number | null | undefined;
  /** FILE_UPLOAD_DIRECTORY_PERMISSIONS. */
  directoryPermissionsMode?: number | null | undefined;
}

/** Keeps files in a folder. */
export class FileSystemStorage extends Storage {
  constructor(protected readonly options: FileSystemStorageOptions = {}) {
    super();
  }

  /** The folder, absolute. */
  get location(): string {
    return path.resolve(this.options.location ?? settings.MEDIA_ROOT);
  }

  /** Whether a folder was named: without one, files would lie where the process runs. */
  get hasLocation(): boolean {
    return (this.options.location ?? settings.MEDIA_ROOT) !== '';
  }

  /** Where the folder is served; `null`: nowhere. It ends with a slash. */
  get baseUrl(): string | null {
    const url = this.options.baseUrl === undefined ? settings.MEDIA_URL : this.options.baseUrl;
    return url && !url.endsWith('/') ? `${url}/` : url;
  }

  override path(name: string): string {
    return safeJoin(this.location, name);
  }

  override read(name: string): Buffer {
    return readFileSync(this.path(name));
  }

  protected override async write(name: string, content: FileContent): Promise<string> {
    const { filePermissionsMode: mode = settings.FILE_UPLOAD_PERMISSIONS } = this.options;
    let free = name;
    let descriptor: number | undefined;
    while (descriptor === undefined) {
      const file = this.path(free);
      this.makeFolder(path.dirname(file));
      try {
        // 'wx' refuses a file that appeared meanwhile: two uploads of one name never mix.
        descriptor = openSync(file, 'wx', 0o666);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        free = await this.getAvailableName(name);
      }
    }
    try {
      if (typeof content === 'string') writeAll(descriptor, Buffer.from(content));
      else if (content instanceof Uint8Array) writeAll(descriptor, content);
      else for await (const chunk of content.chunks()) writeAll(descriptor, chunk);
      if (mode !== null) fchmodSync(descriptor, mode);
    } finally {
      closeSync(descriptor);
    }
    return free;
  }

  private makeFolder(folder: string): void {
    const { directoryPermissionsMode: mode = settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS } = this.options;
    if (mode === null) {
      mkdirSync(folder, { recursive: true });
      return;
    }
    // The umask takes away of the mode first, and is not changed: it is that of every request (CVE-2026-25674).
    const first = mkdirSync(folder, { recursive: true, mode });
    for (let made = folder; first !== undefined && made.startsWith(first); made = path.dirname(made)) {
      chmodSync(made, mode);
    }
  }

  /** @throws ValueError without a name. A folder goes only if it is empty. */
  override delete(name: string): void {
    if (!name) throw new ValueError('The name must be given to delete().');
    const file = this.path(name);
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) rmdirSync(file);
    else rmSync(file, { force: true });
  }

  override exists(name: string): boolean {
    return existsSync(this.path(name));
  }

  override listdir(name: string): { directories: string[]; files: string[] } {
    const entries = readdirSync(this.path(name), { withFileTypes: true });
    return {
      directories: entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name),
      files: entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name),
    };
  }

  override size(name: string): number {
    return statSync(this.path(name)).size;
  }

  override getModifiedTime(name: string): Date {
    return statSync(this.path(name)).mtime;
  }

  /** @throws Error if the storage is served nowhere. */
  override url(name: string): string {
    if (this.baseUrl === null) throw new Error('This file is not accessible via a URL.');
    return this.baseUrl + encodePath(name.replaceAll('\\', '/').replace(/^\/+/, ''));
  }
}

/** A short write is not an error to the kernel: go on until every byte is down. */
function writeAll(descriptor: number, data: Uint8Array): void {
  for (let offset = 0; offset < data.length; ) offset += writeSync(descriptor, data, offset);
}

/** Characters outside of a path's alphabet, escaped; those of `filepath_to_uri` stay. */
function encodePath(name: string): string {
  return encodeURI(name).replace(/[?#[\]]/g, encodeURIComponent);
}
