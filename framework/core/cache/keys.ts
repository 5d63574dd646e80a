/** Keys that are not portable. Django: `memcache_key_warnings`. */
import { CacheKeyWarning } from './exceptions';

/** The longest key that memcached stores, in characters. */
export const MEMCACHE_MAX_KEY_LENGTH = 250;

const WARNED_MAX = 1000;
const warned = new Set<string>();

/** What memcached would refuse in a stored key; an empty list for a good one, at the price of one scan. */
export function memcacheKeyWarnings(key: string): readonly string[] {
  const tooLong = key.length > MEMCACHE_MAX_KEY_LENGTH && codePoints(key) > MEMCACHE_MAX_KEY_LENGTH;
  const unprintable = hasControl(key);
  if (!tooLong && !unprintable) return NONE;
  const warnings: string[] = [];
  if (tooLong) {
    warnings.push(
      `Cache key will cause errors if used with memcached: ${pythonRepr(key)} (longer than ${MEMCACHE_MAX_KEY_LENGTH})`,
    );
  }
  if (unprintable) {
    warnings.push(
      `Cache key contains characters that will cause errors if used with memcached: ${pythonRepr(key)}`,
    );
  }
  return warnings;
}

const NONE: readonly string[] = [];

function hasControl(key: string): boolean {
  for (let i = 0; i < key.length; i++) {
    const code = key.charCodeAt(i);
    if (code < 33 || code === 127) return true;
  }
  return false;
}

/** Python counts code points where JavaScript counts UTF-16 units. */
function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** A string as Python prints it, so that a warning reads as Django's. */
function pythonRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let out = quote;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (char === '\\' || char === quote) out += `\\${char}`;
    else if (char === '\n') out += '\\n';
    else if (char === '\r') out += '\\r';
    else if (char === '\t') out += '\\t';
    else if (code < 32 || (code >= 127 && code < 161) || code === 173) out += `\\x${hex(code, 2)}`;
    else if (code >= 0x80 && /[\p{C}\p{Z}]/u.test(char)) {
      out += code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
    } else out += char;
  }
  return out + quote;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}

/** Says it once for each key, as Python's warnings do; the process decides with `process.on('warning')`. */
export function warnOfKey(message: string): void {
  if (warned.has(message)) return;
  if (warned.size >= WARNED_MAX) warned.clear();
  warned.add(message);
  process.emitWarning(message, CacheKeyWarning.name);
}

/** Forgets which keys were warned of. For tests. */
export function resetKeyWarnings(): void {
  warned.clear();
}
