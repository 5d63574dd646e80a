/**
 * Which patterns of a URLconf can match a path, in their order: a tree by the segments that each pattern fixes at
 * its beginning. Ten thousand routes cost what the few that begin like the path cost.
 */

class Node {
  /** Positions in the URLconf, ascending. */
  readonly positions: number[] = [];
  children: Map<string, Node> | undefined;
}

/** The tree of one URLconf. */
export class PatternIndex {
  private readonly root = new Node();

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
          child = new Node();
          node.children.set(segment, child);
        }
        node = child;
        start = slash + 1;
      }
      node.positions.push(position);
    }
  }

  /**
   * Calls `visit` with the position of each pattern that may match, ascending, until it returns something.
   */
  find<T>(path: string, visit: (position: number) => T | undefined): T | undefined {
    let lists: (readonly number[])[] | undefined;
    let only: readonly number[] = this.root.positions;
    let node = this.root;
    let start = 0;
    while (node.children !== undefined) {
      const slash = path.indexOf('/', start);
      if (slash < 0) break;
      const child = node.children.get(path.slice(start, slash));
      if (child === undefined) break;
      node = child;
      start = slash + 1;
      if (node.positions.length === 0) continue;
      if (only.length === 0) only = node.positions;
      else if (lists === undefined) lists = [only, node.positions];
      else lists.push(node.positions);
    }
    if (lists !== undefined) return merge(lists, visit);
    for (let i = 0; i < only.length; i++) {
      const result = visit(only[i] as number);
      if (result !== undefined) return result;
    }
    return undefined;
  }
}

function merge<T>(
  lists: readonly (readonly number[])[],
  visit: (position: number) => T | undefined,
): T | undefined {
  const heads = new Array<number>(lists.length).fill(0);
  for (;;) {
    let chosen = -1;
    let smallest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < lists.length; i++) {
      const position = lists[i]?.[heads[i] as number];
      if (position !== undefined && position < smallest) {
        smallest = position;
        chosen = i;
      }
    }
    if (chosen < 0) return undefined;
    heads[chosen] = (heads[chosen] as number) + 1;
    const result = visit(smallest);
    if (result !== undefined) return result;
  }
}
