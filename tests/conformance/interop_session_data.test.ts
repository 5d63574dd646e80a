import { configure, resetSettings } from 'tsango/conf';
import { SessionStore as DatabaseStore } from 'tsango/contrib/sessions/backends/db';
import { SessionStore as CookieStore } from 'tsango/contrib/sessions/backends/signed_cookies';
import { b62Decode } from 'tsango/core/signing';
import { getLogger } from 'tsango/utils/log';
import { describeVectors, reportArea, type Vector, vectors } from '../support/vectors';

function replay(v: Vector): void {
  const encoded = String(v['encoded']);
  resetSettings();
  configure({
    SECRET_KEY: String(v['secret']),
    SECRET_KEY_FALLBACKS: (v['fallbacks'] as string[] | undefined) ?? [],
  });
  if (v['engine'] === 'signed_cookies') {
    // Cookies are read at the time at which they were recorded: they carry their expiry.
    jest.setSystemTime(b62Decode(encoded.split(':').at(-2) ?? '') * 1000);
    const session = new CookieStore(encoded);
    expect({ ...session }).toEqual(v['data']);
    session.modified = true;
    void session.doSave(false);
    expect({ ...new CookieStore(session.sessionKey) }).toEqual(v['data']);
    return;
  }
  const store = new DatabaseStore();
  expect(store.decode(encoded)).toEqual(v['data']);
  if (v['tampered'] !== true) {
    expect(store.decode(store.encode(v['data'] as Record<string, unknown>))).toEqual(v['data']);
  }
}

describeVectors('interop_session_data', 'sessions that Django wrote', () => {
  beforeAll(() => {
    getLogger('tsango.security.SuspiciousSession').disabled = true;
    jest.useFakeTimers();
  });
  afterAll(() => {
    getLogger('tsango.security.SuspiciousSession').disabled = false;
    jest.useRealTimers();
    resetSettings();
  });

  it('are read here, and what was tampered with is an empty session', () => {
    const all = vectors('interop_session_data');
    const failures: string[] = [];
    for (const v of all) {
      try {
        replay(v);
      } catch (error) {
        failures.push(`${JSON.stringify(v)}\n${String(error)}`);
      }
    }
    reportArea('interop_session_data', all.length - failures.length, all.length);
    expect(failures).toEqual([]);
  });
});
