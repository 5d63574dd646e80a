/** Values of rows as templates see them: what is text in TypeScript has Python's type there, and is formatted as Django does. */
import { Decimal } from '../../python/types';
import { parseDate, parseTime } from '../../utils/dateparse';
import type { Options } from './options';

type Reader = (text: string) => unknown;

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['DateField', parseDate],
  ['TimeField', parseTime],
  ['DecimalField', (text) => Decimal.from(text)],
]);

/** What a text of a field stands for, as Django has it; the text where it is no such value. */
export function pythonValueOf(internalType: string, text: string): unknown {
  return read(READERS.get(internalType), text);
}

function read(reader: Reader | undefined, text: string): unknown {
  if (reader === undefined) return text;
  try {
    return reader(text) ?? text;
  } catch {
    return text;
  }
}

const known = new WeakMap<Options, ReadonlyMap<string, Reader>>();

function readersOf(meta: Options): ReadonlyMap<string, Reader> {
  let found = known.get(meta);
  if (found === undefined) {
    found = new Map(
      meta.fields.flatMap((field): [string, Reader][] => {
        const reader = READERS.get(field.internalType);
        return reader === undefined ? [] : [[field.property, reader]];
      }),
    );
    known.set(meta, found);
  }
  return found;
}

/** The value of a row's field; the text where it is no such value (a row that is not saved may hold anything). */
export function shownInTemplates(meta: Options, property: string, text: string): unknown {
  return read(readersOf(meta).get(property), text);
}
