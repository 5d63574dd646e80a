/**
 * The Python classes whose values are data. A pickle that names anything else is refused: reading one never runs
 * code that its writer chose, which is what makes reading a shared cache safe.
 */

import { Decimal } from '../decimal';
import { SafeString } from '../safestring';
import { tuple, UUID } from '../types';
import { UnpicklingError } from './errors';
import { date, datetime, namedZone, pytzZone, time, timedelta, timezone } from './moments';
import {
  type Constructor,
  damaged,
  damagedAs,
  GlobalReference,
  type Reading,
  Unbuilt,
  Zone,
} from './references';

function encode([text, encoding]: readonly unknown[]): Uint8Array {
  if (typeof text !== 'string' || (encoding !== 'latin1' && encoding !== 'latin-1')) throw damaged('bytes');
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
  if (!Array.isArray(items)) throw damaged('set');
  return new Set(items);
}

function list([items = []]: readonly unknown[]): unknown[] {
  if (!Array.isArray(items)) throw damaged('list');
  return [...(items as unknown[])];
}

function orderedDict([items = []]: readonly unknown[]): Map<unknown, unknown> {
  const map = new Map<unknown, unknown>();
  if (!Array.isArray(items)) throw damaged('OrderedDict');
  for (const item of items as unknown[]) {
    if (!Array.isArray(item) || item.length !== 2) throw damaged('OrderedDict');
    map.set(item[0], item[1]);
  }
  return map;
}

function counter([counts = {}]: readonly unknown[]): unknown {
  if (counts === null || typeof counts !== 'object') throw damaged('Counter');
  return counts;
}

function safeString([text = '']: readonly unknown[]): SafeString {
  if (typeof text !== 'string') throw damaged('SafeString');
  return new SafeString(text);
}

function decimal([text]: readonly unknown[]): Decimal {
  if (typeof text !== 'string' || text.length > 4300) throw damaged('Decimal');
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
  if (!(cls instanceof GlobalReference)) throw damaged('object');
  if (cls.call === newUuid) return newUuid();
  if (cls.call === safeString) return safeString([state]);
  return construct(cls, state === null || state === undefined ? [] : [state], reading);
}

/** A UUID from its state. */
export function build(state: unknown): UUID {
  const int: unknown =
    state !== null && typeof state === 'object' ? (state as { int?: unknown }).int : undefined;
  if (typeof int !== 'number' && typeof int !== 'bigint') throw damaged('UUID');
  return damagedAs('UUID', () => new UUID(BigInt(int).toString(16).padStart(32, '0')));
}

/** Marks what starts as an empty dict and is filled by the opcodes that follow. */
export const EMPTY_DICT: unique symbol = Symbol('dict');

function dict(args: readonly unknown[]): typeof EMPTY_DICT {
  if (args.length > 0) throw damaged('dict');
  return EMPTY_DICT;
}

const CONSTRUCTORS: Readonly<Record<string, Constructor | undefined>> = {
  'builtins.bytearray': bytearray,
  'builtins.bytes': bytearray,
  'builtins.frozenset': set,
  'builtins.getattr': getattr,
  'builtins.list': list,
  'builtins.set': set,
  'builtins.tuple': (args) => tuple(list(args)),
  'builtins.dict': dict,
  // Classes that are named (as a defaultdict's factory, or a base) and never called.
  'builtins.bool': undefined,
  'builtins.float': undefined,
  'builtins.int': undefined,
  'builtins.long': undefined,
  'builtins.object': undefined,
  'builtins.str': undefined,
  'builtins.unicode': undefined,
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
