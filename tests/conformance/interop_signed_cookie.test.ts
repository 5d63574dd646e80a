import { configure, resetSettings } from 'tsango/conf';
import { signCookie, unsignCookie } from 'tsango/core/signing';
import { describeVectors, reportArea, vectors } from '../support/vectors';

describeVectors('interop_signed_cookie', 'cookies that Django signed', () => {
  afterEach(() => {
    jest.useRealTimers();
    resetSettings();
  });

  it('are signed and read the same here', () => {
    const all = vectors('interop_signed_cookie');
    const failures: string[] = [];
    jest.useFakeTimers();
    for (const v of all) {
      const [name, value, salt, cookie] = [v['name'], v['value'], v['salt'], v['cookie']].map(String) as [
        string,
        string,
        string,
        string,
      ];
      resetSettings();
      configure({ SECRET_KEY: String(v['secret']) });
      jest.setSystemTime(Number(v['time']) * 1000);
      try {
        expect(signCookie(name, value, salt)).toBe(cookie);
        expect(unsignCookie(name, cookie, salt, { maxAge: 1 })).toBe(value);
      } catch (error) {
        failures.push(`${JSON.stringify(v)}\n${String(error)}`);
      }
    }
    reportArea('interop_signed_cookie', all.length - failures.length, all.length);
    expect(failures).toEqual([]);
  });
});
