/** Templates in folders. Django: `django.template.loaders.filesystem`. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Engine } from '../engine';
import { TemplateDoesNotExist } from '../exceptions';
import { Origin } from '../origin';
import { Loader as BaseLoader } from './base';

/** The file of that name below a folder, or `null` if the name leads out of it. */
function safeJoin(folder: string, name: string): string | null {
  if (name.includes('\0')) return null;
  const root = path.resolve(folder);
  const file = path.resolve(root, name);
  return file.startsWith(root.endsWith(path.sep) ? root : root + path.sep) ? file : null;
}

export class Loader extends BaseLoader {
  constructor(
    engine: Engine,
    private readonly dirs: readonly string[] | null = null,
  ) {
    super(engine);
  }

  override get dottedName(): string {
    return 'tsango.template.loaders.filesystem.Loader';
  }

  /** The folders that are looked through. */
  getDirs(): readonly string[] {
    return this.dirs ?? this.engine.dirs;
  }

  override *getTemplateSources(name: string): Generator<Origin> {
    for (const folder of this.getDirs()) {
      const file = safeJoin(folder, name);
      // A name that leads out of the folder does not exist in it.
      if (file !== null) yield new Origin(file, name, this);
    }
  }

  override getContents(origin: Origin): string {
    let bytes: Buffer;
    try {
      bytes = readFileSync(origin.name);
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === 'ENOENT' || code === 'ENOTDIR') throw new TemplateDoesNotExist(origin.name);
      throw error;
    }
    return new TextDecoder(this.engine.fileCharset, { fatal: true, ignoreBOM: true })
      .decode(bytes)
      .replace(/\r\n?/g, '\n');
  }
}
