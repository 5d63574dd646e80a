/**
 * The order of migrations: each is a node, each dependency an edge. Django: `django.db.migrations.graph`.
 */
import { CircularDependencyError, NodeNotFoundError } from './exceptions';
import type { Dependencies, Migration } from './migration';
import { ProjectState } from './state';

/** A migration as the graph and its errors name it: `app.name`. App labels have no dot. */
export type MigrationKey = string;

/** The key of a migration. */
export function keyOf(appLabel: string, name: string): MigrationKey {
  return `${appLabel}.${name}`;
}

/** The keys of pairs of an app and a name, as `dependencies` and `replaces` have them. */
export function keysOf(pairs: Dependencies): MigrationKey[] {
  return pairs.map(([app = '', name = '']) => keyOf(app, name));
}

/** The app of a key. */
export function appOf(key: MigrationKey): string {
  return key.slice(0, key.indexOf('.'));
}

/** The migration's name of a key. */
export function nameOf(key: MigrationKey): string {
  return key.slice(key.indexOf('.') + 1);
}

/** A key as Python prints the pair that it is there. */
export function reprKey(key: MigrationKey): string {
  return `('${appOf(key)}', '${nameOf(key)}')`;
}

/** A migration and its neighbours. */
export class Node {
  readonly children = new Set<Node>();
  readonly parents = new Set<Node>();
  /** Set while the migration is only referred to: what is wrong, and who refers to it. */
  missing: { message: string; origin: unknown } | undefined;

  constructor(readonly key: MigrationKey) {}
}

function sorted(nodes: Iterable<Node>): Node[] {
  return [...nodes].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Every migration of the site. */
export class MigrationGraph {
  readonly nodeMap = new Map<MigrationKey, Node>();
  readonly nodes = new Map<MigrationKey, Migration>();

  addNode(key: MigrationKey, migration: Migration): void {
    this.nodeMap.set(key, new Node(key));
    this.nodes.set(key, migration);
  }

  has(key: MigrationKey): boolean {
    return this.nodes.has(key);
  }

  /**
   * Says that `child` comes after `parent`. Either may be missing yet: see `validateConsistency`.
   *
   * @throws NodeNotFoundError unless `skipValidation`.
   */
  addDependency(migration: unknown, child: MigrationKey, parent: MigrationKey, skipValidation = false): void {
    const childNode = this.nodeMap.get(child) ?? this.addMissing(child, migration, 'child');
    const parentNode = this.nodeMap.get(parent) ?? this.addMissing(parent, migration, 'parent');
    childNode.parents.add(parentNode);
    parentNode.children.add(childNode);
    if (!skipValidation) this.validateConsistency();
  }

  private addMissing(key: MigrationKey, origin: unknown, role: string): Node {
    const message = `Migration ${String(origin)} dependencies reference nonexistent ${role} node ${reprKey(key)}`;
    return this.addDummyNode(key, origin, message);
  }

  /** Adds a node that is only referred to, and what `validateConsistency` says of it while it is not replaced. */
  addDummyNode(key: MigrationKey, origin: unknown, message: string): Node {
    const node = new Node(key);
    node.missing = { message, origin };
    this.nodeMap.set(key, node);
    return node;
  }

  /** Puts a squashed migration in the place of those that it replaces. */
  removeReplacedNodes(replacement: MigrationKey, replaced: readonly MigrationKey[]): void {
    const names = new Set(replaced);
    const into = this.nodeMap.get(replacement);
    if (into === undefined) {
      throw new NodeNotFoundError(
        `Unable to find replacement node ${reprKey(replacement)}. It was either never added to the migration graph, ` +
          'or has been removed.',
        replacement,
      );
    }
    for (const key of names) {
      const node = this.nodeMap.get(key);
      this.nodes.delete(key);
      this.nodeMap.delete(key);
      if (node === undefined) continue;
      for (const child of node.children) {
        child.parents.delete(node);
        if (names.has(child.key) || child === into) continue;
        into.children.add(child);
        child.parents.add(into);
      }
      for (const parent of node.parents) {
        parent.children.delete(node);
        if (names.has(parent.key) || parent === into) continue;
        into.parents.add(parent);
        parent.children.add(into);
      }
    }
  }

  /** Takes a squashed migration out that cannot be used; what it replaces stays. */
  removeReplacementNode(replacement: MigrationKey, replaced: readonly MigrationKey[]): void {
    const node = this.nodeMap.get(replacement);
    this.nodes.delete(replacement);
    this.nodeMap.delete(replacement);
    if (node === undefined) {
      throw new NodeNotFoundError(
        `Unable to remove replacement node ${reprKey(replacement)}. It was either never added to the migration ` +
          'graph, or has been removed already.',
        replacement,
      );
    }
    const stays = replaced.map((key) => this.nodeMap.get(key)).filter((found) => found !== undefined);
    const notLast = new Set(stays.flatMap((found) => [...found.parents]));
    const last = stays.filter((found) => !notLast.has(found));
    for (const child of node.children) {
      child.parents.delete(node);
      for (const found of last) {
        found.children.add(child);
        child.parents.add(found);
      }
    }
    for (const parent of node.parents) parent.children.delete(node);
  }

  /** @throws NodeNotFoundError if a dependency is missing. */
  validateConsistency(): void {
    for (const node of this.nodeMap.values()) {
      if (node.missing) throw new NodeNotFoundError(node.missing.message, node.key, node.missing.origin);
    }
  }

  /** What must be applied for a migration, itself last. @throws NodeNotFoundError. */
  forwardsPlan(target: MigrationKey): MigrationKey[] {
    return this.plan(target, (node) => node.parents);
  }

  /** What must be unapplied for a migration, itself last. @throws NodeNotFoundError. */
  backwardsPlan(target: MigrationKey): MigrationKey[] {
    return this.plan(target, (node) => node.children);
  }

  private plan(target: MigrationKey, next: (node: Node) => Set<Node>): MigrationKey[] {
    const start = this.nodes.has(target) ? this.nodeMap.get(target) : undefined;
    if (start === undefined) throw new NodeNotFoundError(`Node ${reprKey(target)} not a valid node`, target);
    const visited = new Set<Node>();
    const stack: { node: Node; processed: boolean }[] = [{ node: start, processed: false }];
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      if (visited.has(at.node)) continue;
      if (at.processed) {
        visited.add(at.node);
      } else {
        stack.push({ node: at.node, processed: true });
        for (const node of sorted(next(at.node))) stack.push({ node, processed: false });
      }
    }
    return [...visited].map((node) => node.key);
  }

  /** The migrations that depend on none of their own app. */
  rootNodes(app?: string): MigrationKey[] {
    return this.ends((node) => node.parents, app);
  }

  /** The migrations that none of their own app depends on. */
  leafNodes(app?: string): MigrationKey[] {
    return this.ends((node) => node.children, app);
  }

  private ends(neighbours: (node: Node) => Set<Node>, app: string | undefined): MigrationKey[] {
    return sorted(
      [...this.nodes.keys()]
        .map((key) => this.nodeMap.get(key) as Node)
        .filter((node) => app === undefined || appOf(node.key) === app)
        .filter((node) => [...neighbours(node)].every((other) => appOf(other.key) !== appOf(node.key))),
    ).map((node) => node.key);
  }

  /** @throws CircularDependencyError naming the circle. */
  ensureNotCyclic(): void {
    const todo = new Set(this.nodes.keys());
    for (const start of this.nodes.keys()) {
      if (!todo.delete(start)) continue;
      const stack = [start];
      while (stack.length > 0) {
        const top = this.nodeMap.get(stack[stack.length - 1] as MigrationKey) as Node;
        let next: MigrationKey | undefined;
        for (const child of top.children) {
          const at = stack.indexOf(child.key);
          if (at >= 0) throw new CircularDependencyError(stack.slice(at).join(', '));
          if (todo.has(child.key)) {
            next = child.key;
            break;
          }
        }
        if (next === undefined) {
          stack.pop();
        } else {
          todo.delete(next);
          stack.push(next);
        }
      }
    }
  }

  /** What must be applied for several migrations, in order; `atEnd: false`: without themselves. */
  planOf(nodes: readonly MigrationKey[], atEnd = true): MigrationKey[] {
    const [plan, without] = [new Set<MigrationKey>(), new Set(atEnd ? [] : nodes)];
    for (const node of nodes) {
      // A plan that is in there already has brought everything that it needs.
      if (plan.has(node)) continue;
      for (const key of this.forwardsPlan(node)) if (!without.has(key)) plan.add(key);
    }
    return [...plan];
  }

  /** The models as they are after these migrations (default: all); `atEnd: false`: before them. */
  makeState(nodes: readonly MigrationKey[] = this.leafNodes(), atEnd = true): ProjectState {
    let state = new ProjectState();
    for (const key of this.planOf(nodes, atEnd)) {
      state = (this.nodes.get(key) as Migration).mutateState(state, false);
    }
    return state;
  }
}
