/** What a plain word of YAML 1.1 is, as PyYAML's `SafeLoader` takes it. */
import { formatOffset, PlainDate, PlainDateTime, ZonedDateTime } from '../../python/datetime';

const BOOL = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const INT =
  /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const NULL = /^(?:~|null|Null|NULL|)$/;
const TIMESTAMP =
  /^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?)$/;
const PARTS =
  /^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:(?:[Tt]|[ \t]+)([0-9]{1,2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]*))?[ \t]*(?:Z|([-+])([0-9]{1,2})(?::([0-9]{2}))?)?)?$/;
const OTHERS = /^(?:<<|=|!|&|\*)$/;

/** Whether a text that is written without quotes is read as the text that it is. */
export function isPlainText(text: string): boolean {
  return ![BOOL, FLOAT, INT, NULL, TIMESTAMP, OTHERS].some((type) => type.test(text));
}

/** Digits of base 60: `1:30` is 90. */
function sexagesimal(digits: string): number {
  return digits.split(':').reduce((total, part) => total * 60 + Number(part), 0);
}

function signed(text: string): [sign: 1 | -1, digits: string] {
  const digits = text.replaceAll('_', '');
  if (digits.startsWith('-')) return [-1, digits.slice(1)];
  return [1, digits.startsWith('+') ? digits.slice(1) : digits];
}

/** An integer; one beyond 2^53 is a bigint. */
export function intOf(text: string): number | bigint {
  const [sign, digits] = signed(text);
  if (digits.includes(':')) return sign * sexagesimal(digits);
  const isOctal = /^0[0-7]+$/.test(digits);
  const value = BigInt(isOctal ? `0o${digits}` : digits) * BigInt(sign);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** A floating-point number. */
export function floatOf(text: string): number {
  const [sign, digits] = signed(text.toLowerCase());
  if (digits === '.inf') return sign * Number.POSITIVE_INFINITY;
  if (digits === '.nan') return Number.NaN;
  return sign * (digits.includes(':') ? sexagesimal(digits) : Number(digits));
}

/** A day, or a day and a time. @throws ValueError for one that no calendar has. */
export function timestampOf(text: string): PlainDate | PlainDateTime {
  const [, year, month, day, hour, minute, second, fraction, sign, zoneHour, zoneMinute] = PARTS.exec(
    text,
  ) as unknown as string[];
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  if (hour === undefined) return new PlainDate(y, m, d);
  const microsecond = Number((fraction ?? '').slice(0, 6).padEnd(6, '0'));
  const plain = new PlainDateTime(y, m, d, Number(hour), Number(minute), Number(second), microsecond);
  if (sign === undefined) return /z$/i.test(text) ? new ZonedDateTime(plain, 'UTC', 0) : plain;
  const offset = (Number(zoneHour) * 3600 + Number(zoneMinute ?? 0) * 60) * (sign === '-' ? -1 : 1);
  return new ZonedDateTime(plain, offset === 0 ? 'UTC' : formatOffset(offset), offset);
}

const tag = (name: string, test: RegExp, resolve: (text: string) => unknown) => ({
  tag: `tag:yaml.org,2002:${name}`,
  default: true as const,
  test,
  resolve,
});

/** The types for the `yaml` package. */
export const YAML_TYPES = [
  tag('null', NULL, () => null),
  tag('bool', BOOL, (text) => /^(?:yes|true|on)$/i.test(text)),
  tag('int', INT, intOf),
  tag('float', FLOAT, floatOf),
  tag('timestamp', TIMESTAMP, timestampOf),
];
