import { configure, resetSettings } from 'tsango/conf';
import { ValueError } from 'tsango/core/exceptions';
import {
  constantTimeCompare,
  getRandomString,
  InvalidAlgorithm,
  pbkdf2,
  saltedHmac,
} from 'tsango/utils/crypto';

beforeAll(() => {
  resetSettings();
  configure({ SECRET_KEY: 'abcdefg' });
});
afterAll(resetSettings);

describe('saltedHmac', () => {
  it('is what Django computes', () => {
    expect(saltedHmac('salt', 'value', { secret: 'abcdefg' }).toString('hex')).toBe(
      '8bbee04ccddfa24772d1423a0ba43bd0c0e24b76',
    );
    expect(saltedHmac('salt', 'value').toString('hex')).toBe('8bbee04ccddfa24772d1423a0ba43bd0c0e24b76');
    expect(
      saltedHmac(Buffer.from('salt'), Buffer.from('value'), { secret: Buffer.from('abcdefg') }).toString(
        'hex',
      ),
    ).toBe('8bbee04ccddfa24772d1423a0ba43bd0c0e24b76');
    expect(saltedHmac('salt', 'value', { secret: 'abcdefg', algorithm: 'sha256' }).toString('hex')).toBe(
      '06f5a3c33a5239d33b1c3b1b252ede6e47db47c57249e259ff2ef072e86e9f36',
    );
  });

  it('names an unknown algorithm', () => {
    expect(() => saltedHmac('salt', 'value', { algorithm: 'whatever' })).toThrow(
      new InvalidAlgorithm("'whatever' is not an algorithm accepted by the hashlib module."),
    );
  });
});

describe('constantTimeCompare', () => {
  it('compares text and bytes', () => {
    expect(constantTimeCompare('spam', 'spam')).toBe(true);
    expect(constantTimeCompare('spam', 'eggs')).toBe(false);
    expect(constantTimeCompare('spam', 'spams')).toBe(false);
    expect(constantTimeCompare('ありがとう', 'ありがとう')).toBe(true);
    expect(constantTimeCompare('ありがとう', Buffer.from('ありがとう'))).toBe(true);
    expect(constantTimeCompare(Buffer.from([1]), Buffer.from([2]))).toBe(false);
  });
});

describe('getRandomString', () => {
  it('has the length and the letters asked for, each equally often', () => {
    expect(getRandomString()).toMatch(/^[A-Za-z0-9]{12}$/);
    const counts = new Map<string, number>();
    for (const letter of getRandomString(60_000, 'abcdef')) counts.set(letter, (counts.get(letter) ?? 0) + 1);
    expect([...counts.keys()].sort().join('')).toBe('abcdef');
    // Six standard deviations around 10,000.
    for (const count of counts.values()) expect(Math.abs(count - 10_000)).toBeLessThan(550);
  });

  it('refuses an alphabet that it cannot choose from', () => {
    expect(() => getRandomString(5, '')).toThrow(
      new ValueError('getRandomString() needs between 1 and 256 allowed characters.'),
    );
  });
});

describe('pbkdf2', () => {
  it('is what Django computes', () => {
    const hash = pbkdf2('password', 'salt', 1, { dklen: 20, digest: 'sha1' });
    expect(hash.toString('hex')).toBe('0c60c80f961f0e71f3a9b524af6012062fe037a6');
    expect(pbkdf2('password', 'salt', 2).toString('hex')).toBe(
      'ae4d0c95af6b46d32d0adff928f06dd02a303f8ef3c251dfd6e2d85a95474c43',
    );
  });
});
