/** What an instance knows of its row besides its values. Django: `ModelState`. */
import { FETCH_PEERS, type FetchMode } from './fetch_modes';

/** A related row that an instance has, and the key that it was found by. */
export interface CachedRelation {
  readonly key: unknown;
  readonly value: object | null;
}

/**
 * The rows of one query. Of many, whoever has them all keeps them together, and a row that is left alone keeps no
 * others. A few are kept by each of them: references that let go cost more than the query of a page.
 */
export type Peers = Pick<WeakRef<readonly object[]>, 'deref'>;

/** So many rows are a few. */
const FEW = 100;

/** `instance._state`. */
export class ModelState {
  private cache: Map<string, CachedRelation> | undefined;
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

  /** The related rows that are known, by property. */
  get fieldsCache(): Map<string, CachedRelation> {
    this.cache ??= new Map();
    return this.cache;
  }

  /** What `fieldsCache` has, without making one. */
  cached(property: string): CachedRelation | undefined {
    return this.cache?.get(property);
  }

  /** It, or a copy of what others have too. */
  own(): ModelState {
    return this.#shared ? new ModelState(this.adding, this.db, this.fetchMode, this.peers) : this;
  }
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
): Readonly<Pick<ModelState, 'adding' | 'db' | 'fetchMode' | 'peers' | 'cached'>> {
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
