/** Where the migrations of an app go two ways: two people have written one after the same. */
import { ValueError } from '../../core/exceptions';
import { parseNumber } from './autodetector';
import { appOf, keyOf } from './graph';
import type { MigrationLoader } from './loader';
import { Migration, migrationTimestamp } from './migration';

/** One of the ways. */
export interface Branch {
  readonly leaf: Migration;
  /** Its migrations of the app, from where the ways part. */
  readonly migrations: readonly Migration[];
}

/** The ways that lead to several last migrations of an app. @throws ValueError where they have no common beginning. */
export function branchesOf(loader: MigrationLoader, app: string, leaves: readonly string[]): Branch[] {
  const ancestries = leaves.map((name) =>
    loader.graph.forwardsPlan(keyOf(app, name)).filter((key) => appOf(key) === app),
  );
  const [first = [], ...others] = ancestries;
  const parting = first.findIndex((key, at) => others.some((other) => other[at] !== key));
  if (parting === 0) {
    throw new ValueError(
      `Could not find common ancestor of [${leaves.map((name) => `'${name}'`).join(', ')}]`,
    );
  }
  const migrationOf = (key: string): Migration => loader.diskMigrations.get(key) as Migration;
  return ancestries.map((keys) => ({
    leaf: migrationOf(keys.at(-1) as string),
    migrations: keys.slice(parting).map(migrationOf),
  }));
}

/** The longest that the names of the merged ones may be in that of the merge. */
const MAX_LEAF_NAMES = 47;

/** A migration that does nothing but depend on the last ones of all branches. */
export function mergeOf(branches: readonly Branch[], name?: string): Migration {
  const leaves = branches.map(({ leaf }) => leaf);
  const numbers = leaves.flatMap((leaf) => parseNumber(leaf.name) ?? []);
  const next = String((numbers.length > 0 ? Math.max(...numbers) : 1) + 1).padStart(4, '0');
  const names = leaves
    .map((leaf) => leaf.name)
    .sort()
    .join('_');
  const suggested = `merge_${names.length > MAX_LEAF_NAMES ? migrationTimestamp() : names}`;
  const [{ appLabel = '' } = {}] = leaves;
  return Object.assign(new Migration(`${next}_${name || suggested}`, appLabel), {
    dependencies: leaves.map((leaf) => [appLabel, leaf.name]),
  });
}

/** The name of a migration under another number. */
export function renumbered(name: string, number: number): string {
  return `${String(number).padStart(4, '0')}_${name.replace(/^\d+_?/, '')}`;
}
