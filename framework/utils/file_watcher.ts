/**
 * Says when one of many files changes.
 *
 * Folders are watched rather than files, since editors replace a file by renaming another over it; and every file
 * is compared once a second besides, for file systems that do not announce changes (network and container mounts).
 */
import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import path from 'node:path';

/** How long to let a change settle, in milliseconds: editors truncate, write and rename. */
const SETTLE = 40;
/** How often every file is compared, in milliseconds. */
const SWEEP = 1000;
/** A tree with more folders than this is watched as far as that: it is not a site's source. */
const MAX_FOLDERS = 2000;

/** What tells one state of a file from another; `''`: it is not there. */
function fingerprint(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats === undefined ? '' : `${stats.mtimeMs}:${stats.size}:${stats.ino}`;
}

/** Which files of a tree count. */
export interface Tree {
  readonly root: string;
  matches(file: string): boolean;
}

/** Watches files and trees until it is closed. */
export class FileWatcher {
  private readonly known = new Map<string, string>();
  private readonly folders = new Map<string, FSWatcher | undefined>();
  private readonly trees = new Map<string, Tree>();
  private readonly pending = new Set<string>();
  private settling: NodeJS.Timeout | undefined;
  private readonly sweeping: NodeJS.Timeout;

  /** @param onChange is called with each file that was changed, created or removed. */
  constructor(private readonly onChange: (file: string) => void) {
    this.sweeping = setInterval(() => {
      for (const file of this.known.keys()) this.compare(file);
    }, SWEEP);
  }

  /** Watches files; those that are watched already keep the state they were last seen in. */
  addFiles(files: Iterable<string>): void {
    for (const file of files) {
      if (this.known.has(file)) continue;
      this.known.set(file, fingerprint(file));
      this.watchFolder(path.dirname(file));
    }
  }

  /** Watches a folder with all that is below it, but not what is hidden or installed. */
  addTree(tree: Tree): void {
    if (this.trees.has(tree.root)) return;
    this.trees.set(tree.root, tree);
    this.descend(tree, tree.root);
  }

  close(): void {
    clearInterval(this.sweeping);
    clearTimeout(this.settling);
    for (const watcher of this.folders.values()) watcher?.close();
    this.folders.clear();
  }

  private descend(tree: Tree, folder: string): void {
    if (this.folders.size >= MAX_FOLDERS) return;
    this.watchFolder(folder);
    let entries: import('node:fs').Dirent[];
    try {
      entries = readdirSync(folder, { withFileTypes: true });
    } catch {
      return; // Removed meanwhile, or not ours to read.
    }
    for (const entry of entries) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!entry.name.startsWith('.') && entry.name !== 'node_modules') this.descend(tree, file);
      } else if (tree.matches(file) && !this.known.has(file)) {
        this.known.set(file, fingerprint(file));
      }
    }
  }

  private watchFolder(folder: string): void {
    if (this.folders.has(folder)) return;
    try {
      const watcher = watch(folder, (_event, name) => {
        if (name !== null) this.notice(path.join(folder, name));
      });
      watcher.on('error', () => {
        watcher.close(); // The folder is gone, or the system has no watches left: the sweep remains.
        this.folders.set(folder, undefined);
      });
      this.folders.set(folder, watcher);
    } catch {
      this.folders.set(folder, undefined);
    }
  }

  private notice(file: string): void {
    if (!this.known.has(file) && !this.adopt(file)) return;
    this.pending.add(file);
    this.settling ??= setTimeout(() => {
      this.settling = undefined;
      const files = [...this.pending];
      this.pending.clear();
      for (const each of files) this.compare(each);
    }, SETTLE);
  }

  /** Whether a file that was not there before belongs to a tree. A new folder is watched from now on. */
  private adopt(file: string): boolean {
    for (const tree of this.trees.values()) {
      if (!file.startsWith(tree.root + path.sep)) continue;
      if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
        const name = path.basename(file);
        if (!name.startsWith('.') && name !== 'node_modules') this.descend(tree, file);
      } else if (tree.matches(file)) {
        this.known.set(file, '');
        return true;
      }
    }
    return false;
  }

  private compare(file: string): void {
    const state = fingerprint(file);
    if (state === this.known.get(file)) return;
    this.known.set(file, state);
    this.onChange(file);
  }
}
