/**
 * Indexes that PostgreSQL has besides the usual one. Django: `django.contrib.postgres.indexes`;
 * https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/indexes/
 */
import { ValueError } from '../../core/exceptions';
import type { Expression } from '../../db/models/expressions/base';
import { IndexWrapper } from '../../db/models/expressions/index_wrapper';
import { Index, type IndexArguments, type IndexOptions } from '../../db/models/indexes';

/** An index of another kind. */
export abstract class PostgresIndex extends Index {
  override get method(): string {
    return this.suffix;
  }
}

/** What of `options` is the index's own, and what every index takes. */
function split<O extends object, K extends keyof O>(
  args: readonly unknown[],
  names: readonly K[],
): [own: Pick<O, K>, args: IndexArguments<IndexOptions>] {
  const options = { ...(args[args.length - 1] as O) };
  const own = {} as Pick<O, K>;
  for (const name of names) {
    if (Object.hasOwn(options, name)) own[name] = options[name];
    delete (options as Partial<O>)[name];
  }
  return [own, [...args.slice(0, -1), options] as unknown as IndexArguments<IndexOptions>];
}

/** Settings as WITH has them; what is not given is not said. */
function parameters(given: Readonly<Record<string, string | number | boolean | undefined>>): string[] {
  return Object.entries(given).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return [`${name} = ${typeof value === 'boolean' ? (value ? 'on' : 'off') : value}`];
  });
}

/** @throws ValueError for a number that could be more than one. */
function whole(name: string, value: number | undefined, max = Number.MAX_SAFE_INTEGER): void {
  if (value === undefined) return;
  if (!Number.isInteger(value) || value <= 0 || value > max) {
    throw new ValueError(
      `${name} must be an integer of at least 1${max < 2 ** 32 ? ` and at most ${max}` : ''}.`,
    );
  }
}

/** What a BloomIndex takes. */
export interface BloomIndexOptions extends IndexOptions {
  /** The bits of each entry, up to 4096. Default of the server: 80. */
  length?: number;
  /** The bits of each column, up to 4095. */
  columns?: readonly number[];
}

/** A bloom index: a small one for equality of any of many columns. The extension `bloom` has to be there. */
export class BloomIndex extends PostgresIndex {
  override get suffix(): string {
    return 'bloom';
  }

  readonly length: number | undefined;
  readonly columns: readonly number[];

  /** @throws ValueError for more than 32 fields, and for lengths that there cannot be. */
  constructor(...args: IndexArguments<BloomIndexOptions>) {
    const [{ length, columns = [] }, rest] = split<BloomIndexOptions, 'length' | 'columns'>(args, [
      'length',
      'columns',
    ]);
    super(...rest);
    if (this.fields.length > 32) throw new ValueError('Bloom indexes support a maximum of 32 fields.');
    if (!Array.isArray(columns)) throw new ValueError('BloomIndex.columns must be a list or tuple.');
    if (columns.length > this.fields.length) {
      throw new ValueError('BloomIndex.columns cannot have more values than fields.');
    }
    if (!columns.every((bits) => Number.isInteger(bits) && bits > 0 && bits <= 4095)) {
      throw new ValueError('BloomIndex.columns must contain integers from 1 to 4095.');
    }
    if (length !== undefined && !(Number.isInteger(length) && length > 0 && length <= 4096)) {
      throw new ValueError('BloomIndex.length must be None or an integer from 1 to 4096.');
    }
    this.length = length;
    this.columns = [...columns];
  }

  override storageParameters(): string[] {
    return [
      ...parameters({ length: this.length }),
      ...this.columns.map((bits, at) => `col${at + 1} = ${bits}`),
    ];
  }
}

/** What a BrinIndex takes. */
export interface BrinIndexOptions extends IndexOptions {
  /** New ranges are summed up by themselves. */
  autosummarize?: boolean;
  /** How many blocks of the table an entry is for. Default of the server: 128. */
  pagesPerRange?: number;
}

/** A block range index: tiny, for values that lie in the table in their order. */
export class BrinIndex extends PostgresIndex {
  override get suffix(): string {
    return 'brin';
  }

  readonly autosummarize: boolean | undefined;
  readonly pagesPerRange: number | undefined;

  /** @throws ValueError for no pages. */
  constructor(...args: IndexArguments<BrinIndexOptions>) {
    const [{ autosummarize, pagesPerRange }, rest] = split<
      BrinIndexOptions,
      'autosummarize' | 'pagesPerRange'
    >(args, ['autosummarize', 'pagesPerRange']);
    if (pagesPerRange !== undefined && !(Number.isInteger(pagesPerRange) && pagesPerRange > 0)) {
      throw new ValueError('pages_per_range must be None or a positive integer');
    }
    super(...rest);
    this.autosummarize = autosummarize;
    this.pagesPerRange = pagesPerRange;
  }

  override storageParameters(): string[] {
    return parameters({ autosummarize: this.autosummarize, pages_per_range: this.pagesPerRange });
  }
}

/** What an index takes whose pages are filled up to a part. */
export interface FillfactorOptions extends IndexOptions {
  /** How full a page is made, in percent. */
  fillfactor?: number;
}

/** An index with `fillfactor`. */
abstract class FilledIndex extends PostgresIndex {
  readonly fillfactor: number | undefined;

  constructor(...args: IndexArguments<FillfactorOptions>) {
    const [{ fillfactor }, rest] = split<FillfactorOptions, 'fillfactor'>(args, ['fillfactor']);
    super(...rest);
    whole(`${new.target.name}.fillfactor`, fillfactor, 100);
    this.fillfactor = fillfactor;
  }

  override storageParameters(): string[] {
    return parameters({ fillfactor: this.fillfactor });
  }
}

/** What a BTreeIndex takes. */
export interface BTreeIndexOptions extends FillfactorOptions {
  /** Equal keys are kept once. */
  deduplicateItems?: boolean;
}

/** The usual index, with what can be said of it. */
export class BTreeIndex extends FilledIndex {
  override get suffix(): string {
    return 'btree';
  }

  readonly deduplicateItems: boolean | undefined;

  constructor(...args: IndexArguments<BTreeIndexOptions>) {
    const [{ deduplicateItems }, rest] = split<BTreeIndexOptions, 'deduplicateItems'>(args, [
      'deduplicateItems',
    ]);
    super(...rest);
    this.deduplicateItems = deduplicateItems;
  }

  override storageParameters(): string[] {
    return [...super.storageParameters(), ...parameters({ deduplicate_items: this.deduplicateItems })];
  }
}

/** What a GinIndex takes. */
export interface GinIndexOptions extends IndexOptions {
  /** New entries wait in a list before they are put in. */
  fastupdate?: boolean;
  /** How long that list may be, in kilobytes. */
  ginPendingListLimit?: number;
}

/** An inverted index: for arrays, JSON, words, trigrams. */
export class GinIndex extends PostgresIndex {
  override get suffix(): string {
    return 'gin';
  }

  readonly fastupdate: boolean | undefined;
  readonly ginPendingListLimit: number | undefined;

  constructor(...args: IndexArguments<GinIndexOptions>) {
    const [{ fastupdate, ginPendingListLimit }, rest] = split<
      GinIndexOptions,
      'fastupdate' | 'ginPendingListLimit'
    >(args, ['fastupdate', 'ginPendingListLimit']);
    super(...rest);
    whole('GinIndex.ginPendingListLimit', ginPendingListLimit);
    this.fastupdate = fastupdate;
    this.ginPendingListLimit = ginPendingListLimit;
  }

  override storageParameters(): string[] {
    return parameters({ gin_pending_list_limit: this.ginPendingListLimit, fastupdate: this.fastupdate });
  }
}

/** What a GistIndex takes. */
export interface GistIndexOptions extends FillfactorOptions {
  /** It is built through a buffer. */
  buffering?: boolean;
}

/** A search tree of any kind: for ranges, places, distances. */
export class GistIndex extends FilledIndex {
  override get suffix(): string {
    return 'gist';
  }

  readonly buffering: boolean | undefined;

  constructor(...args: IndexArguments<GistIndexOptions>) {
    const [{ buffering }, rest] = split<GistIndexOptions, 'buffering'>(args, ['buffering']);
    super(...rest);
    this.buffering = buffering;
  }

  override storageParameters(): string[] {
    return [...parameters({ buffering: this.buffering }), ...super.storageParameters()];
  }
}

/** A hash: for equality alone. */
export class HashIndex extends FilledIndex {
  override get suffix(): string {
    return 'hash';
  }
}

/** A search tree whose parts do not overlap. */
export class SpGistIndex extends FilledIndex {
  override get suffix(): string {
    return 'spgist';
  }
}

/**
 * An expression with the operator class that an index takes it with.
 *
 * @throws ValueError for what can be no name of one.
 * @example `new models.Index(new OpClass(Lower('username'), { name: 'varchar_pattern_ops' }), { name: 'lower_username' })`
 */
export class OpClass extends IndexWrapper {
  readonly name: string;

  constructor(expression: string | Expression, { name }: { name: string }) {
    super(expression);
    if (!/^[\w.]+$/.test(name)) throw new ValueError(`Invalid operator class: '${name}'.`);
    this.name = name;
  }

  override deconstruct(): readonly unknown[] {
    return [this.inner, { name: this.name }];
  }

  override get indexSql(): string {
    return this.name;
  }
}
