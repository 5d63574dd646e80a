/** What goes through all sessions of a store. */
import { opened, type SessionEngineHarness, stored } from './harness';

export function sweepsOf({ SessionStore, capabilities, given }: SessionEngineHarness): void {
  given(capabilities.lists, 'clears expired sessions, and only those', async () => {
    const Store = SessionStore();
    await Store.clearExpired();
    const live = await stored(Store, { name: 'live' });
    for (let i = 0; i < 7; i++) await stored(Store, { name: 'expired', _session_expiry: -5 });
    const counts: number[] = [];
    expect(await Store.clearExpired({ batchSize: 3, progress: (count) => counts.push(count) })).toBe(7);
    expect(counts.at(-1)).toBe(7);
    expect(await Store.clearExpired()).toBe(0);
    expect((await opened(Store, live.sessionKey))['name']).toBe('live');
  });

  given(capabilities.lists, 'ends the sessions of one user', async () => {
    const Store = SessionStore();
    const mine = [];
    for (let i = 0; i < 4; i++) mine.push(await stored(Store, { _auth_user_id: '7', n: i }));
    const other = await stored(Store, { _auth_user_id: '77' });
    const anonymous = await stored(Store, { name: 'nobody' });
    const kept = mine[0]?.sessionKey ?? null;
    expect(await Store.endUserSessions(7, { except: kept, batchSize: 2 })).toBe(3);
    expect((await opened(Store, kept))['n']).toBe(0);
    expect(await Store.endUserSessions('7')).toBe(1);
    for (const session of mine) expect((await opened(Store, session.sessionKey)).get('n')).toBeNull();
    expect((await opened(Store, other.sessionKey))['_auth_user_id']).toBe('77');
    expect((await opened(Store, anonymous.sessionKey))['name']).toBe('nobody');
  });
}
