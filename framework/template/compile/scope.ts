/** What can be said of the variables of a function before it is written. */
import type { Node, NodeList } from '../node';

/** Facts about the nodes that one function is made of. */
export class UnitInfo {
  /** Names that tags set in the context while the function runs: they are never local variables. */
  private readonly assigned = new Set<string>();
  /** A third-party tag may set any name. */
  private readonly anyAssigned: boolean;
  /** Nothing but the function itself reads or changes the context while it runs. */
  readonly closed: boolean;
  private readonly contexts = new Map<NodeList, boolean>();

  constructor(root: NodeList) {
    let anyAssigned = false;
    let closed = true;
    const visit = (nodelist: NodeList): void => {
      for (const node of nodelist) {
        if (node.emit === undefined) anyAssigned = true;
        if (showsContext(node)) closed = false;
        for (const name of node.assigns()) this.assigned.add(name);
        for (const inner of node.inlined()) visit(inner);
      }
    };
    visit(root);
    this.anyAssigned = anyAssigned;
    this.closed = closed;
  }

  /** Whether a name of a loop or `with` can be a local variable. */
  localises(name: string): boolean {
    return !this.anyAssigned && !this.assigned.has(name);
  }

  /** Whether what the context has under a name stays the same while the function runs. */
  isStable(name: string): boolean {
    return this.closed && !this.anyAssigned && !this.assigned.has(name);
  }

  /** Whether names that are in sight in these nodes have to be in the context, too. */
  needsContext(nodelist: NodeList, names: Iterable<string>): boolean {
    for (const name of names) if (!this.localises(name)) return true;
    let answer = this.contexts.get(nodelist);
    if (answer === undefined) {
      answer = some(nodelist, (node) => showsContext(node) || node.assigns().length > 0);
      this.contexts.set(nodelist, answer);
    }
    return answer;
  }

  /** Whether the function sets variables, or lets others see them. */
  get needsLayer(): boolean {
    return !this.closed || this.anyAssigned || this.assigned.size > 0;
  }
}

/** Whether others may look for names in the context while the node renders: `block.super` is another's block. */
function showsContext(node: Node): boolean {
  return node.namesBlock || node.readsContext();
}

function some(nodelist: NodeList, test: (node: Node) => boolean): boolean {
  for (const node of nodelist) {
    if (test(node)) return true;
    for (const inner of node.inlined()) if (some(inner, test)) return true;
  }
  return false;
}
