import { configure, resetSettings } from 'tsango/conf';
import { type CookieOptions, HttpResponse } from 'tsango/http';
import { describeVectors, reportArea, vectors } from '../support/vectors';

interface SetCookieVector {
  key: string;
  value: string;
  kwargs: Record<string, unknown>;
  header?: string;
  error?: string;
}

/** The recorder's clock, where the vector does not say when it was. */
function options(kwargs: Record<string, unknown>): CookieOptions {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(kwargs)) {
    result[name === 'max_age' ? 'maxAge' : name] = value;
  }
  return result as CookieOptions;
}

function attributes(header: string): string[] {
  const [pair = '', ...rest] = header.split('; ');
  return [pair, ...rest.sort()];
}

function setCookie(vector: SetCookieVector): string {
  const response = new HttpResponse();
  try {
    response.setCookie(vector.key, vector.value, options(vector.kwargs));
  } catch (error) {
    return `error ${(error as Error).name}`;
  }
  const header = response.cookies.get(vector.key)?.outputString() ?? '';
  // `expires` that follows from max_age depends on the recorder's clock.
  const clockless = 'expires' in vector.kwargs ? header : header.replace(/; expires=[^;]*/, '; expires=*');
  return attributes(clockless).join('; ');
}

function expected(vector: SetCookieVector): string {
  if (vector.error !== undefined) return `error ${vector.error}`;
  const header = vector.header ?? '';
  const clockless = 'expires' in vector.kwargs ? header : header.replace(/; expires=[^;]*/, '; expires=*');
  return attributes(clockless).join('; ');
}

describeVectors('set_cookie', 'Set-Cookie headers as Django writes them', () => {
  beforeAll(() => configure({ SECRET_KEY: 'test' }));
  afterAll(resetSettings);

  it('agrees with every recorded cookie', () => {
    const facts = vectors<SetCookieVector>('set_cookie');
    const failed = facts
      .map((fact) => ({ fact, actual: setCookie(fact), wanted: expected(fact) }))
      .filter(({ actual, wanted }) => actual !== wanted);
    reportArea('set_cookie', facts.length - failed.length, facts.length);
    expect(failed).toEqual([]);
  });
});
