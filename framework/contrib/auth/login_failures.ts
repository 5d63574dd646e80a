/**
 * How many log-ins may fail, by LOGIN_FAILURE_LIMITS. Django leaves that to packages.
 *
 * A log-in is counted before its password is looked at, and taken back if it was right: of a hundred guesses at once no more
 * are looked at than the limit allows. Names and addresses stand in the cache as HMACs.
 */
import { settings } from '../../conf';
import { type BaseCache, CacheUpdateConflict, caches } from '../../core/cache';
import { ImproperlyConfigured } from '../../core/exceptions';
import type { HttpRequest } from '../../http/request';
import { compressIpv6, mappedIpv4, parseIpv6 } from '../../python/ipaddress';
import { saltedHmac } from '../../utils/crypto';
import { getLogger } from '../../utils/log';
import { gettext } from '../../utils/translation';
import { TooManyLoginFailures } from './exceptions';
import type { Credentials } from './load';
import { userLockedOut } from './signals';
import { getUserModel } from './user_model';

const KEY_SALT = 'tsango.contrib.auth.login_failures';

/** What is counted. */
export type CountedBy = 'username' | 'address';

/** The limits in force. */
export interface Limits {
  readonly username: number | undefined;
  readonly address: number | undefined;
  readonly seconds: number;
  readonly cache: string;
}

/** How many have failed since the first of them, and until when that counts: milliseconds since 1970. */
type Count = readonly [failures: number, until: number];

/** What LOGIN_FAILURE_LIMITS says; undefined for no limits. @throws ImproperlyConfigured for what makes no sense. */
export function limitsOfSettings(): Limits | undefined {
  const { LOGIN_FAILURE_LIMITS: given } = settings;
  if (given === null) return undefined;
  const { USERNAME: username, ADDRESS: address, SECONDS: seconds = 900, CACHE: cache = 'default' } = given;
  const refuse = (what: string): never => {
    throw new ImproperlyConfigured(`LOGIN_FAILURE_LIMITS: ${what}`);
  };
  const unknown = Object.keys(given).find(
    (name) => !['USERNAME', 'ADDRESS', 'SECONDS', 'CACHE'].includes(name),
  );
  if (unknown !== undefined) refuse(`there is no '${unknown}'; it has USERNAME, ADDRESS, SECONDS and CACHE.`);
  if (username === undefined && address === undefined) refuse('give a number for USERNAME, ADDRESS or both.');
  for (const [name, value] of Object.entries({ USERNAME: username, ADDRESS: address, SECONDS: seconds })) {
    if (value !== undefined && !(Number.isSafeInteger(value) && value > 0)) {
      refuse(`${name} must be a whole number above zero.`);
    }
  }
  if (!Object.hasOwn(settings.CACHES, cache)) refuse(`CACHES has no '${cache}'.`);
  return { username, address, seconds, cache };
}

/**
 * A name as it is counted: names that a database may take for the same are one, whatever their case, accents, spaces around
 * them and letters that nobody sees.
 */
export function countedName(username: string): string {
  return username
    .slice(0, 1000)
    .normalize('NFKD')
    .replace(/[\p{M}\p{C}\p{Default_Ignorable_Code_Point}]/gu, '')
    .toUpperCase()
    .toLowerCase()
    .trim();
}

/** An address as it is counted: of IPv6 the network, since whoever has one address there has 2 to the 64th. */
export function countedAddress(address: string): string {
  const groups = parseIpv6(address);
  if (groups === undefined) return address;
  return mappedIpv4(groups) ?? compressIpv6([...groups.slice(0, 4), 0, 0, 0, 0]);
}

function keyOf(by: CountedBy, what: string): string {
  const counted = by === 'username' ? countedName(what) : countedAddress(what);
  return `tsango.auth.failures.${by}.${saltedHmac(KEY_SALT, counted, { algorithm: 'sha256' }).toString('hex')}`;
}

/** One thing that is counted of a log-in. */
interface Counter {
  readonly by: CountedBy;
  readonly key: string;
  readonly limit: number;
  /** Which of the failures within the time this log-in would be; 0 while it is not counted. */
  place: number;
}

/** One log-in that is counted. */
export class CountedLogin {
  private readonly counters: readonly Counter[];
  private readonly cache: BaseCache;

  constructor(
    private readonly request: HttpRequest | null,
    private readonly username: string | undefined,
    private readonly limits: Limits,
  ) {
    const address = request?.META['REMOTE_ADDR'];
    const counter = (by: CountedBy, limit: number | undefined, what: unknown): Counter[] =>
      limit === undefined || typeof what !== 'string' || what === ''
        ? []
        : [{ by, key: keyOf(by, what), limit, place: 0 }];
    this.cache = caches.get(limits.cache);
    // The address first: what comes from one that is refused does not count against anybody's name.
    this.counters = [
      ...counter('address', limits.address, address),
      ...counter('username', limits.username, username),
    ];
  }

  /** Counts it. @throws TooManyLoginFailures where that would be one too many; then it is not. */
  async begin(): Promise<void> {
    for (const counter of this.counters) {
      const wait = await this.count(counter);
      if (wait === undefined) continue;
      await this.takeBack();
      throw new TooManyLoginFailures(gettext('Too many failed log-in attempts. Try again later.'), wait);
    }
  }

  /** It was right: the name begins anew; of the address this one is taken back, not what was wrong before. */
  async succeed(): Promise<void> {
    for (const { by, key } of this.counters) if (by === 'username') await this.cache.delete(key);
    await this.takeBack('address');
  }

  /** It was wrong: whoever listens is told once that there will be no more. */
  async fail(): Promise<void> {
    const { request, username } = this;
    for (const { by, limit, place } of this.counters) {
      if (place !== limit) continue;
      // Without the name: some type their password there.
      getLogger('tsango.security.TooManyLoginFailures').warning(
        `Too many failed log-ins ${by === 'username' ? 'under one name' : 'from one address'}`,
        { request },
      );
      await userLockedOut.send(CountedLogin, { request, username, by, seconds: this.limits.seconds });
    }
  }

  /** It came to no end: as if it had not been. */
  async takeBack(only?: CountedBy): Promise<void> {
    for (const counter of this.counters) {
      if (counter.place === 0 || (only !== undefined && counter.by !== only)) continue;
      counter.place = 0;
      await this.cache.update<Count>(
        counter.key,
        (count) => (count === undefined || count[0] < 1 ? undefined : [count[0] - 1, count[1]]),
        { timeout: this.limits.seconds },
      );
    }
  }

  /** Counts one thing of it; the seconds to wait, where that is not allowed. */
  private async count(counter: Counter): Promise<number | undefined> {
    const { seconds } = this.limits;
    let wait: number | undefined;
    try {
      await this.cache.update<Count>(
        counter.key,
        (count) => {
          const now = Date.now();
          const [failures, until]: Count =
            count === undefined || count[1] <= now ? [0, now + seconds * 1000] : count;
          wait = failures < counter.limit ? undefined : Math.ceil((until - now) / 1000);
          counter.place = wait === undefined ? failures + 1 : 0;
          return wait === undefined ? [counter.place, until] : undefined;
        },
        { timeout: seconds },
      );
    } catch (error) {
      if (!(error instanceof CacheUpdateConflict)) throw error;
      // So many at once are no person.
      counter.place = 0;
      return 1;
    }
    return wait;
  }
}

/** The log-in that credentials are for, if it is counted: a server in front that names a user makes no guesses. */
export function countedLogin(
  request: HttpRequest | null,
  credentials: Credentials,
): CountedLogin | undefined {
  const limits = limitsOfSettings();
  if (limits === undefined || 'remoteUser' in credentials) return undefined;
  const name = credentials['username'] ?? credentials[getUserModel().USERNAME_FIELD];
  return new CountedLogin(request, typeof name === 'string' ? name : undefined, limits);
}

/** Forgets the failed log-ins of a name, or from an address. */
export async function forget(of: { username?: string; address?: string }): Promise<void> {
  const limits = limitsOfSettings();
  if (limits === undefined) return;
  const cache = caches.get(limits.cache);
  for (const by of ['username', 'address'] as const) {
    const what = of[by];
    if (what !== undefined) await cache.delete(keyOf(by, what));
  }
}
