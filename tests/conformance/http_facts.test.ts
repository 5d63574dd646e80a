/** The facts of pages are read as the recording reads them. */
import { isDeepStrictEqual } from 'node:util';
import { bodies, type Json } from '../support/http/facts';
import { pageFacts } from '../support/http/page_facts';
import { describeVectors, reportArea } from '../support/vectors';

describeVectors('http/bodies', 'pages', () => {
  it('have the facts that were recorded', () => {
    const pages = [...bodies().values()].filter(
      ({ html, facts }) => html !== undefined && facts !== undefined,
    );
    const others = pages.filter(
      ({ html, facts }) => !isDeepStrictEqual(pageFacts(String(html)), facts as Json),
    );
    reportArea('http page_facts', pages.length - others.length, pages.length);
    expect(others.map(({ hash }) => hash)).toEqual([]);
    expect(pages.length).toBeGreaterThan(0);
  });
});
