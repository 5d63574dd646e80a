/** What every message has of its own. Django: `django.core.mail.utils`; Python: `email.utils`. */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { settings } from '../../conf';
import { getZone } from '../../python/zoneinfo';
import { punycode } from '../../utils/encoding';

/** The name of this machine, as mail servers are told it. Looked up once. */
class CachedDnsName {
  private name: string | undefined;

  getFqdn(): string {
    this.name ??= punycode(hostname());
    return this.name;
  }

  toString(): string {
    return this.getFqdn();
  }
}

export const DNS_NAME = new CachedDnsName();

/** A Message-ID that no other message has. */
export function makeMsgid(domain = DNS_NAME.getFqdn()): string {
  const number = BigInt(`0x${randomBytes(8).toString('hex')}`);
  return `<${Math.floor(Date.now() / 10)}.${process.pid}.${number}@${domain}>`;
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number): string => String(value).padStart(2, '0');

/** The value of Date: in UTC, or in TIME_ZONE with EMAIL_USE_LOCALTIME. */
export function formatDate(time = Date.now()): string {
  const isLocal = settings.EMAIL_USE_LOCALTIME;
  const offset = isLocal ? getZone(settings.TIME_ZONE).offsetAt(Math.floor(time / 1000)) : 0;
  const at = new Date(time + offset * 1000);
  const minutes = Math.floor(Math.abs(offset) / 60);
  const zone = isLocal
    ? `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`
    : '-0000';
  return (
    `${DAYS[at.getUTCDay()]}, ${two(at.getUTCDate())} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()} ` +
    `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} ${zone}`
  );
}
