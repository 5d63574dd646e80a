/** Header values with parameters, read and written. Django: the part of `django.utils.http` about them. */
import { ValueError } from '../core/exceptions';
import { Dict } from '../python/dict';
import { quote, unquote } from './encoding';

/** Longest header value whose parameters are read; a longer one is refused. Django: `MAX_HEADER_LENGTH`. */
export const MAX_HEADER_LENGTH = 10_000;

/**
 * Splits a value like `text/html; charset="utf-8"` into its main part, in lower case, and its parameters.
 * RFC 2231's `name*=utf-8''…` is decoded.
 *
 * @returns parameters in an object without prototype, names in lower case.
 * @throws ValueError if the value is longer than `maxLength` characters.
 */
export function parseHeaderParameters(
  line: string,
  maxLength: number | null = MAX_HEADER_LENGTH,
): [string, Record<string, string>] {
  const parameters = new Dict<string>();
  if (!line) return ['', parameters];
  if (maxLength !== null && line.length > maxLength) {
    throw new ValueError('Unable to parse header parameters (value too long).');
  }
  const [main = '', ...rest] = splitOutsideQuotes(line);
  for (const part of rest) {
    const equals = part.indexOf('=');
    if (equals < 0) continue;
    let name = part.slice(0, equals).trim().toLowerCase();
    let value = part.slice(equals + 1).trim();
    let encoding: string | undefined;
    if (name.endsWith('*')) {
      name = name.slice(0, -1);
      const pieces = value.split("'");
      if (pieces.length === 3) {
        encoding = pieces[0];
        value = pieces[2] as string;
      }
    }
    if (value.length >= 2 && value.startsWith('"') && value.endsWith('"')) {
      value = value.slice(1, -1).replaceAll('\\\\', '\\').replaceAll('\\"', '"');
    }
    if (encoding) {
      try {
        value = unquote(value, encoding);
      } catch {
        // An unknown charset: the value stays as it was sent.
      }
    }
    parameters[name] = value;
  }
  return [main.trim().toLowerCase(), parameters];
}

/** Splits at semicolons that stand in no quoted text. */
function splitOutsideQuotes(line: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const char = line[i];
    if (quoted && char === '\\') i++;
    else if (char === '"') quoted = !quoted;
    else if (char === ';' && !quoted) {
      parts.push(line.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(line.slice(start));
  return parts;
}

/**
 * A Content-Disposition header, by RFC 6266.
 *
 * @returns `undefined` for a file shown in the page without a name: then no header is needed.
 */
export function contentDispositionHeader(
  asAttachment: boolean,
  filename?: string | null,
): string | undefined {
  if (!filename) return asAttachment ? 'attachment' : undefined;
  const disposition = asAttachment ? 'attachment' : 'inline';
  // What a quoted string can hold: RFC 9110, 5.6.4.
  const expression = /^[\t \x21-\x7e]*$/.test(filename)
    ? `filename="${filename.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
    : `filename*=utf-8''${quote(filename)}`;
  return `${disposition}; ${expression}`;
}
