import fc from 'fast-check';
import './settings';
import { MigrationGraph } from 'tsango/db/migrations/graph';
import { Migration } from 'tsango/db/migrations/migration';

function graphOf(edges: Record<string, string[]>): MigrationGraph {
  const graph = new MigrationGraph();
  const migration = (key: string): Migration => {
    const [app = '', name = ''] = key.split('.');
    return new Migration(name, app);
  };
  for (const key of Object.keys(edges)) graph.addNode(key, migration(key));
  for (const [key, parents] of Object.entries(edges)) {
    for (const parent of parents) graph.addDependency(migration(key), key, parent, true);
  }
  return graph;
}

describe('MigrationGraph', () => {
  const graph = graphOf({
    'a.0001': [],
    'a.0002': ['a.0001'],
    'a.0003': ['a.0002', 'b.0002'],
    'b.0001': [],
    'b.0002': ['a.0002', 'b.0001'],
  });

  it('plans both ways', () => {
    expect(graph.forwardsPlan('a.0003')).toEqual(['b.0001', 'a.0001', 'a.0002', 'b.0002', 'a.0003']);
    expect(graph.backwardsPlan('a.0002')).toEqual(['a.0003', 'b.0002', 'a.0002']);
    expect(graph.rootNodes()).toEqual(['a.0001', 'b.0001']);
    expect(graph.leafNodes()).toEqual(['a.0003', 'b.0002']);
  });

  it('names what is missing', () => {
    expect(() => graph.forwardsPlan('c.0001')).toThrow("Node ('c', '0001') not a valid node");
    const broken = graphOf({ 'a.0001': ['z.0009'] });
    expect(() => broken.validateConsistency()).toThrow(
      "Migration a.0001 dependencies reference nonexistent parent node ('z', '0009')",
    );
  });

  it('names a circle', () => {
    const circle = graphOf({ 'a.0001': ['a.0003'], 'a.0002': ['a.0001'], 'a.0003': ['a.0002'] });
    expect(() => circle.ensureNotCyclic()).toThrow('a.0001, a.0002, a.0003');
  });

  it('puts squashed migrations in the place of what they replace', () => {
    const squashed = graphOf({
      'a.0001': [],
      'a.0002': ['a.0001'],
      'a.0001_squashed_0002': [],
      'a.0003': ['a.0002'],
    });
    squashed.removeReplacedNodes('a.0001_squashed_0002', ['a.0001', 'a.0002']);
    expect(squashed.forwardsPlan('a.0003')).toEqual(['a.0001_squashed_0002', 'a.0003']);
  });

  it('puts every migration behind what it depends on, in any graph', () => {
    const shape = fc.array(fc.array(fc.nat(30), { maxLength: 4 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(shape, (dependencies) => {
        const edges = Object.fromEntries(
          dependencies.map((parents, i) => [
            `app${i % 3}.m${i}`,
            [...new Set(parents.filter((parent) => parent < i))].map(
              (parent) => `app${parent % 3}.m${parent}`,
            ),
          ]),
        );
        const any = graphOf(edges);
        any.ensureNotCyclic();
        for (const leaf of any.leafNodes()) {
          const plan = any.forwardsPlan(leaf);
          for (const [i, key] of plan.entries()) {
            for (const parent of edges[key] ?? []) expect(plan.indexOf(parent)).toBeLessThan(i);
          }
        }
      }),
    );
  });
});
