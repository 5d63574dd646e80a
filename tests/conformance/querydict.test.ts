import { configure, resetSettings } from 'tsango/conf';
import { QueryDict } from 'tsango/http';
import { describeVectors, reportArea, vectors } from '../support/vectors';

interface QueryVector {
  query_string: string;
  lists: [string, string[]][];
  urlencode: string;
}

describeVectors('querydict', 'Query strings as Django reads and writes them', () => {
  beforeAll(() => configure({ SECRET_KEY: 'test' }));
  afterAll(resetSettings);

  it('agrees with every recorded query string', () => {
    const facts = vectors<QueryVector>('querydict');
    const failed = facts.filter((fact) => {
      const query = new QueryDict(fact.query_string);
      return (
        JSON.stringify([...query.lists()]) !== JSON.stringify(fact.lists) ||
        query.urlencode() !== fact.urlencode
      );
    });
    reportArea('querydict', facts.length - failed.length, facts.length);
    expect(failed).toEqual([]);
  });
});
