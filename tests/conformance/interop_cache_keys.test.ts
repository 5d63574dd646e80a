import { LocMemCache } from 'tsango/core/cache/backends/locmem';
import { makeTemplateFragmentKey } from 'tsango/core/cache/utils';
import { describeVectors, reportArea, vectors } from '../support/vectors';

interface KeyVector {
  key: string;
  prefix: string;
  version: number;
  fragment?: string;
  vary?: unknown[] | null;
  stored: string;
}

const AREA = 'interop_cache_keys';

describeVectors(AREA, 'keys of Django', () => {
  it('are made', () => {
    const facts = vectors<KeyVector>(AREA);
    let passed = 0;
    for (const fact of facts) {
      const made =
        fact.fragment === undefined
          ? new LocMemCache('conformance', { KEY_PREFIX: fact.prefix, VERSION: fact.version }).makeKey(
              fact.key,
            )
          : makeTemplateFragmentKey(fact.fragment, fact.vary);
      expect(made).toBe(fact.stored);
      passed++;
    }
    reportArea(AREA, passed, facts.length);
    expect(passed).toBe(facts.length);
  });
});
