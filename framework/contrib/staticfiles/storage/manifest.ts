/**
 * Static files under names that hold their content's hash, so that browsers may keep them for ever.
 *
 * Django: `HashedFilesMixin`, `ManifestFilesMixin` and `ManifestStaticFilesStorage` of
 * `django.contrib.staticfiles.storage`. The manifest file is the same as Django's.
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { settings } from '../../../conf';
import { ValueError } from '../../../core/exceptions';
import { matchesPatterns } from '../utils';
import { type PostProcessed, StaticFilesStorage } from './base';
import { canonicalJson } from './manifest_json';

/** A reference to another file, as it stands in a file of some kind. */
interface Reference {
  /** Matches the reference; the group `url` is the file's URL. */
  pattern: RegExp;
  /** The reference again, with another URL. */
  write(match: Record<string, string>, url: string): string;
}

/** Which references are followed in which files. */
const REFERENCES: readonly { glob: string; references: readonly Reference[] }[] = [
  {
    glob: '*.css',
    references: [
      {
        pattern: /(?<matched>url\((?<quote>['"]?)\s*(?<url>[^'")]*?)\s*\k<quote>\))/gi,
        write: (_, url) => `url("${url}")`,
      },
      {
        pattern: /(?<matched>@import\s*["']\s*(?<url>[^"']*)["'])/gi,
        write: (_, url) => `@import url("${url}")`,
      },
      {
        pattern: /^(?<matched>\/\*#[ \t]sourceMappingURL=(?<url>[^\s*]*)[ \t]*\*\/)$/gm,
        write: (_, url) => `/*# sourceMappingURL=${url} */`,
      },
    ],
  },
  {
    glob: '*.js',
    references: [
      {
        pattern: /^(?<matched>\/\/# sourceMappingURL=(?<url>.*))$/gm,
        write: (_, url) => `//# sourceMappingURL=${url}`,
      },
    ],
  },
];

/** Django's `max_post_process_passes`, and its first one over all files. */
const MAX_PASSES = 1 + 5;
const MANIFEST_VERSION = '1.1';

/** Stores each file under a second, hashed name too, and remembers which in `staticfiles.json`. */
export class ManifestStaticFilesStorage extends StaticFilesStorage {
  /** The manifest's name in the storage. */
  manifestName = 'staticfiles.json';
  /** Whether a file that the manifest does not have is an error. */
  manifestStrict = true;
  private hashedFiles: Map<string, string> | undefined;

  private get manifest(): Map<string, string> {
    this.hashedFiles ??= this.loadManifest();
    return this.hashedFiles;
  }

  /** @throws ValueError for a manifest that cannot be read. */
  private loadManifest(): Map<string, string> {
    if (!this.exists(this.manifestName)) return new Map();
    let stored: { version?: unknown; paths?: Record<string, string> };
    try {
      stored = JSON.parse(this.read(this.manifestName).toString('utf8')) as typeof stored;
    } catch (error) {
      throw new ValueError(`Couldn't load manifest '${this.manifestName}': it is not JSON`, { cause: error });
    }
    if (stored.version !== '1.0' && stored.version !== MANIFEST_VERSION) {
      throw new ValueError(
        `Couldn't load manifest '${this.manifestName}' (version ${MANIFEST_VERSION}): its version is ${String(stored.version)}`,
      );
    }
    return new Map(Object.entries(stored.paths ?? {}));
  }

  /** The URL of a file: with DEBUG the plain one, else that of the hashed name. */
  override url(name: string): string {
    if (settings.DEBUG || name.endsWith('/')) return super.url(name);
    const [clean = '', fragment] = splitFragment(name);
    const plain = clean.replace(/\?$/, '');
    const query = clean.endsWith('?') ? '?' : '';
    return super.url(this.storedName(plain)) + query + (fragment === undefined ? '' : `#${fragment}`);
  }

  /**
   * The hashed name.
   *
   * @throws ValueError where the manifest has none and `manifestStrict` is on.
   */
  storedName(name: string): string {
    const hashed = this.manifest.get(name);
    if (hashed !== undefined) return hashed;
    if (this.manifestStrict) {
      throw new ValueError(`Missing staticfiles manifest entry for '${name}'`);
    }
    return this.hashedName(name, this.read(name));
  }

  /** `css/base.css` with its content's hash: `css/base.27e20196a850.css`. */
  hashedName(name: string, content: Uint8Array): string {
    const { dir, name: root, ext } = path.posix.parse(name);
    const digest = createHash('md5').update(content).digest('hex').slice(0, 12);
    return path.posix.join(dir, `${root}.${digest}${ext}`);
  }

  /** Hashes every collected file, rewrites the references between them, and writes the manifest. */
  async *postProcess(names: readonly string[]): AsyncIterable<PostProcessed> {
    const hashed = new Map<string, string>();
    const level = (name: string) => name.split('/').length;
    const ordered = [...names].sort((a, b) => level(b) - level(a));
    const adjustable = ordered.filter((name) => REFERENCES.some(({ glob }) => matchesPatterns(name, [glob])));
    for (const name of ordered) {
      const content = this.read(name);
      hashed.set(name, this.hashedName(name, content));
      if (!adjustable.includes(name)) {
        yield {
          name,
          hashedName: hashed.get(name) ?? null,
          processed: await this.put(hashed.get(name) ?? name, content),
        };
      }
    }
    const contents = new Map<string, Buffer>();
    let unresolved: string[] = adjustable;
    let before: string[] = [];
    for (let pass = 0; unresolved.length > 0 && pass < MAX_PASSES; pass++) {
      before = unresolved;
      unresolved = [];
      // To and fro: a chain of files that each need the name of the next is done in one of the two.
      for (const name of pass % 2 === 0 ? adjustable : [...adjustable].reverse()) {
        let content: Buffer;
        try {
          content = Buffer.from(this.rewrite(name, this.read(name).toString('utf8'), hashed));
        } catch (error) {
          yield {
            name,
            hashedName: null,
            processed: error instanceof Error ? error : new Error(String(error)),
          };
          return;
        }
        const hashedName = this.hashedName(name, content);
        if (hashed.get(name) !== hashedName) unresolved.push(name);
        hashed.set(name, hashedName);
        contents.set(name, content);
      }
    }
    if (unresolved.length > 0) {
      const problems = [...new Set([...before, ...unresolved])].sort().join(', ');
      yield { name: problems, hashedName: null, processed: new Error('Max post-process passes exceeded.') };
      return;
    }
    // What was rewritten is always stored anew, and counts as processed: only a mere copy may be there already.
    for (const [name, content] of contents) {
      const hashedName = hashed.get(name) ?? name;
      this.delete(hashedName);
      await this.save(hashedName, content);
      yield { name, hashedName, processed: true };
    }
    await this.saveManifest(hashed);
  }

  private async put(name: string, content: Uint8Array): Promise<boolean> {
    if (this.exists(name)) return false;
    await this.save(name, content);
    return true;
  }

  private async saveManifest(hashed: Map<string, string>): Promise<void> {
    const paths = [...hashed].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    const hash = createHash('md5').update(canonicalJson(paths)).digest('hex').slice(0, 12);
    this.delete(this.manifestName);
    const manifest = { paths: new Map(paths), version: MANIFEST_VERSION, hash };
    await this.save(this.manifestName, canonicalJson(manifest));
    this.hashedFiles = hashed;
  }

  /** @throws ValueError for a reference to a file that was not collected. */
  private rewrite(name: string, content: string, hashed: ReadonlyMap<string, string>): string {
    let text = content;
    for (const { glob, references } of REFERENCES) {
      if (!matchesPatterns(name, [glob])) continue;
      for (const { pattern, write } of references) {
        text = text.replace(pattern, (...args: unknown[]) => {
          const groups = args.at(-1) as Record<string, string>;
          const url = this.hashedUrl(name, groups['url'] ?? '', hashed);
          return url === undefined ? (groups['matched'] ?? '') : write(groups, url);
        });
      }
    }
    return text;
  }

  private hashedUrl(source: string, url: string, hashed: ReadonlyMap<string, string>): string | undefined {
    const base = this.baseUrl ?? '/';
    if (/^[a-z]+:/i.test(url) || url.startsWith('//')) return undefined;
    if (url.startsWith('/') && !url.startsWith(base)) return undefined;
    const [withQuery = '', fragment] = splitFragment(url);
    const [clean = ''] = withQuery.split('?');
    if (clean === '') return undefined;
    const target = url.startsWith('/')
      ? clean.slice(base.length)
      : path.posix.join(path.posix.dirname(source), decodeURI(clean));
    const stored = hashed.get(target);
    if (stored === undefined) {
      throw new ValueError(
        `The file '${target}' could not be found with ${this.constructor.name}, referenced by '${source}'.`,
      );
    }
    const folder = clean.slice(0, clean.lastIndexOf('/') + 1);
    const query = withQuery.slice(clean.length);
    return folder + path.posix.basename(stored) + query + (fragment === undefined ? '' : `#${fragment}`);
  }
}

function splitFragment(url: string): [string, string | undefined] {
  const hash = url.indexOf('#');
  return hash < 0 ? [url, undefined] : [url.slice(0, hash), url.slice(hash + 1)];
}
