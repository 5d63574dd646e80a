/** What an instance knows of its row besides its values. Django: `ModelState`. */
import { FETCH_PEERS, type FetchMode } from './fetch_modes';

/**
 * What an instance keeps under the name of a property: the row or the rows that it is related to. There are few of them in
 * each of many instances: a list costs less than a Map.
 */
export interface Kept {
  readonly name: string;
  /** The key that the value was found by. */
  readonly key: unknown;
  readonly value: unknown;
}

/** One of a list. */
interface Link extends Kept {
  readonly next: Link | undefined;
}

/**
 * The rows of one query. Of many, whoever has them all keeps them together, and a row that is left alone keeps no
 * others. A few are kept by each of them: references that let go cost more than the query of a page, and keep what they
 * refer to until the turn of the event loop ends, which within a loop over an embedded database it does not.
 */
export type Peers = Pick<WeakRef<readonly object[]>, 'deref'>;

/** So many rows are a few. */
export const FEW = 1000;

/** `instance._state`. */
export class ModelState {
  #kept: Link | undefined;
  /** Whether several instances have it: each gets a copy before it is changed. */
  readonly #shared: boolean;

  constructor(
    /** Whether the row is not in the database yet, as far as the instance knows. */
    public adding = true,
    /** The alias of the database that it came from or was saved to. */
    public db: string | undefined = undefined,
    /** How what was not loaded with the row is loaded. */
    public fetchMode: FetchMode = FETCH_PEERS,
    /** The rows of the query that it came from. */
    public peers: Peers | undefined = undefined,
    shared = false,
  ) {
    this.#shared = shared;
  }

  /** What the instance keeps under a name. */
  cached(name: string): Kept | undefined {
    let link = this.#kept;
    while (link !== undefined && link.name !== name) link = link.next;
    return link;
  }

  /** Everything that it keeps. */
  *allCached(): Generator<Kept, void, undefined> {
    for (let link = this.#kept; link !== undefined; link = link.next) yield link;
  }

  keep(name: string, key: unknown, value: unknown): void {
    this.forget(name);
    this.#kept = { name, key, value, next: this.#kept };
  }

  forget(name: string): void {
    if (this.cached(name) !== undefined) this.#kept = without(this.#kept, name);
  }

  /** It, or a copy of what others have too. */
  own(): ModelState {
    return this.#shared ? new ModelState(this.adding, this.db, this.fetchMode, this.peers) : this;
  }
}

function without(link: Link | undefined, name: string): Link | undefined {
  if (link === undefined || link.name === name) return link?.next;
  return { ...link, next: without(link.next, name) };
}

/** The state of instances that were made, not read. */
export const NEW_STATE = new ModelState(true, undefined, FETCH_PEERS, undefined, true);

/** A constructor that gives what it was given: what extends it writes its private fields into that. */
class Given {
  constructor(instance: object) {
    // biome-ignore lint/correctness/noConstructorReturn: it is what this class is for.
    return instance;
  }
}

/**
 * Where an instance keeps its state: in a private field, which costs as much as any property, and which no loop over
 * properties, comparison, JSON or copy comes by.
 */
class Slot extends Given {
  #state: ModelState;

  constructor(instance: object, state: ModelState) {
    super(instance);
    this.#state = state;
  }

  static peek(instance: object): ModelState {
    return #state in instance ? (instance as Slot).#state : NEW_STATE;
  }

  static own(instance: object): ModelState {
    if (!(#state in instance)) new Slot(instance, NEW_STATE);
    const slot = instance as Slot;
    slot.#state = slot.#state.own();
    return slot.#state;
  }
}

/** Gives a new instance its state, which may be that of others, too. */
export function installState(instance: object, state: ModelState): void {
  new Slot(instance, state);
}

/** The state of an instance, to look at. */
export function peekState(
  instance: object,
): Readonly<Pick<ModelState, 'adding' | 'db' | 'fetchMode' | 'peers' | 'cached' | 'allCached'>> {
  return Slot.peek(instance);
}

/** The state of an instance, to change. */
export function stateOf(instance: object): ModelState {
  return Slot.own(instance);
}

/** A state for the rows of one query, of which there will be `count`. */
export function rowState(
  db: string,
  fetchMode: FetchMode,
  rows: readonly object[] | undefined,
  count: number = rows?.length ?? 0,
): ModelState {
  const peers = rows && (count > FEW ? new WeakRef(rows) : { deref: () => rows });
  return new ModelState(false, db, fetchMode, peers, true);
}

/** Rows that live as long as others do. */
const companions = new WeakMap<readonly object[], (readonly object[])[]>();

/** Keeps rows together as long as those that they were loaded for; a few do that themselves. */
export function keepWith(
  rows: readonly object[],
  others: readonly object[],
  count: number = others.length,
): void {
  if (count <= FEW) return;
  const kept = companions.get(rows);
  if (kept === undefined) companions.set(rows, [others]);
  else kept.push(others);
}
