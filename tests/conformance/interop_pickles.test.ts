import { dumps, loads } from 'tsango/python/pickle';
import { Tuple } from 'tsango/python/types';
import { python } from '../support/python';
import { describeWith } from '../support/services';
import { describeVectors, reportArea, vectors } from '../support/vectors';

interface PickleVector {
  protocol: number;
  value: unknown;
  tuple: boolean;
  hex: string;
}

const AREA = 'interop_pickles';

const expected = ({ value, tuple }: PickleVector): unknown =>
  tuple ? Tuple.from(value as unknown[]) : value;

describeVectors(AREA, 'pickles of Django', () => {
  const facts = vectors<PickleVector>(AREA);

  it('are read', () => {
    let passed = 0;
    for (const fact of facts) {
      expect(loads(Buffer.from(fact.hex, 'hex'))).toEqual(expected(fact));
      passed++;
    }
    reportArea(`${AREA} (read)`, passed, facts.length);
    expect(passed).toBe(facts.length);
  });

  it('come back from what we write', () => {
    for (const fact of facts) {
      expect(loads(dumps(expected(fact)))).toEqual(expected(fact));
    }
  });

  it('are written to the byte when the floats in them are kept floats', () => {
    // Python shares equal strings only where they are one object; the sample's differ from ours there only.
    const same = facts.filter(({ protocol, hex }) => {
      if (protocol < 4) return true;
      const exact = loads(Buffer.from(hex, 'hex'), { exact: true });
      return dumps(exact, { protocol: protocol as 4 | 5 }).toString('hex') === hex;
    });
    expect(same.length).toBeGreaterThan(facts.length * 0.9);
  });

  describeWith('django', 'with Python', () => {
    it('are read by Python when we write them', () => {
      const written = facts.flatMap((fact) =>
        ([4, 5] as const).map((protocol) => dumps(expected(fact), { protocol }).toString('base64')),
      );
      const results = python<boolean[]>(
        `
import base64, pickle
result = []
for fact, ours in zip((f for f in data['facts'] for _ in range(2)), data['written']):
    theirs = pickle.loads(bytes.fromhex(fact['hex']))
    value = pickle.loads(base64.b64decode(ours))
    result.append(type(theirs) is type(value) and theirs == value)
`,
        { facts, written },
      );
      const passed = results.filter(Boolean).length;
      reportArea(`${AREA} (written)`, passed, results.length);
      expect(passed).toBe(results.length);
    });
  });
});
