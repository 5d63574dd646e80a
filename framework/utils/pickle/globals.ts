/**
 * The Python classes whose values are data. A pickle that names anything else is refused: reading one never runs
 * code that its writer chose, which is what makes reading a shared cache safe.
 */
import { PlainDate, PlainDateTime, PlainTime, ZonedDateTime } from '../datetime';
import { Decimal } from '../decimal';
import { Duration } from '../duration';
import { Tuple, UUID } from '../pytypes';
import { SafeString } from '../safestring';
import { UnpicklingError } from './errors';
import { offsetOfZone } from './zones';

/** How values are read. */
export interface Reading {
  /** Keep what plain JavaScript values lose: microseconds, and that a float is integral. */
  readonly exact: boolean;
}

/** Stands on the reader's stack for what is no value by itself, and must not be left in the result. */
export abstract class Reference {}

/** A class or function that a pickle names. */
export class GlobalReference extends Reference {
  constructor(
    readonly name: string,
    readonly call: Constructor | undefined,
  ) {
    super();
  }
}

/** A tzinfo. */
export class Zone extends Reference {
  constructor(
    readonly name: string,
    /** Seconds east of UTC, if it is always the same or known for the datetime at hand. */
    readonly offset: number | undefined,
  ) {
    super();
  }
}

/** An object that gets its state later, with BUILD. */
export class Unbuilt extends Reference {
  memo: number | undefined;
}

type Constructor = (args: readonly unknown[], reading: Reading) => unknown;

function wrong(name: string): UnpicklingError {
  return new UnpicklingError(`The pickle holds a damaged ${name}.`);
}

function bytesOf(value: unknown, length: number, name: string): Uint8Array {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'latin1') : value;
  if (!(bytes instanceof Uint8Array) || bytes.length !== length) throw wrong(name);
  return bytes;
}

const at = (bytes: Uint8Array, index: number): number => bytes[index] as number;

function damagedAs<T>(name: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof UnpicklingError) throw error;
    throw new UnpicklingError(`The pickle holds a damaged ${name}.`, { cause: error });
  }
}

function date([state]: readonly unknown[]): PlainDate {
  const b = bytesOf(state, 4, 'date');
  return damagedAs('date', () => new PlainDate(at(b, 0) * 256 + at(b, 1), at(b, 2), at(b, 3)));
}

function time([state, zone]: readonly unknown[]): PlainTime {
  if (zone !== undefined && zone !== null) {
    throw new UnpicklingError('The pickle holds a time of day in a zone, which has no counterpart here.');
  }
  const b = bytesOf(state, 6, 'time');
  // The first byte's high bit is Python's `fold`.
  return damagedAs('time', () => new PlainTime(at(b, 0) & 0x7f, at(b, 1), at(b, 2), micros(b, 3)));
}

const micros = (b: Uint8Array, from: number): number =>
  (at(b, from) << 16) | (at(b, from + 1) << 8) | at(b, from + 2);

function datetime([state, zone]: readonly unknown[], { exact }: Reading): PlainDateTime | Date {
  const b = bytesOf(state, 10, 'datetime');
  const fold = (at(b, 2) & 0x80) !== 0;
  const plain = damagedAs(
    'datetime',
    () =>
      new PlainDateTime(
        at(b, 0) * 256 + at(b, 1),
        at(b, 2) & 0x7f,
        at(b, 3),
        at(b, 4),
        at(b, 5),
        at(b, 6),
        micros(b, 7),
      ),
  );
  if (zone === undefined || zone === null) return plain;
  if (!(zone instanceof Zone)) throw wrong('datetime');
  const offset = zone.offset ?? damagedAs('datetime', () => offsetOfZone(plain, zone.name, fold));
  const aware = new ZonedDateTime(plain, zone.name, offset);
  const isDate = zone.name === 'UTC' && (!exact || plain.microsecond % 1000 === 0);
  return isDate ? aware.toDate() : aware;
}

function timedelta(args: readonly unknown[]): Duration {
  const [days = 0, seconds = 0, microseconds = 0] = args;
  if (typeof days !== 'number' || typeof seconds !== 'number' || typeof microseconds !== 'number') {
    throw wrong('timedelta');
  }
  return new Duration({ days, seconds, microseconds });
}

function timezone([delta]: readonly unknown[]): Zone {
  if (!(delta instanceof Duration)) throw wrong('timezone');
  const seconds = delta.totalSeconds();
  if (!Number.isInteger(seconds) || Math.abs(seconds) >= 86_400) throw wrong('timezone');
  return seconds === 0 ? new Zone('UTC', 0) : new Zone(offsetName(seconds), seconds);
}

function offsetName(seconds: number): string {
  const size = Math.abs(seconds);
  const parts = [Math.floor(size / 3600), Math.floor(size / 60) % 60, size % 60].map((n) =>
    String(n).padStart(2, '0'),
  );
  return (seconds < 0 ? '-' : '+') + (size % 60 === 0 ? parts.slice(0, 2) : parts).join(':');
}

function namedZone([name]: readonly unknown[]): Zone {
  if (typeof name !== 'string') throw wrong('time zone');
  return name === 'UTC' || name === 'Etc/UTC' ? new Zone('UTC', 0) : new Zone(name, undefined);
}

/** pytz says of a localized datetime's zone which offset it has. */
function pytzZone(args: readonly unknown[]): Zone {
  const [name, offset] = args;
  const zone = namedZone([name]);
  return typeof offset === 'number' ? new Zone(zone.name, offset) : zone;
}

function encode([text, encoding]: readonly unknown[]): Uint8Array {
  if (typeof text !== 'string' || (encoding !== 'latin1' && encoding !== 'latin-1')) throw wrong('bytes');
  return plainBytes(Buffer.from(text, 'latin1'));
}

function bytearray([value, encoding]: readonly unknown[]): Uint8Array {
  if (value === undefined) return new Uint8Array();
  return value instanceof Uint8Array ? value : encode([value, encoding]);
}

/** A copy that neither is a Buffer nor keeps the whole pickle in memory. */
export function plainBytes(data: Uint8Array): Uint8Array {
  return Uint8Array.from(data);
}

function set([items = []]: readonly unknown[]): Set<unknown> {
  if (items instanceof Set) return new Set(items);
  if (!Array.isArray(items)) throw wrong('set');
  return new Set(items);
}

function list([items = []]: readonly unknown[]): unknown[] {
  if (!Array.isArray(items)) throw wrong('list');
  return [...(items as unknown[])];
}

function orderedDict([items = []]: readonly unknown[]): Map<unknown, unknown> {
  const map = new Map<unknown, unknown>();
  if (!Array.isArray(items)) throw wrong('OrderedDict');
  for (const item of items as unknown[]) {
    if (!Array.isArray(item) || item.length !== 2) throw wrong('OrderedDict');
    map.set(item[0], item[1]);
  }
  return map;
}

function counter([counts = {}]: readonly unknown[]): unknown {
  if (counts === null || typeof counts !== 'object') throw wrong('Counter');
  return counts;
}

function safeString([text = '']: readonly unknown[]): SafeString {
  if (typeof text !== 'string') throw wrong('SafeString');
  return new SafeString(text);
}

function decimal([text]: readonly unknown[]): Decimal {
  if (typeof text !== 'string' || text.length > 4300) throw wrong('Decimal');
  return damagedAs('Decimal', () => Decimal.from(text));
}

const unpickleZone = new GlobalReference('zoneinfo.ZoneInfo._unpickle', namedZone);

/** The one attribute that data needs: a ZoneInfo is made with `getattr(ZoneInfo, '_unpickle')`. */
function getattr([object, name]: readonly unknown[]): GlobalReference {
  if (object instanceof GlobalReference && object.name === 'zoneinfo.ZoneInfo' && name === '_unpickle') {
    return unpickleZone;
  }
  throw new UnpicklingError('The pickle calls getattr(), which is refused: only data is read.');
}

function newUuid(): Unbuilt {
  return new Unbuilt();
}

/** Protocols 0 and 1 make objects with `copyreg._reconstructor(class, base, state)`. */
function reconstructor(args: readonly unknown[], reading: Reading): unknown {
  const [cls, , state] = args;
  if (!(cls instanceof GlobalReference)) throw wrong('object');
  if (cls.call === newUuid) return newUuid();
  if (cls.call === safeString) return safeString([state]);
  return construct(cls, state === null || state === undefined ? [] : [state], reading);
}

/** A UUID from its state. */
export function build(state: unknown): UUID {
  const int: unknown =
    state !== null && typeof state === 'object' ? (state as { int?: unknown }).int : undefined;
  if (typeof int !== 'number' && typeof int !== 'bigint') throw wrong('UUID');
  return damagedAs('UUID', () => new UUID(BigInt(int).toString(16).padStart(32, '0')));
}

/** Marks what starts as an empty dict and is filled by the opcodes that follow. */
export const EMPTY_DICT: unique symbol = Symbol('dict');

function dict(args: readonly unknown[]): typeof EMPTY_DICT {
  if (args.length > 0) throw wrong('dict');
  return EMPTY_DICT;
}

const CONSTRUCTORS: Readonly<Record<string, Constructor | undefined>> = {
  'builtins.bytearray': bytearray,
  'builtins.bytes': bytearray,
  'builtins.frozenset': set,
  'builtins.getattr': getattr,
  'builtins.list': list,
  'builtins.set': set,
  'builtins.tuple': (args) => Tuple.from(list(args)),
  'builtins.dict': dict,
  // Classes that are named (as a defaultdict's factory, or a base) and never called.
  'builtins.bool': undefined,
  'builtins.float': undefined,
  'builtins.int': undefined,
  'builtins.object': undefined,
  'builtins.str': undefined,
  '_codecs.encode': encode,
  'collections.Counter': counter,
  'collections.OrderedDict': orderedDict,
  'collections.defaultdict': () => EMPTY_DICT,
  'collections.deque': list,
  'copyreg._reconstructor': reconstructor,
  'datetime.date': date,
  'datetime.datetime': datetime,
  'datetime.time': time,
  'datetime.timedelta': timedelta,
  'datetime.timezone': timezone,
  'dateutil.tz.tz.tzutc': () => new Zone('UTC', 0),
  'decimal.Decimal': decimal,
  'django.utils.safestring.SafeString': safeString,
  'django.utils.safestring.SafeText': safeString,
  'pytz._UTC': () => new Zone('UTC', 0),
  'pytz._p': pytzZone,
  'uuid.UUID': newUuid,
  'zoneinfo.ZoneInfo': namedZone,
};
const TABLE = new Map(Object.entries(CONSTRUCTORS));

/** What Python 2's modules are called in Python 3; protocols 0 to 2 use the old names. */
const RENAMED = new Map([
  ['__builtin__', 'builtins'],
  ['copy_reg', 'copyreg'],
  ['backports.zoneinfo', 'zoneinfo'],
]);

/**
 * The class or function of that name.
 *
 * @throws UnpicklingError if it is not one of those whose values are data.
 */
export function findGlobal(module: string, name: string): GlobalReference {
  const full = `${RENAMED.get(module) ?? module}.${name}`;
  if (full === unpickleZone.name) return unpickleZone;
  if (!TABLE.has(full)) {
    throw new UnpicklingError(
      `The pickle holds a ${module}.${name}, which is refused: only data is read. Store plain values ` +
        '(text, numbers, lists, dicts, dates) in what Django and this site share.',
    );
  }
  return new GlobalReference(full, TABLE.get(full));
}

/** Calls a whitelisted class or function. */
export function construct(callable: unknown, args: readonly unknown[], reading: Reading): unknown {
  if (!(callable instanceof GlobalReference) || callable.call === undefined) {
    throw new UnpicklingError('The pickle calls something that is not a class of data.');
  }
  return callable.call(args, reading);
}
