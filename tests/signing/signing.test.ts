import fc from 'fast-check';
import { configure, overrideSettings, resetSettings } from 'tsango/conf';
import { ValueError } from 'tsango/core/exceptions';
import {
  BadSignature,
  b62Decode,
  b62Encode,
  cookieSignerLegacySalt,
  cookieSignerSalt,
  dumps,
  getCookieSigner,
  loads,
  SignatureExpired,
  Signer,
  signCookie,
  TimestampSigner,
  unsignCookie,
} from 'tsango/core/signing';
import { loads as jsonLoads } from 'tsango/python/json';
import { Duration } from 'tsango/utils/duration';
import { stopwatch } from '../support/processor';

beforeAll(() => {
  resetSettings();
  configure({ SECRET_KEY: 'the secret', SECRET_KEY_FALLBACKS: ['an older secret'] });
});
afterAll(resetSettings);
afterEach(() => {
  jest.useRealTimers();
});

describe('Signer', () => {
  it('signs and reads back what it signed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (value, salt) => {
        const signer = new Signer({ salt });
        expect(signer.unsign(signer.sign(value))).toBe(value);
      }),
    );
  });

  it('refuses every change of a letter', () => {
    const signer = new Signer();
    const signed = signer.sign('amrit');
    for (let i = 0; i < signed.length; i++) {
      const changed = `${signed.slice(0, i)}${signed[i] === 'x' ? 'y' : 'x'}${signed.slice(i + 1)}`;
      expect(() => signer.unsign(changed)).toThrow(BadSignature);
    }
  });

  it('says what is wrong, as Django does', () => {
    const signer = new Signer();
    expect(() => signer.unsign('amrit')).toThrow(new BadSignature('No ":" found in value'));
    expect(() => signer.unsign('amrit:x')).toThrow(new BadSignature('Signature "x" does not match'));
    expect(() =>
      new TimestampSigner().unsign(new Signer({ salt: 'django.core.signing.TimestampSigner' }).sign('x')),
    ).toThrow(new BadSignature('No ":" found in value'));
  });

  it('refuses separators that could be part of a signature', () => {
    for (const sep of ['', '-', 'abc', '=', '^']) {
      expect(() => new Signer({ sep })).toThrow(
        new ValueError(`Unsafe Signer separator: '${sep}' (cannot be empty or consist of only A-z0-9-_=)`),
      );
    }
    for (const sep of ['/', '*sep*', ',']) {
      const signer = new Signer({ sep });
      expect(signer.unsign(signer.sign(`a${sep}b`))).toBe(`a${sep}b`);
    }
  });

  it('accepts the signatures of older keys, and signs with the newest', () => {
    const signed = new Signer({ key: 'an older secret' }).sign('amrit');
    expect(new Signer().unsign(signed)).toBe('amrit');
    expect(new Signer().sign('amrit')).not.toBe(signed);
    expect(() => new Signer({ fallbackKeys: [] }).unsign(signed)).toThrow(BadSignature);
  });

  it('takes keys of bytes', () => {
    const signed = new Signer({ key: Buffer.from('the secret') }).sign('amrit');
    expect(new Signer().unsign(signed)).toBe('amrit');
  });

  it('keeps salts apart', () => {
    const signed = new Signer({ salt: 'a' }).sign('amrit');
    expect(() => new Signer({ salt: 'b' }).unsign(signed)).toThrow(BadSignature);
  });

  it('signs objects', () => {
    const signer = new Signer();
    const value = { list: [1, 'two', null], unicode: '世界' };
    expect(signer.unsignObject(signer.signObject(value))).toEqual(value);
    expect(signer.signObject('x'.repeat(1000), { compress: true })).toMatch(/^\.eJ/);
  });
});

describe('TimestampSigner', () => {
  it('refuses what is too old', () => {
    jest.useFakeTimers({ now: 123_456_789_000 });
    const signer = new TimestampSigner();
    const signed = signer.sign('hello');
    expect(signed.split(':')[1]).toBe('8M0kX');
    jest.setSystemTime(123_456_800_000);
    expect(signer.unsign(signed)).toBe('hello');
    expect(signer.unsign(signed, { maxAge: 12 })).toBe('hello');
    expect(signer.unsign(signed, { maxAge: 11 })).toBe('hello');
    expect(signer.unsign(signed, { maxAge: new Duration({ seconds: 11 }) })).toBe('hello');
    expect(() => signer.unsign(signed, { maxAge: 10 })).toThrow(
      new SignatureExpired('Signature age 11 > 10 seconds'),
    );
    expect(new SignatureExpired('')).toBeInstanceOf(BadSignature);
  });

  it('takes a clock that was set back for what it is', () => {
    jest.useFakeTimers({ now: 123_456_789_000 });
    const signed = new TimestampSigner().sign('hello');
    jest.setSystemTime(0);
    expect(new TimestampSigner().unsign(signed, { maxAge: 10 })).toBe('hello');
  });
});

describe('dumps and loads', () => {
  it('go round with anything that JSON can say', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false } as never), fc.boolean(), (value, compress) => {
        expect(loads(dumps(value, { compress }))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('keep integers of any size, and the numbers that JSON has no word for', () => {
    for (const value of [2n ** 70n, -(2n ** 64n), Number.NaN, Number.POSITIVE_INFINITY, 0.1, 1e300]) {
      expect(loads(dumps({ value }))).toEqual({ value });
    }
    expect(
      jsonLoads('{"a": [1.0, 12345678901234567890, 1.2345678901234567, NaN, -Infinity], "__proto__": 1}'),
    ).toEqual(
      Object.defineProperty(
        { a: [1, 12345678901234567890n, 1.2345678901234567, Number.NaN, -Infinity] },
        '__proto__',
        {
          value: 1,
          enumerable: true,
        },
      ),
    );
  });

  it('refuse what would come back as something else', () => {
    expect(() => dumps({ at: new Date(0) })).toThrow(
      new TypeError('Object of type Date is not JSON serializable'),
    );
    expect(() => dumps(new Map())).toThrow(new TypeError('Object of type Map is not JSON serializable'));
    expect(() => dumps([undefined])).toThrow(
      new TypeError('Object of type undefined is not JSON serializable'),
    );
    const circle: unknown[] = [];
    circle.push(circle);
    expect(() => dumps(circle)).toThrow(new ValueError('Circular reference detected'));
  });

  it('write ASCII, as Python does', () => {
    const [payload = ''] = dumps('é\u007f世\ud83c\udfb8').split(':');
    expect(Buffer.from(payload, 'base64url').toString('latin1')).toBe(
      '"\\u00e9\\u007f\\u4e16\\ud83c\\udfb8"',
    );
  });

  it('refuse tampered strings of every kind', () => {
    for (const text of ['', ':', '::', 'x', '.x:y:z', `${dumps([1])}x`, dumps([1]).slice(1)]) {
      expect(() => loads(text)).toThrow(BadSignature);
    }
  });

  it('take time that grows with the length of the string, and no faster', () => {
    const spent = stopwatch();
    expect(() => loads(':'.repeat(100_000))).toThrow(BadSignature);
    expect(() => loads(`${'9'.repeat(50_000)}:${'9'.repeat(50_000)}`)).toThrow(BadSignature);
    expect(() => jsonLoads(`[${'9'.repeat(100_000)}`)).toThrow(SyntaxError);
    expect(() => jsonLoads('['.repeat(100_000))).toThrow(SyntaxError);
    expect(spent()).toBeLessThan(1);
  });
});

describe('base 62', () => {
  it('goes round', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (number) => {
        expect(b62Decode(b62Encode(number))).toBe(number);
      }),
    );
  });

  it('refuses other letters', () => {
    expect(() => b62Decode('a_b')).toThrow(new ValueError('substring not found'));
  });
});

describe('signed cookies', () => {
  it('cannot be moved to another name by shifting the salt', () => {
    const signed = signCookie('a', 'hello', 'bc');
    expect(unsignCookie('a', signed, 'bc')).toBe('hello');
    expect(() => unsignCookie('ab', signed, 'c')).toThrow(BadSignature);
    expect(cookieSignerSalt('visits', 'probe')).toBe('django.http.cookies.v2:5:probevisits');
  });

  it('of the old salt are accepted with SIGNED_COOKIE_LEGACY_SALT_FALLBACK only', async () => {
    jest.useFakeTimers({ now: 123_456_789_000, doNotFake: ['nextTick', 'setImmediate'] });
    const old = getCookieSigner(cookieSignerLegacySalt('a', 'bc')).sign('hello');
    expect(() => unsignCookie('a', old, 'bc')).toThrow(BadSignature);
    await overrideSettings({ SIGNED_COOKIE_LEGACY_SALT_FALLBACK: true }, () => {
      expect(unsignCookie('a', old, 'bc')).toBe('hello');
      jest.setSystemTime(123_456_800_000);
      expect(() => unsignCookie('a', old, 'bc', { maxAge: 10 })).toThrow(SignatureExpired);
      const current = signCookie('a', 'hello', 'bc');
      jest.setSystemTime(123_456_900_000);
      expect(() => unsignCookie('a', current, 'bc', { maxAge: 10 })).toThrow(SignatureExpired);
    });
  });

  it('follow the secrets', async () => {
    const signed = signCookie('a', 'hello');
    await overrideSettings({ SECRET_KEY: 'another', SECRET_KEY_FALLBACKS: ['the secret'] }, () => {
      expect(unsignCookie('a', signed)).toBe('hello');
    });
    await overrideSettings({ SECRET_KEY: 'another', SECRET_KEY_FALLBACKS: [] }, () => {
      expect(() => unsignCookie('a', signed)).toThrow(BadSignature);
    });
  });
});
