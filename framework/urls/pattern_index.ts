/**
 * Which patterns of a URLconf can match a path, in their order: a tree by the segments that each pattern fixes at
 * its beginning. Ten thousand routes cost what the few that begin like the path cost.
 */

class Node {
  /** Positions in the URLconf, ascending. */
  readonly positions: number[] = [];
  children: Map<string, Node> | undefined;
  /** The positions of this node and all above it, merged; made when it is first asked for. */
  merged: readonly number[] | undefined;

  constructor(readonly parent: Node | undefined) {}
}

/** A longer list is merged again each time, rather than kept for every node that it lies above. */
const KEPT_LENGTH = 64;

function candidatesOf(node: Node): readonly number[] {
  if (node.merged !== undefined) return node.merged;
  if (node.parent === undefined) {
    node.merged = node.positions;
    return node.positions;
  }
  const above = candidatesOf(node.parent);
  const merged = node.positions.length === 0 ? above : mergeSorted(above, node.positions);
  if (merged === above || merged.length <= KEPT_LENGTH) node.merged = merged;
  return merged;
}

function mergeSorted(a: readonly number[], b: readonly number[]): number[] {
  const merged: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const takeFirst = j >= b.length || (i < a.length && (a[i] as number) < (b[j] as number));
    merged.push(takeFirst ? (a[i++] as number) : (b[j++] as number));
  }
  return merged;
}

/** The tree of one URLconf. */
export class PatternIndex {
  private readonly root = new Node(undefined);

  /** @param prefixes of each pattern the text that every path that it matches begins with. */
  constructor(prefixes: readonly string[]) {
    for (const [position, prefix] of prefixes.entries()) {
      let node = this.root;
      let start = 0;
      for (let slash = prefix.indexOf('/'); slash >= 0; slash = prefix.indexOf('/', start)) {
        const segment = prefix.slice(start, slash);
        node.children ??= new Map();
        let child = node.children.get(segment);
        if (!child) {
          child = new Node(node);
          node.children.set(segment, child);
        }
        node = child;
        start = slash + 1;
      }
      node.positions.push(position);
    }
  }

  /** The positions of the patterns that may match a path, ascending. */
  candidates(path: string): readonly number[] {
    let node = this.root;
    let start = 0;
    while (node.children !== undefined) {
      const slash = path.indexOf('/', start);
      if (slash < 0) break;
      const child = node.children.get(path.slice(start, slash));
      if (child === undefined) break;
      node = child;
      start = slash + 1;
    }
    return candidatesOf(node);
  }
}
