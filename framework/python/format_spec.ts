/** Python's `format(value, spec)` for texts and numbers: the part behind the colon of `{name:>10}`. */
import { percentFormat } from './format';
import { textLength } from './text';

const SPEC = /^(?:(.?)([<>=^]))?([-+ ]?)(#?)(0?)(\d{0,4})([,_]?)(?:\.(\d{1,3}))?([bcdeEfFgGnosxX%]?)$/su;

/** A value by a format specification; the text of the value where the specification is none for it. */
export function formatSpec(value: unknown, spec: string): string {
  const match = SPEC.exec(spec);
  if (spec === '' || match === null) return String(value);
  const [, fillGiven, alignGiven, sign = '', alternate = '', zero, width, separator, precision, type = ''] =
    match;
  const numeric = typeof value === 'number' || typeof value === 'bigint';
  const fill = fillGiven || (zero ? '0' : ' ');
  const align = alignGiven || (zero && numeric ? '=' : numeric ? '>' : '<');
  let text = numeric ? numberText(value, { sign, alternate, precision, type }) : String(value);
  if (!numeric && precision !== undefined) text = [...text].slice(0, Number(precision)).join('');
  if (numeric && separator) text = grouped(text, separator);
  const gap = Number(width || 0) - textLength(text);
  if (gap <= 0) return text;
  if (align === '<') return text + fill.repeat(gap);
  if (align === '^') return fill.repeat(Math.floor(gap / 2)) + text + fill.repeat(Math.ceil(gap / 2));
  const signed = align === '=' ? (/^[-+ ]/.exec(text)?.[0] ?? '') : '';
  return signed + fill.repeat(gap) + text.slice(signed.length);
}

interface NumberSpec {
  sign: string;
  alternate: string;
  precision: string | undefined;
  type: string;
}

function numberText(value: number | bigint, { sign, alternate, precision, type }: NumberSpec): string {
  const flags = `${sign === '-' ? '' : sign}${alternate}`;
  const places = precision === undefined ? '' : `.${precision}`;
  if (type === '%') return `${percentFormat(`%${flags}${places || '.6'}f`, Number(value) * 100)}%`;
  if (type === 'b') return (sign === '+' && value >= 0 ? '+' : '') + value.toString(2);
  if (type === 's' || type === '') {
    if (places) return percentFormat(`%${flags}${places}g`, value);
    return (Number(value) >= 0 && flags.includes('+') ? '+' : '') + String(value);
  }
  const letter = type === 'n' ? 'd' : type;
  // A time in seconds is a fraction; Python refuses to write one as an integer, a log line shows it all the same.
  const whole = /[dxXoc]/.test(letter) && typeof value === 'number' ? Math.trunc(value) : value;
  return percentFormat(`%${flags}${places}${letter}`, whole);
}

function grouped(text: string, separator: string): string {
  const [, head = '', digits = '', rest = ''] = /^([^\d]*)(\d*)(.*)$/s.exec(text) ?? [];
  return head + digits.replace(/\B(?=(?:\d{3})+$)/g, separator) + rest;
}
