/** Dates as feeds write them. Django: `rfc2822_date`, `rfc3339_date`, `get_tag_uri` of `django.utils.feedgenerator`. */
import {
  formatOffset,
  PlainDate,
  PlainDateTime,
  pad,
  toDatetime,
  ZonedDateTime,
} from '../../python/datetime';
import { urlsplit } from '../../python/urllib_parse';

/** A date, which is its first moment, or a date and time. */
export type Moment = Date | PlainDate | PlainDateTime;

const DAYS = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function datetimeOf(date: Moment): PlainDateTime {
  if (date instanceof PlainDate) return new PlainDateTime(date.year, date.month, date.day);
  return toDatetime(date);
}

/** `Tue, 01 Apr 2008 12:00:00 +0200`; with `-0000` for what has no zone. */
export function rfc2822Date(date: Moment): string {
  const at = datetimeOf(date);
  const zone = at instanceof ZonedDateTime ? formatOffset(at.offset).replace(':', '').slice(0, 5) : '-0000';
  const { days } = at.date();
  const day = `${DAYS[((days % 7) + 7) % 7]}, ${pad(at.day)} ${MONTHS[at.month - 1]} ${pad(at.year, 4)}`;
  return `${day} ${pad(at.hour)}:${pad(at.minute)}:${pad(at.second)} ${zone}`;
}

/** `2008-04-01T12:00:00+02:00`; with `Z` for what has no zone. */
export function rfc3339Date(date: Moment): string {
  const at = datetimeOf(date);
  return at.isoformat() + (at instanceof ZonedDateTime ? '' : 'Z');
}

/** An address as the name of something, with the day that it was given: `tag:example.com,2004-10-25:/path/fragment`. */
export function getTagUri(url: string, date: Moment | null = null): string {
  const { netloc, path, fragment } = urlsplit(url);
  const day = date === null ? '' : `,${datetimeOf(date).date().isoformat()}`;
  return `tag:${hostOf(netloc)}${day}:${withoutParams(path)}/${fragment}`;
}

/** The host of `user@host:port`, in lower case; `None` as Python prints that there is none. */
function hostOf(netloc: string): string {
  const host = netloc.slice(netloc.lastIndexOf('@') + 1);
  const end = host.startsWith('[') ? host.indexOf(']') : host.indexOf(':');
  const name = host.slice(host.startsWith('[') ? 1 : 0, end === -1 ? undefined : end);
  return name === '' ? 'None' : name.toLowerCase();
}

/** A path without what stands behind a semicolon of its last part. */
function withoutParams(path: string): string {
  const at = path.indexOf(';', path.lastIndexOf('/') + 1);
  return at === -1 ? path : path.slice(0, at);
}
