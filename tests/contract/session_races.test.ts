/**
 * Requests of one visitor in every order that chance comes up with: no change is lost but to a later one of the
 * same key, and what was deleted stays so.
 */
import fc from 'fast-check';
import { configure } from 'tsango/conf';
import { type SessionBase, sessionStore, UpdateError } from 'tsango/contrib/sessions';
import { getLogger } from 'tsango/utils/log';
import { describeStore, SERVER_STORES } from '../support/session_stores';

configure({ SECRET_KEY: 'not a secret', TIME_ZONE: 'UTC' });
getLogger('tsango.contrib.sessions').disabled = true;

const REQUESTS = 3;
const KEYS = ['a', 'b', 'list', '__proto__'];

const request = fc.nat({ max: REQUESTS - 1 });
const step = fc.oneof(
  { weight: 2, arbitrary: fc.record({ what: fc.constant('open' as const), request }) },
  {
    weight: 6,
    arbitrary: fc.record({
      what: fc.constantFrom('set' as const, 'delete' as const, 'push' as const),
      request,
      key: fc.constantFrom(...KEYS),
      value: fc.nat({ max: 9 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('save' as const), request }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constantFrom('clear' as const, 'flush' as const), request }) },
);

/** What a request holds, and which keys of it are its own. */
interface Model {
  session: SessionBase;
  data: Map<string, unknown>;
  changed: Set<string>;
  cleared: boolean;
}

/** What the store must have after a save: what it had, with the changes on it. */
function saved(store: Map<string, unknown>, { data, changed, cleared }: Model): Map<string, unknown> {
  const result = cleared ? new Map<string, unknown>() : new Map(store);
  for (const key of cleared ? data.keys() : changed) {
    if (data.has(key)) result.set(key, structuredClone(data.get(key)));
    else result.delete(key);
  }
  return result;
}

function itemsOf(session: SessionBase): Map<string, unknown> {
  return new Map(session.items().map(([key, value]) => [key, structuredClone(value)]));
}

describe.each(SERVER_STORES.map((store) => [store.title, store] as const))('%s', (_title, store) => {
  describeStore(store, () => {
    it('keeps what it should', async () => {
      const Store = sessionStore();
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
          const first = new Store();
          first['a'] = 0;
          await first.save();
          const key = first.sessionKey;
          let stored: Map<string, unknown> | null = new Map<string, unknown>([['a', 0]]);
          const open = async (): Promise<Model> => {
            const session = new Store(key);
            await session.load();
            const data = itemsOf(session);
            expect(data).toEqual(stored ?? new Map());
            return { session, data, changed: new Set(), cleared: false };
          };
          const requests: Model[] = [];
          for (let i = 0; i < REQUESTS; i++) requests.push(await open());
          for (const each of steps) {
            const model = requests[each.request] as Model;
            const { session, data } = model;
            // A request whose session was unknown, or flushed, has another session from then on.
            if (session.sessionKey !== key && each.what !== 'open') continue;
            switch (each.what) {
              case 'open':
                requests[each.request] = await open();
                break;
              case 'set':
                session[each.key] = each.value;
                data.set(each.key, each.value);
                model.changed.add(each.key);
                break;
              case 'push': {
                const list = session.get(each.key);
                if (!Array.isArray(list)) {
                  session[each.key] = [each.value];
                  data.set(each.key, [each.value]);
                } else {
                  list.push(each.value);
                  data.set(each.key, structuredClone(list));
                }
                model.changed.add(each.key);
                break;
              }
              case 'delete':
                session.pop(each.key, null);
                if (data.delete(each.key)) model.changed.add(each.key);
                break;
              case 'clear':
                session.clear();
                model.data = new Map();
                model.cleared = true;
                break;
              case 'flush':
                await session.flush();
                stored = null;
                break;
              case 'save':
                if (stored === null) {
                  await expect(session.save()).rejects.toThrow(UpdateError);
                } else {
                  await session.save();
                  stored = saved(stored, model);
                  model.data = new Map(stored);
                  model.changed.clear();
                  model.cleared = false;
                  expect(itemsOf(session)).toEqual(stored);
                }
            }
          }
          // All that is left to save, at once: keys of different requests do not get into each other's way.
          const last = requests.filter(({ session }) => session.sessionKey === key);
          last.forEach((model, i) => {
            model.session[`own${i}`] = i;
            model.changed.clear();
          });
          const outcomes = await Promise.allSettled(last.map(({ session }) => session.save()));
          const end = new Store(key);
          await end.load();
          outcomes.forEach((outcome, i) => {
            if (stored === null) expect(outcome.status).toBe('rejected');
            else if (!last.some(({ cleared }) => cleared)) expect(end.get(`own${i}`)).toBe(i);
          });
          if (stored === null) expect(end.keys()).toEqual([]);
        }),
        { numRuns: Number(process.env['RACE_RUNS'] ?? 30) },
      );
    }, 60_000);
  });
});
