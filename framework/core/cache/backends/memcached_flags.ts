/**
 * What the flags of an item say of its data. Django leaves that to its client libraries, and they differ: here are
 * pymemcache's `pickle_serde` and pylibmc's own.
 */
import { inflateSync } from 'node:zlib';
import { dumps, LIMITS, loads } from '../../../python/pickle';

const PICKLE = 1;
const COMPRESSED = 8;
const TEXT = 16;

/** Turns values into an item's flags and data, and back. */
export interface ItemSerializer {
  dumps(value: unknown): { flags: number; data: Uint8Array };
  /** @throws UnpicklingError */
  loads(data: Buffer, flags: number): unknown;
}

/** What both have in common. A bool is pickled: pylibmc would write it as a flagged 1, which it reads back as an int. */
function serializer(intFlag: number, boolFlag: number | undefined): ItemSerializer {
  return {
    dumps(value) {
      if (typeof value === 'string') return { flags: TEXT, data: Buffer.from(value) };
      if (typeof value === 'bigint' || isInt(value))
        return { flags: intFlag, data: Buffer.from(String(value)) };
      if (value instanceof Uint8Array) return { flags: 0, data: value };
      return { flags: PICKLE, data: dumps(value) };
    },

    loads(stored, flags) {
      const data = flags & COMPRESSED ? inflateSync(stored, { maxOutputLength: LIMITS.maxBytes }) : stored;
      switch (flags & ~COMPRESSED) {
        case PICKLE:
          return loads(data);
        case TEXT:
          return data.toString('utf8');
        case 2:
        case 4:
          return (flags & ~COMPRESSED) === boolFlag ? data.toString('latin1') !== '0' : int(data);
        default:
          return Uint8Array.from(data);
      }
    },
  };
}

function isInt(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && !Object.is(value, -0);
}

/** memcached pads with spaces what `decr` has made shorter. */
function int(data: Buffer): unknown {
  const text = data.toString('latin1').trim();
  if (!/^-?\d{1,4300}$/.test(text)) return Number.NaN;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

/** pymemcache: an int has flag 2. */
export const pymemcacheSerializer: ItemSerializer = serializer(2, undefined);

/** pylibmc: an int has flag 4, and flag 2 is a bool's. */
export const pylibmcSerializer: ItemSerializer = serializer(4, 2);
