/** Strings of the old protocols: Python 3 writes the last kind, Python 2 wrote the others. */
import { UnpicklingError } from './errors';

const ESCAPE = /\\(?:x([0-9a-f]{2})|([\\'"abfnrtv0]))/gi;
const SIMPLE: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '0': '\0',
};
// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is what ASCII is.
const NOT_ASCII = /[^\x00-\x7f]/;

/** A Python 2 byte string. As Python 3 does by default, only ASCII is text. */
export function byteString(bytes: Buffer | string): string {
  const latin1 = typeof bytes === 'string' ? bytes : bytes.toString('latin1');
  if (NOT_ASCII.test(latin1)) throw new UnpicklingError('The pickle holds a byte string that is not ASCII.');
  return latin1;
}

/** A Python 2 `repr`: `'it\'s'`. */
export function quotedString(line: string): string {
  const quote = line[0];
  if (line.length < 2 || (quote !== "'" && quote !== '"') || !line.endsWith(quote)) {
    throw new UnpicklingError('the STRING opcode argument must be quoted');
  }
  return byteString(
    line
      .slice(1, -1)
      .replace(ESCAPE, (_, hex: string | undefined, char: string) =>
        hex === undefined ? (SIMPLE[char] ?? char) : String.fromCharCode(Number.parseInt(hex, 16)),
      ),
  );
}

/** Latin-1 with `\uXXXX` and `\UXXXXXXXX`; the writer escapes backslashes that way too. */
export function rawUnicode(line: string): string {
  return line.replace(
    /\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g,
    (_, short: string | undefined, long: string) => {
      const code = Number.parseInt(short ?? long, 16);
      if (code > 0x10ffff) throw new UnpicklingError('The pickle holds a character that does not exist.');
      return String.fromCodePoint(code);
    },
  );
}
