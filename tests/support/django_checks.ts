/** What Django's checks say beside what ours say: names of options are in camelCase here. */
import type { CheckMessage } from 'tsango/core/checks';

/** A message of Django's. */
export interface Said {
  readonly level: number;
  readonly id: string;
  readonly msg: string;
  readonly hint: string | null;
  readonly obj: unknown;
}

const OPTIONS =
  'max_length max_digits decimal_places related_name related_query_name on_delete to_field through_fields ' +
  'unique_together order_with_respect_to auto_now_add auto_now primary_key db_column db_index db_default db_comment ' +
  'db_table_comment db_persist allow_files allow_folders upload_to full_clean object_id content_type default_auto_field';
const OPTION = new RegExp(`\\b(?:${OPTIONS.split(' ').join('|')})\\b`, 'g');

const camelCased = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

const camelCase = (text: string): string => text.replace(OPTION, camelCased);

/** Where Python is in Django's words, and TypeScript in ours. */
const WORDS: readonly (readonly [string | RegExp, string | ((found: string) => string)])[] = [
  [' Django should use ', ' should be used '],
  ['(self)', '("self")'],
  ['must be None, True or False', 'must be undefined, true or false'],
  ['a valid Python identifier', 'a valid identifier'],
  ['two foreign keys Django should use', 'two foreign keys should be used'],
  [/'django\.(?=contrib|middleware)/g, "'tsango."],
  ['use `dict` instead of `{}`', 'use `() => ({})` instead of `{}`'],
  ['use `list` instead of `[]`', 'use `() => []` instead of `[]`'],
  ['[validate_comma_separated_integer_list]', '[validateCommaSeparatedIntegerList]'],
  ['BooleanField(null=True, blank=True)', 'BooleanField({ null: true, blank: true })'],
  ['(db_collation="…")', '({ dbCollation: "…" })'],
  [/(?<!\w)django\.contrib\.postgres/, 'tsango.contrib.postgres'],
  [/(?<=^The property ')\w+/, camelCased],
];

/** Compares by level, id, text, hint and what it is about. */
export class DjangoChecks {
  theirs({ level, id, msg, hint, obj }: Said): string {
    return this.line(level, id, this.text(msg), hint && this.text(hint), subject(obj));
  }

  ours({ level, id, msg, hint, obj }: CheckMessage): string {
    return this.line(level, id, msg, hint ?? null, obj === undefined || obj === null ? null : String(obj));
  }

  private line(
    level: number,
    id: string | undefined,
    msg: string,
    hint: string | null,
    obj: string | null,
  ): string {
    return JSON.stringify([level, id, id === 'fields.E300' ? missing(msg) : msg, hint, obj]);
  }

  private text(text: string): string {
    return WORDS.reduce(
      (all, [python, typescript]) => all.replace(global(python), typescript as string),
      camelCase(text),
    );
  }
}

/** Wherever it is found. */
function global(pattern: string | RegExp): RegExp {
  const source =
    typeof pattern === 'string' ? pattern.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&') : pattern.source;
  return new RegExp(source, 'g');
}

function subject(obj: unknown): string | null {
  if (obj === null || typeof obj === 'string') return obj;
  const [value] = Object.values(obj as Record<string, unknown>);
  return String(value);
}

/** A model that is not there is named as it was written, which recorded fields have lost. */
function missing(msg: string): string {
  return msg.toLowerCase().replace(/model '(?:\w+\.)?/, "model '");
}
