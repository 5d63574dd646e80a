/** Arrays, hstores and ranges as PostgreSQL writes them. https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO */
import { DataError } from '../../db/errors';

/** Nested lists whose leaves are texts, or null. */
export type ArrayText = readonly (string | null | ArrayText)[];

const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;

/** The literal of an array; what is nested becomes a further dimension. */
export function writeArray(items: ArrayText): string {
  const parts = items.map((item) => {
    if (item === null) return 'NULL';
    return typeof item === 'string' ? quoted(item) : writeArray(item);
  });
  return `{${parts.join(',')}}`;
}

/** Reads what is in quotes, or stands as it is up to one of the ends. */
class Reader {
  at = 0;

  constructor(readonly text: string) {}

  /** The next text; null for an unquoted NULL. */
  item(ends: string): string | null {
    if (this.text[this.at] !== '"') {
      const start = this.at;
      while (this.at < this.text.length && !ends.includes(this.text[this.at] as string)) {
        this.at += this.text[this.at] === '\\' ? 2 : 1;
      }
      const word = this.text.slice(start, this.at).trim();
      return word.toUpperCase() === 'NULL' ? null : word.replace(/\\(.)/gs, '$1');
    }
    const parts: string[] = [];
    for (this.at += 1; this.at < this.text.length; this.at += 1) {
      let letter = this.text[this.at] as string;
      if (letter === '"') {
        this.at += 1;
        // A range doubles a quote within quotes.
        if (this.text[this.at] !== '"') return parts.join('');
      } else if (letter === '\\') {
        this.at += 1;
        letter = this.text[this.at] ?? '';
      }
      parts.push(letter);
    }
    throw this.fault();
  }

  /** Steps over a text that has to be there. */
  expect(text: string): void {
    if (!this.text.startsWith(text, this.at)) throw this.fault();
    this.at += text.length;
  }

  fault(): DataError {
    return new DataError(
      `PostgreSQL gave a value that cannot be read: ${JSON.stringify(this.text.slice(0, 100))}`,
    );
  }
}

/** An array of its literal. @throws DataError for a text that is none. */
export function readArray(text: string, delimiter = ','): ArrayText {
  const reader = new Reader(text);
  // An array that does not begin at 1 says so: `[0:1]={…}`.
  if (text.startsWith('[')) reader.at = text.indexOf('=') + 1;
  const list = (): ArrayText => {
    reader.expect('{');
    const items: (string | null | ArrayText)[] = [];
    if (text[reader.at] === '}') reader.at += 1;
    else {
      for (;;) {
        items.push(text[reader.at] === '{' ? list() : reader.item(`${delimiter}}`));
        if (text[reader.at] === '}') break;
        reader.expect(delimiter);
      }
      reader.expect('}');
    }
    return items;
  };
  return list();
}

/** The literal of an hstore. */
export function writeHstore(pairs: Iterable<readonly [key: string, value: string | null]>): string {
  return [...pairs]
    .map(([key, value]) => `${quoted(key)}=>${value === null ? 'NULL' : quoted(value)}`)
    .join(', ');
}

/** The pairs of an hstore's literal. @throws DataError for a text that is none. */
export function readHstore(text: string): [key: string, value: string | null][] {
  const reader = new Reader(text);
  const pairs: [string, string | null][] = [];
  while (reader.at < text.length) {
    const key = reader.item('=');
    reader.expect('=>');
    pairs.push([key ?? 'NULL', reader.item(',')]);
    if (reader.at < text.length) reader.expect(', ');
  }
  return pairs;
}

/** A range as texts of its ends, null for none; undefined: it is empty. @throws DataError for a text that is none. */
export function readRange(
  text: string,
): { lower: string | null; upper: string | null; bounds: string } | undefined {
  if (text === 'empty') return undefined;
  const reader = new Reader(text);
  reader.at = 1;
  const lower = text[1] === ',' ? null : reader.item(',');
  reader.expect(',');
  const upper = /[\])]/.test(text[reader.at] ?? '') ? null : reader.item('])');
  if (reader.at !== text.length - 1) throw reader.fault();
  return { lower, upper, bounds: `${text[0]}${text[reader.at]}` };
}

/** The literal of a range. */
export function writeRange(lower: string | null, upper: string | null, bounds: string): string {
  const end = (text: string | null): string => (text === null ? '' : quoted(text));
  return `${bounds[0]}${end(lower)},${end(upper)}${bounds[1]}`;
}
