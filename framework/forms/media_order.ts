/** Python's `graphlib.TopologicalSorter`, whose order of what is free is part of what Django writes. */

interface Node<T> {
  readonly item: T;
  waiting: number;
  readonly successors: Node<T>[];
}

/**
 * Lists as one list that keeps the order of each; `null` where they contradict each other.
 *
 * @param keyOf equal items have equal keys; what is in one bucket is compared by `isSame`.
 */
export function topologicalOrder<T>(
  lists: readonly (readonly T[])[],
  isSame: (a: T, b: T) => boolean,
  keyOf: (item: T) => string,
): T[] | null {
  const nodes: Node<T>[] = [];
  const buckets = new Map<string, Node<T>[]>();
  const nodeOf = (item: T): Node<T> => {
    const key = keyOf(item);
    let bucket = buckets.get(key);
    if (bucket === undefined) {
      bucket = [];
      buckets.set(key, bucket);
    }
    let node = bucket.find((each) => isSame(each.item, item));
    if (node === undefined) {
      node = { item, waiting: 0, successors: [] };
      bucket.push(node);
      nodes.push(node);
    }
    return node;
  };
  for (const list of lists) {
    let head: Node<T> | undefined;
    for (const item of list) {
      const node = nodeOf(item);
      if (head !== undefined && head !== node) {
        node.waiting += 1;
        head.successors.push(node);
      }
      head = node;
    }
  }
  const order: T[] = [];
  let ready = nodes.filter((node) => node.waiting === 0);
  while (ready.length > 0) {
    const next: Node<T>[] = [];
    for (const node of ready) order.push(node.item);
    for (const node of ready) {
      for (const successor of node.successors) {
        successor.waiting -= 1;
        if (successor.waiting === 0) next.push(successor);
      }
    }
    ready = next;
  }
  return order.length === nodes.length ? order : null;
}
