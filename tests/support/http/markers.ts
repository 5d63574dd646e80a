/** What no two runs share: moments, session keys, tokens, hashes. A recording has markers in their place. */
import { isDeepStrictEqual } from 'node:util';
import { settings } from 'tsango/conf';
import { checkPassword, isPasswordUsable } from 'tsango/contrib/auth/hashers';
import type { SessionBase } from 'tsango/contrib/sessions/backends/base';
import { importModule } from 'tsango/utils/module_loading';
import { type Json, NotThere } from './facts';

const isObject = (json: unknown): json is Json =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

/** What values look like that are new at each run. */
const ANY: Readonly<Record<string, RegExp>> = {
  csrf: /^[A-Za-z0-9]{32}([A-Za-z0-9]{32})?$/,
  uuid: /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/,
  auth_hash: /^[0-9a-f]{64}$/,
  messages: /^.+$/,
  signed_session: /^.+$/,
};

/** The session engine in force. */
export function sessionStore(key?: string): SessionBase {
  const { SessionStore } = importModule(settings.SESSION_ENGINE) as {
    SessionStore: new (key?: string) => SessionBase;
  };
  return new SessionStore(key);
}

/** The markers of one transcript: what a session is called is known once it was seen. */
export class Markers {
  private readonly sessions = new Map<number, string>();

  /** Learns the key of the n-th session. */
  bind(marker: unknown, key: string): void {
    if (isObject(marker) && '$session' in marker) this.sessions.set(Number(marker['$session']), key);
  }

  /** Whether a session has that number, and none has been seen to have it. */
  isUnknown(json: unknown): boolean {
    return isObject(json) && '$session' in json && !this.sessions.has(Number(json['$session']));
  }

  isBound(key: string): boolean {
    return [...this.sessions.values()].includes(key);
  }

  /** The value of a column, or of a cookie, that a recording has. @throws NotThere for what only a run knows. */
  value(json: unknown): unknown {
    if (!isObject(json)) return json;
    if ('$float' in json) return Number(json['$float']);
    if ('$bytes' in json) return Buffer.from(String(json['$bytes']), 'hex');
    if ('$now' in json) return storedMoment(Number(json['$now']));
    if ('$session_data' in json) return sessionStore().encode(json['$session_data'] as never);
    if ('$session' in json) {
      const key = this.sessions.get(Number(json['$session']));
      if (key === undefined) throw new NotThere(`the session ${String(json['$session'])} was never opened`);
      return key;
    }
    if ('$any' in json || '$password' in json) throw new NotThere(`a value for ${JSON.stringify(json)}`);
    return String(Object.values(json)[0]);
  }

  /** How a value of a column differs from the recorded one. */
  async difference(said: unknown, json: unknown): Promise<string | undefined> {
    if (await this.isSame(said, json)) return undefined;
    return `\n    here:   ${JSON.stringify(shown(said, json))}\n    django: ${JSON.stringify(json)}`;
  }

  private async isSame(said: unknown, json: unknown): Promise<boolean> {
    if (!isObject(json)) return String(said) === String(json);
    if ('$any' in json) return ANY[String(json['$any'])]?.test(String(said)) ?? false;
    if ('$password' in json) return isPassword(String(said), json['$password'] as Json);
    if ('$session_data' in json) {
      return this.isSameData(sessionStore().decode(String(said)), json['$session_data'] as Json);
    }
    if (this.isUnknown(json)) {
      this.bind(json, String(said));
      return true;
    }
    return String(said) === String(this.value(json));
  }

  private async isSameData(said: Json, wanted: Json): Promise<boolean> {
    if (!isDeepStrictEqual(Object.keys(said).sort(), Object.keys(wanted).sort())) return false;
    for (const [name, value] of Object.entries(wanted)) {
      const isMarked = isObject(value) && Object.keys(value).some((key) => key.startsWith('$'));
      if (isMarked ? !(await this.isSame(said[name], value)) : !isDeepStrictEqual(said[name], value))
        return false;
    }
    return true;
  }
}

/** What a difference shows of a value: session data is told in the clear. */
function shown(said: unknown, json: unknown): unknown {
  return isObject(json) && '$session_data' in json
    ? { $session_data: sessionStore().decode(String(said)) }
    : said;
}

async function isPassword(hash: string, { algorithm, raw, unusable }: Json): Promise<boolean> {
  if (unusable) return !isPasswordUsable(hash);
  return hash.startsWith(`${String(algorithm)}$`) && (await checkPassword(String(raw), hash));
}

/** The clock plus some seconds as a column has it: UTC, or the site's local time where USE_TZ is off. */
function storedMoment(seconds: number): string {
  const timeZone = settings.USE_TZ ? 'UTC' : settings.TIME_ZONE;
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone }).format(
    Date.now() + seconds * 1000,
  );
}

/** The clock plus some seconds as a header has it. */
export const httpMoment = (seconds: number): string => new Date(Date.now() + seconds * 1000).toUTCString();
