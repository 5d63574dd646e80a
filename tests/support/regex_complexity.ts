/**
 * How much longer a regular expression can take than the text is long, by the ambiguity of its automaton: two ways
 * to read one text inside of a loop make the time exponential, k loops that can share one text make it the k-th power.
 *
 * Weber & Seidl, "On the degree of ambiguity of finite automata" (1991). Look-arounds are examined on their own, and
 * back-references taken for empty.
 */

import { EMPTY, type Node, RegexReader } from './regex_reader';

/** What backtracking over a pattern can cost at worst. */
export type Growth =
  | { readonly kind: 'exponential' }
  /** 0 or 1: linear; 2: the square of the text's length; … */
  | { readonly kind: 'polynomial'; readonly degree: number };

/** Repetitions of more than this many count as endless. */
const ENDLESS = 32;
/** A repetition with a limit is looked at as this many at most. */
const COPIES = 4;
/** Past this many characters in the pattern, or in one of its loops, it is not examined. */
const MAX_POSITIONS = 400;
const MAX_LOOP = 60;

/** How often a thing is reached: once, or in more ways than one. */
type Counts = Map<number, number>;

interface Fragment {
  readonly first: Counts;
  readonly last: Counts;
  /** In how many ways it is empty. */
  readonly empty: number;
}

const several = (count: number): number => Math.min(count, 2);

function join(a: Counts, b: Counts, factor = 1): Counts {
  if (factor === 0 || b.size === 0) return a;
  const result = new Map(a);
  for (const [key, count] of b) result.set(key, several((result.get(key) ?? 0) + count * factor));
  return result;
}

/** The automaton whose states are the characters of the pattern (Glushkov's), with the number of its edges. */
class Automaton {
  readonly masks: bigint[] = [];
  readonly next: Counts[] = [];
  readonly last: Counts;

  constructor(node: Node) {
    this.last = this.build(node).last;
  }

  private connect(last: Counts, first: Counts): void {
    for (const [from, count] of last) {
      const next = this.next[from] as Counts;
      for (const [to, times] of first) next.set(to, several((next.get(to) ?? 0) + count * times));
    }
  }

  private build(node: Node): Fragment {
    switch (node.type) {
      case 'char': {
        const state = this.masks.push(node.mask) - 1;
        this.next.push(new Map());
        return { first: new Map([[state, 1]]), last: new Map([[state, 1]]), empty: 0 };
      }
      case 'choice':
        return node.nodes
          .map((each) => this.build(each))
          .reduce((a, b) => ({
            first: join(a.first, b.first),
            last: join(a.last, b.last),
            empty: several(a.empty + b.empty),
          }));
      case 'list':
        return this.sequence(node.nodes);
      case 'repeat':
        return this.repeat(node.node, node.min, node.max);
    }
  }

  private sequence(nodes: readonly Node[]): Fragment {
    let result: Fragment = { first: new Map(), last: new Map(), empty: 1 };
    for (const node of nodes) {
      if (this.masks.length > MAX_POSITIONS) break;
      const part = this.build(node);
      this.connect(result.last, part.first);
      result = {
        first: join(result.first, part.first, result.empty),
        last: join(part.last, result.last, part.empty),
        empty: several(result.empty * part.empty),
      };
    }
    return result;
  }

  private repeat(node: Node, min: number, max: number): Fragment {
    if (max === 0) return this.sequence([]);
    if (max > ENDLESS) {
      const part = this.build(node);
      this.connect(part.last, part.first);
      // A repetition that takes nothing is not tried again.
      return min === 0 ? { ...part, empty: 1 } : part;
    }
    if (max === 1) {
      const part = this.build(node);
      return min === 0 ? { ...part, empty: 1 } : part;
    }
    const copies = Math.min(max, COPIES);
    const needed = Math.min(min, copies);
    // x{2,4} is xx(x(x)?)?
    let rest: Node = EMPTY;
    for (let i = needed; i < copies; i++) {
      rest = { type: 'repeat', node: { type: 'list', nodes: [node, rest] }, min: 0, max: 1 };
    }
    return this.sequence([...Array<Node>(needed).fill(node), rest]);
  }
}

/** The strongly connected components of a graph (Tarjan's), each before those that lead to it. */
function components<T>(nodes: Iterable<T>, next: (node: T) => Iterable<T>): T[][] {
  const index = new Map<T, number>();
  const low = new Map<T, number>();
  const stack: T[] = [];
  const open = new Set<T>();
  const result: T[][] = [];
  const visit = (node: T): number => {
    const own = index.size;
    index.set(node, own);
    let lowest = own;
    stack.push(node);
    open.add(node);
    for (const to of next(node)) {
      const seen = index.get(to);
      if (seen === undefined) lowest = Math.min(lowest, visit(to));
      else if (open.has(to)) lowest = Math.min(lowest, seen);
    }
    low.set(node, lowest);
    if (lowest === own) {
      const component = stack.splice(stack.indexOf(node));
      for (const each of component) open.delete(each);
      result.push(component);
    }
    return lowest;
  };
  for (const node of nodes) if (!index.has(node)) visit(node);
  return result;
}

/** Whether a text leads through a loop in two ways. */
function isAmbiguous({ masks, next }: Automaton, loop: ReadonlySet<number>): boolean {
  const within = (state: number): [number, number][] =>
    [...(next[state] as Counts)].filter(([to]) => loop.has(to));
  for (const state of loop) if (within(state).some(([, count]) => count > 1)) return true;
  // Two readers of one text that part, and meet again where they parted.
  const size = masks.length;
  const pairs = function* (pair: number): Generator<number> {
    const [a, b] = [Math.floor(pair / size), pair % size];
    for (const [x] of within(a)) {
      for (const [y] of within(b)) {
        if (((masks[x] as bigint) & (masks[y] as bigint)) !== 0n) yield x * size + y;
      }
    }
  };
  const together = [...loop].map((state) => state * size + state);
  const isTogether = (pair: number): boolean => Math.floor(pair / size) === pair % size;
  return components(together, pairs).some((found) => found.some(isTogether) && !found.every(isTogether));
}

/** Whether a text leads around both loops, and from the one to the other. */
function share(
  { masks, next }: Automaton,
  from: ReadonlySet<number>,
  to: ReadonlySet<number>,
  between: ReadonlySet<number>,
): boolean {
  const size = masks.length;
  const code = (a: number, b: number, c: number): number => (a * size + b) * size + c;
  for (const p of from) {
    for (const q of to) {
      const goal = code(p, q, q);
      const seen = new Set<number>();
      const todo: [number, number, number][] = [[p, p, q]];
      for (let at = todo.pop(); at !== undefined && seen.size < 20_000; at = todo.pop()) {
        for (const [a] of next[at[0]] as Counts) {
          if (!from.has(a)) continue;
          for (const [b] of next[at[1]] as Counts) {
            const both = (masks[a] as bigint) & (masks[b] as bigint);
            if (both === 0n || !between.has(b)) continue;
            for (const [c] of next[at[2]] as Counts) {
              if (!to.has(c) || (both & (masks[c] as bigint)) === 0n) continue;
              const found = code(a, b, c);
              if (found === goal) return true;
              if (seen.has(found)) continue;
              seen.add(found);
              todo.push([a, b, c]);
            }
          }
        }
      }
    }
  }
  return false;
}

function reachable({ next }: Automaton, start: Iterable<number>): Set<number> {
  const seen = new Set(start);
  for (const state of seen) for (const to of (next[state] as Counts).keys()) seen.add(to);
  return seen;
}

function growthOf(node: Node, canFail: boolean, isAnchored: boolean): Growth {
  const automaton = new Automaton(node);
  const { masks, next, last } = automaton;
  if (masks.length > MAX_POSITIONS) return { kind: 'polynomial', degree: 0 };
  const loops = components(masks.keys(), (state) => (next[state] as Counts).keys())
    .filter(([first = 0, ...more]) => more.length > 0 || (next[first] as Counts).has(first))
    .filter((loop) => loop.length <= MAX_LOOP)
    // Where the match may end anyway there is no reason to go back.
    .map((loop) => ({ states: new Set(loop), ends: !canFail && loop.every((state) => last.has(state)) }))
    .reverse();
  if (loops.some(({ states, ends }) => !ends && isAmbiguous(automaton, states))) {
    return { kind: 'exponential' };
  }
  const degrees: number[] = [];
  let degree = 0;
  for (const [i, { states, ends }] of loops.entries()) {
    let own = isAnchored ? 1 : 2;
    for (let k = 0; k < i; k++) {
      const from = (loops[k] as (typeof loops)[number]).states;
      const between = reachable(automaton, from);
      if (own > (degrees[k] as number) || ![...states].some((state) => between.has(state))) continue;
      if (share(automaton, from, states, between)) own = (degrees[k] as number) + 1;
    }
    degrees.push(own);
    if (!ends) degree = Math.max(degree, own);
  }
  return { kind: 'polynomial', degree };
}

/**
 * What a pattern can cost at worst, as far as that can be told from it.
 *
 * @param source in JavaScript's syntax.
 * @param options.isFull the match has to reach the end of the text.
 * @param options.flags how the source is to be read. Default: as `translateRegex()` makes it.
 */
export function regexGrowth(
  source: string,
  {
    ignoreCase = false,
    isFull = false,
    flags = 'v',
  }: { ignoreCase?: boolean; isFull?: boolean; flags?: string } = {},
): Growth {
  const reader = new RegexReader(source, ignoreCase ? `i${flags}` : flags);
  const node = reader.read();
  const isAnchored = isFull || source.startsWith('^');
  let worst = growthOf(node, isFull || reader.hasAssertions, isAnchored);
  for (const inner of reader.inner) {
    const found = growthOf(inner, true, true);
    if (found.kind === 'exponential') worst = found;
    else if (worst.kind === 'polynomial' && found.degree > worst.degree) worst = found;
  }
  return worst;
}

/** The same of a RegExp: one that is not tied to a place is tried at each, as if anything could stand before it. */
export function growthOfRegExp({ source, flags }: RegExp): Growth {
  const mode = flags.replace(/[^isuv]/g, '');
  const isTied = flags.includes('y') || (source.startsWith('^') && !flags.includes('m'));
  return regexGrowth(isTied ? `^(?:${source})` : `^[\\s\\S]*(?:${source})`, { flags: mode });
}
