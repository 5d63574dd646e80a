/** jest's order of files, for `manage.ts test --reverse` and `--shuffle`: by their names, whatever took long before. */
import { createHash } from 'node:crypto';

interface TestFile {
  readonly path: string;
}

/** What jest takes for a sequencer: its package is the site's, and is not loaded for this. */
class Sequencer {
  sort(tests: readonly TestFile[]): TestFile[] {
    const order = process.env['TSANGO_TEST_ORDER'] ?? '';
    const rank = ({ path }: TestFile): string =>
      order === 'reverse' ? path : createHash('sha256').update(`${order} ${path}`).digest('hex');
    const sorted = [...tests].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
    return order === 'reverse' ? sorted.reverse() : sorted;
  }

  shard(tests: readonly TestFile[]): TestFile[] {
    return [...tests];
  }

  allFailedTests(tests: readonly TestFile[]): TestFile[] {
    return [...tests];
  }

  cacheResults(): void {}
}

/** With nothing in it: a project without `esModuleInterop` may write `import * as` of it. */
declare namespace Sequencer {}

// A default export beside `__esModule` is another thing to each bundler.
export = Sequencer;
