/** Sessions end when they should, and not before. */
import { Duration } from '../../../utils/duration';
import { inTime } from '../in_time';
import { opened, type SessionEngineHarness, stored } from './harness';

export function expiryOf({ SessionStore, advance, capabilities, given }: SessionEngineHarness): void {
  given(capabilities.expires, 'ends after its own expiry: seconds, a duration or a moment', () =>
    inTime(1, async () => {
      const Store = SessionStore();
      const keys: (string | null)[] = [];
      for (const expiry of [2, new Duration({ seconds: 2 }), new Date(Date.now() + 2000)]) {
        const session = await stored(Store, { name: 'amrit' });
        session.setExpiry(expiry);
        await session.save();
        keys.push(session.sessionKey);
      }
      await advance(0.3);
      for (const key of keys) expect((await opened(Store, key)).get('name')).toBe('amrit');
      await advance(3);
      for (const key of keys) {
        const late = await opened(Store, key);
        expect(late.get('name')).toBeNull();
        expect(late.sessionKey === key && !late.modified).toBe(false);
      }
    }),
  );

  it('has an expiry as it was set', async () => {
    const Store = SessionStore();
    const session = await stored(Store, { name: 'amrit' });
    const moment = new Date(Math.ceil(Date.now() / 1000) * 1000 + 60_000);
    session.setExpiry(moment);
    await session.save();
    expect((await opened(Store, session.sessionKey)).getExpiryDate()).toEqual(moment);
    session.setExpiry(0);
    await session.save();
    expect((await opened(Store, session.sessionKey)).getExpireAtBrowserClose()).toBe(true);
    session.setExpiry(null);
    await session.save();
    const last = await opened(Store, session.sessionKey);
    expect(last.getExpireAtBrowserClose()).toBe(false);
    expect(last.getExpiryAge()).toBe(1_209_600);
  });

  given(capabilities.expires, 'does not find a session that has ended before it was stored', async () => {
    const Store = SessionStore();
    const session = await stored(Store, { name: 'amrit' });
    session.setExpiry(-5);
    await session.save();
    expect((await opened(Store, session.sessionKey)).get('name')).toBeNull();
  });

  it('starts over when a session is saved again', () =>
    inTime(3, async () => {
      const Store = SessionStore();
      const session = await stored(Store, { name: 'amrit' });
      session.setExpiry(4);
      await session.save();
      await advance(2.5);
      session['again'] = true;
      await session.save();
      await advance(2.5);
      expect((await opened(Store, session.sessionKey)).get('name')).toBe('amrit');
    }));
}
