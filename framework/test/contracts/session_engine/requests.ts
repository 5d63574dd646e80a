/** Two requests of one visitor at the same time. */
import { opened, type SessionEngineHarness, stored } from './harness';

export function requestsOf({ SessionStore, capabilities, given }: SessionEngineHarness): void {
  given(capabilities.merges, 'keeps the changes of both', async () => {
    const Store = SessionStore();
    const { sessionKey } = await stored(Store, { kept: 1, removed: 2 });
    const [first, second] = [await opened(Store, sessionKey), await opened(Store, sessionKey)];
    first['first'] = 1;
    second['second'] = 2;
    delete second['removed'];
    await first.save();
    await second.save();
    expect({ ...(await opened(Store, sessionKey)) }).toEqual({ kept: 1, first: 1, second: 2 });
    expect({ ...second }).toEqual({ kept: 1, first: 1, second: 2 });
    first['first'] = 3;
    await first.save();
    expect({ ...(await opened(Store, sessionKey)) }).toEqual({ kept: 1, first: 3, second: 2 });
  });

  given(capabilities.merges, 'keeps the changes of many at once', async () => {
    const Store = SessionStore();
    const { sessionKey } = await stored(Store, {});
    const requests = await Promise.all(Array.from({ length: 16 }, () => opened(Store, sessionKey)));
    await Promise.all(
      requests.map((session, i) => {
        session[`key${i}`] = i;
        return session.save();
      }),
    );
    expect((await opened(Store, sessionKey)).keys()).toHaveLength(16);
  });

  given(capabilities.merges, 'keeps the last change of the same key, and does not merge lists', async () => {
    const Store = SessionStore();
    const { sessionKey } = await stored(Store, { list: [1] });
    const [first, second] = [await opened(Store, sessionKey), await opened(Store, sessionKey)];
    (first['list'] as number[]).push(2);
    (second['list'] as number[]).push(3);
    await first.save();
    await second.save();
    expect((await opened(Store, sessionKey))['list']).toEqual([1, 3]);
  });

  given(capabilities.merges, 'clear() removes what others added', async () => {
    const Store = SessionStore();
    const { sessionKey } = await stored(Store, { a: 1 });
    const [first, second] = [await opened(Store, sessionKey), await opened(Store, sessionKey)];
    first['b'] = 2;
    await first.save();
    second.clear();
    second['c'] = 3;
    await second.save();
    expect({ ...(await opened(Store, sessionKey)) }).toEqual({ c: 3 });
  });

  given(capabilities.merges, 'a save without changes takes nothing back', async () => {
    const Store = SessionStore();
    const { sessionKey } = await stored(Store, { a: 1 });
    const [first, second] = [await opened(Store, sessionKey), await opened(Store, sessionKey)];
    first['a'] = 2;
    await first.save();
    await second.save();
    expect((await opened(Store, sessionKey))['a']).toBe(2);
  });

  it('saves in the order in which saving was asked for', async () => {
    const Store = SessionStore();
    const session = await stored(Store, { n: 0 });
    const saves: Promise<void>[] = [];
    for (let n = 1; n <= 5; n++) {
      session['n'] = n;
      saves.push(session.save());
    }
    await Promise.all(saves);
    expect((await opened(Store, session.sessionKey))['n']).toBe(5);
  });

  it('does not take for saved what changed while it saved', async () => {
    const Store = SessionStore();
    const session = await stored(Store, { cart: { items: [1] } });
    session['a'] = 1;
    const saving = session.save();
    session['b'] = 2;
    (session['cart'] as { items: number[] }).items.push(2);
    await saving;
    expect(session.modified).toBe(true);
    await session.save();
    expect({ ...(await opened(Store, session.sessionKey)) }).toEqual({ cart: { items: [1, 2] }, a: 1, b: 2 });
  });
}
