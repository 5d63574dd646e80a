import { configure, resetSettings, type Settings } from 'tsango/conf';
import { b62Decode, b62Encode, dumps, loads, Signer, TimestampSigner } from 'tsango/core/signing';
import { saltedHmac } from 'tsango/utils/crypto';
import { describeVectors, reportArea, type Vector, vectors } from '../support/vectors';

/** What a Django of that key signs must come out of ours to the byte, and ours must read it. */
function replay(v: Vector): void {
  const key = String(v['key'] ?? v['secret'] ?? 'unused');
  const options: { salt?: string; sep?: string; algorithm?: string } = {};
  for (const name of ['salt', 'sep', 'algorithm'] as const) {
    const value = v[name];
    if (typeof value === 'string') options[name] = value;
  }
  if (v['time'] !== undefined) jest.setSystemTime(Number(v['time']) * 1000);
  const signed = String(v['signed']);
  switch (v['op']) {
    case 'Signer.sign': {
      const signer = new Signer({ key, ...options });
      expect(signer.sign(String(v['value']))).toBe(signed);
      expect(signer.unsign(signed)).toBe(v['value']);
      return;
    }
    case 'TimestampSigner.sign': {
      const signer = new TimestampSigner({ key, ...options });
      expect(signer.sign(String(v['value']))).toBe(signed);
      expect(signer.unsign(signed, { maxAge: 0 })).toBe(v['value']);
      return;
    }
    case 'dumps': {
      expect(loads(signed, { key, ...options })).toEqual(v['object']);
      const compress = v['compress'] === true;
      const ours = dumps(v['object'], { key, ...options, compress });
      if (!compress) expect(ours).toBe(signed);
      expect(loads(ours, { key, ...options })).toEqual(v['object']);
      return;
    }
    case 'b62_encode':
      expect(b62Encode(Number(v['number']))).toBe(v['text']);
      expect(b62Decode(String(v['text']))).toBe(v['number']);
      return;
    case 'salted_hmac':
      expect(
        saltedHmac(String(v['salt']), String(v['value']), {
          secret: String(v['secret']),
          algorithm: String(v['algorithm']),
        }).toString('hex'),
      ).toBe(v['hex']);
      return;
    default:
      throw new Error(`unknown op ${String(v['op'])}`);
  }
}

describeVectors('interop_signing', 'what Django signs', () => {
  beforeAll(() => {
    resetSettings();
    configure({ SECRET_KEY: 'not the key of any vector' } satisfies Partial<Settings>);
    jest.useFakeTimers();
  });
  afterAll(() => {
    jest.useRealTimers();
    resetSettings();
  });

  it('is signed and read the same here', () => {
    const all = vectors('interop_signing');
    const failures: string[] = [];
    for (const v of all) {
      try {
        replay(v);
      } catch (error) {
        failures.push(`${JSON.stringify(v)}\n${String(error)}`);
      }
    }
    reportArea('interop_signing', all.length - failures.length, all.length);
    expect(failures).toEqual([]);
  });
});
