/** What fields are made with, and what of it their columns are made of. */
import type { Validator } from '../../../core/validators';
import type { Text } from '../../../utils/functional';
import type { ChoicesOption } from './choices';
import type { ErrorMessages } from './messages';

/** What every field takes. Django's names in camelCase. */
export interface FieldOptions {
  verboseName?: Text;
  primaryKey?: boolean;
  unique?: boolean;
  /** The column takes NULL. */
  null?: boolean;
  /** A form takes nothing; also the effective default of a new text column. */
  blank?: boolean;
  dbIndex?: boolean;
  dbColumn?: string | null;
  /** A value, or a function that makes one. */
  default?: unknown;
  /** The default that the database has: a value, or an expression that refers to no column. */
  dbDefault?: unknown;
  /** What the database says of the column (PostgreSQL, MySQL). */
  dbComment?: string | null;
  /** How the database compares and sorts the column's texts. */
  dbCollation?: string | null;
  /** Where the column's index lies (PostgreSQL). Default: DEFAULT_INDEX_TABLESPACE. */
  dbTablespace?: string | null;
  editable?: boolean;
  serialize?: boolean;
  helpText?: Text;
  /** What the value is chosen from. */
  choices?: ChoicesOption;
  /** What looks at a value besides the field itself. */
  validators?: readonly Validator[];
  /** Messages of one's own by code: `null`, `blank`, `invalid`, `unique`, … */
  errorMessages?: ErrorMessages;
  /** The value is there once a day of the date in that field (a name in camelCase). */
  uniqueForDate?: string;
  /** Once a month of the year. */
  uniqueForMonth?: string;
  /** Once a year. */
  uniqueForYear?: string;
  autoCreated?: boolean;
  maxLength?: number | null;
}

/** A column as the schema editor needs it. */
export interface DbParameters {
  /** The column's type; null: there is no column (many-to-many). */
  type: string | null;
  /** A CHECK condition. */
  check: string | null;
  /** The collation of its texts. */
  collation?: string | null;
}

/** Options that leave the column as it is. */
const NON_DATABASE_OPTIONS = new Set([
  'blank',
  'choices',
  'dbColumn',
  'editable',
  'errorMessages',
  'helpText',
  'limitChoicesTo',
  'onDelete',
  'relatedName',
  'relatedQueryName',
  'serialize',
  'autoCreated',
  'uniqueForDate',
  'uniqueForMonth',
  'uniqueForYear',
  'validators',
  'verboseName',
]);

/** The options that matter to the table. */
export function columnOptions(options: FieldOptions): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).filter(([name, value]) => !NON_DATABASE_OPTIONS.has(name) && value !== undefined),
  );
}
