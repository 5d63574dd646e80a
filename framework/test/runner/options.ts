/** What `manage.ts test` says, for whatever runs the tests. */

/** The options of the command. Django: the arguments of `DiscoverRunner`. */
export interface RunnerOptions {
  /** How many processes; undefined: one. */
  readonly parallel: number | undefined;
  readonly keepdb: boolean;
  readonly reverse: boolean;
  /** The seed of the order; undefined: none, as the files and tests are written. */
  readonly shuffle: number | undefined;
  readonly tags: readonly string[];
  readonly excludeTags: readonly string[];
  /** Parts of names; `*` stands for anything. */
  readonly testNamePatterns: readonly string[];
  readonly failfast: boolean;
  readonly debugMode: boolean;
  readonly verbosity: number;
}

/** How a process that runs tests is started. */
export interface Invocation {
  /** The arguments of node. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const anyOf = (parts: readonly string[]): string => `(?:${parts.join('|')})`;

/**
 * The names that are wanted: a tag is written into the name of a test, or of a `describe` around it, with an `@` in front.
 *
 * @returns the source of a regular expression; undefined: all of them.
 */
export function namePattern({
  tags,
  excludeTags,
  testNamePatterns,
}: Pick<RunnerOptions, 'tags' | 'excludeTags' | 'testNamePatterns'>): string | undefined {
  const tagged = (names: readonly string[]): string => `(?:^|\\s)@${anyOf(names.map(escaped))}(?![\\w-])`;
  const conditions = [
    tags.length > 0 ? `(?=.*?${tagged(tags)})` : '',
    excludeTags.length > 0 ? `(?!.*?${tagged(excludeTags)})` : '',
    testNamePatterns.length > 0
      ? `(?=.*?${anyOf(testNamePatterns.map((each) => each.split('*').map(escaped).join('.*')))})`
      : '',
  ].join('');
  return conditions === '' ? undefined : `^${conditions}`;
}
