/**
 * Many clients at once on each store: every write that was acknowledged is there at the end.
 * SESSION_LOAD_OPERATIONS says how many operations: 20,000 for a long look, 5,000 where every service must be there.
 */
import { configure } from 'tsango/conf';
import { sessionStore } from 'tsango/contrib/sessions';
import { getLogger } from 'tsango/utils/log';
import { REQUIRED } from '../support/services';
import { describeStore, SERVER_STORES } from '../support/session_stores';

configure({ SECRET_KEY: 'not a secret', TIME_ZONE: 'UTC' });
getLogger('tsango.contrib.sessions').disabled = true;

const CLIENTS = 64;
/** So many clients share a session, as a visitor's requests do. */
const SHARING = 4;
const OPERATIONS = Number(process.env['SESSION_LOAD_OPERATIONS'] ?? (REQUIRED ? 5_000 : 2_000));

describe.each(SERVER_STORES.map((store) => [store.title, store] as const))('%s', (_title, store) => {
  describeStore(store, () => {
    it(`keeps every acknowledged write of ${CLIENTS} clients in ${OPERATIONS} operations`, async () => {
      const Store = sessionStore();
      const keys: string[] = [];
      for (let i = 0; i < CLIENTS / SHARING; i++) {
        const session = new Store();
        await session.create();
        keys.push(String(session.sessionKey));
      }
      const counts = { read: 0, write: 0, remove: 0, create: 0 };
      const acknowledged = new Map<string, Map<string, number>>(keys.map((key) => [key, new Map()]));
      let left = OPERATIONS;

      const client = async (id: number): Promise<void> => {
        const key = keys[id % keys.length] as string;
        const own = acknowledged.get(key) as Map<string, number>;
        for (let n = 0; left > 0; n++) {
          left -= 1;
          const name = `client${id}-${n % 3}`;
          const session = new Store(key);
          await session.load();
          // What this client was told is written, nobody else may have taken back.
          expect(session.get(name)).toBe(own.get(name) ?? null);
          switch (n % 5) {
            case 0:
            case 1:
              counts.read += 1;
              break;
            case 2:
            case 3:
              session[name] = n;
              await session.save();
              own.set(name, n);
              counts.write += 1;
              break;
            default:
              if (n % 2 === 0) {
                session.pop(name, null);
                await session.save();
                own.delete(name);
                counts.remove += 1;
              } else {
                const other = new Store();
                other['client'] = id;
                await other.save();
                acknowledged.set(String(other.sessionKey), new Map([['client', id]]));
                counts.create += 1;
              }
          }
        }
      };
      const started = performance.now();
      await Promise.all(Array.from({ length: CLIENTS }, (_, id) => client(id)));
      const seconds = (performance.now() - started) / 1000;

      let checked = 0;
      for (const [key, items] of acknowledged) {
        const session = new Store(key);
        await session.load();
        expect({ ...session }).toEqual(Object.fromEntries(items));
        checked += items.size;
      }
      process.stdout.write(
        `load ${store.title}: ${OPERATIONS} operations of ${CLIENTS} clients in ${seconds.toFixed(1)} s ` +
          `(${JSON.stringify(counts)}), ${checked} values in ${acknowledged.size} sessions all there\n`,
      );
    }, 180_000);
  });
});
