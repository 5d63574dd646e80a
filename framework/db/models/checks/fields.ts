/** What is wrong with a field. Django: `Field.check` and that of its subclasses. */
import { Error as CheckError, type CheckMessage, Warning } from '../../../core/checks/messages';
import { repr } from '../../../python';
import { connections } from '../../connections';
import type { Field } from '../fields/base';
import { flatChoices } from '../fields/choices';
import { CompositePrimaryKey } from '../fields/composite';
import type { DateFieldOptions } from '../fields/dates';
import type { FilePathFieldOptions } from '../fields/file_paths';
import type { FileFieldOptions } from '../fields/files';
import { GeneratedField } from '../fields/generated';
import type { DecimalFieldOptions } from '../fields/numbers';
import { ForeignKey, ForeignObject, ManyToManyField } from '../fields/related';
import { supports } from './databases';
import { checkGenerated, checkInDatabases } from './field_databases';
import { checkManyToMany } from './many_to_many';
import { checkForeignKey, checkRelation, checkTargets } from './relations';

type Found = Iterable<CheckMessage>;

/** What every field is asked. */
export function* checkField(field: Field, databases: readonly string[] = []): Found {
  yield* checkName(field);
  yield* checkChoices(field);
  const { dbIndex = false } = field.options;
  if (typeof dbIndex !== 'boolean') {
    yield new CheckError("'dbIndex' must be undefined, true or false.", { obj: field, id: 'fields.E006' });
  }
  if (field.primaryKey && field.null) {
    yield new CheckError('Primary keys must not have null=True.', {
      hint: 'Set null=False on the field, or remove primaryKey=True argument.',
      obj: field,
      id: 'fields.E007',
    });
  }
  yield* checkInDatabases(field, databases);
  yield* checkValidators(field);
  yield* checkDeprecation(field);
  yield* checkDefault(field);
  if (field instanceof GeneratedField) yield* checkGenerated(field, databases);
  else yield* KINDS[field.internalType]?.(field) ?? [];
  if (field instanceof ForeignObject) {
    yield* checkRelation(field);
    yield* checkTargets(field);
    if (field instanceof ForeignKey) yield* checkForeignKey(field);
  } else if (field instanceof ManyToManyField) {
    yield* checkRelation(field);
    yield* checkManyToMany(field);
  }
}

function* checkName(field: Field): Found {
  const { name } = field;
  if (field instanceof CompositePrimaryKey) {
    if (name === 'pk') return;
    yield new CheckError("'CompositePrimaryKey' must be named 'pk'.", { obj: field, id: 'fields.E013' });
  } else if (name.endsWith('_')) {
    yield new CheckError('Field names must not end with an underscore.', { obj: field, id: 'fields.E001' });
  } else if (name.includes('__')) {
    yield new CheckError('Field names must not contain "__".', { obj: field, id: 'fields.E002' });
  } else if (name === 'pk') {
    yield new CheckError("'pk' is a reserved word that cannot be used as a field name.", {
      obj: field,
      id: 'fields.E003',
    });
  }
}

function isLabel(value: unknown): boolean {
  return (
    typeof value === 'string' || typeof value !== 'object' || value === null || !(Symbol.iterator in value)
  );
}

function isPair(value: unknown): value is readonly [unknown, unknown] {
  return Array.isArray(value) && value.length === 2;
}

/** A pair of a value and its label, or a name and pairs. */
function isChoice(value: unknown): boolean {
  if (!isPair(value)) return false;
  const [name, label] = value;
  if (Array.isArray(label)) {
    return label.every((each: unknown) => isPair(each) && isLabel(each[0]) && isLabel(each[1]));
  }
  return isLabel(name) && isLabel(label);
}

function* checkChoices(field: Field): Found {
  const { choices } = field;
  if (choices === undefined || (Array.isArray(choices) && choices.length === 0)) return;
  if (!Array.isArray(choices)) {
    yield new CheckError(
      "'choices' must be a mapping (e.g. a dictionary) or an iterable (e.g. a list or tuple).",
      {
        obj: field,
        id: 'fields.E004',
      },
    );
    return;
  }
  if (!choices.every(isChoice)) {
    yield new CheckError(
      "'choices' must be a mapping of actual values to human readable names or an iterable containing (actual value, " +
        'human readable name) tuples.',
      { obj: field, id: 'fields.E005' },
    );
    return;
  }
  const longest = flatChoices(choices).reduce(
    (length, [value]) => (typeof value === 'string' ? Math.max(length, [...value].length) : length),
    0,
  );
  if (field.maxLength === null || longest <= field.maxLength) return;
  yield new CheckError(
    `'maxLength' is too small to fit the longest value in 'choices' (${longest} characters).`,
    {
      obj: field,
      id: 'fields.E009',
    },
  );
}

function* checkValidators(field: Field): Found {
  let at = 0;
  for (const validator of field.options.validators ?? []) {
    if (typeof validator !== 'function') {
      yield new CheckError("All 'validators' must be callable.", {
        hint: `validators[${at}] (${repr(validator)}) isn't a function or instance of a validator class.`,
        obj: field,
        id: 'fields.E008',
      });
    }
    at += 1;
  }
}

function* checkMaxLength(field: Field): Found {
  const { maxLength } = field;
  if (maxLength === null) {
    if (supports(field.model, connections.get(), 'supportsUnlimitedCharfield')) return;
    yield new CheckError("CharFields must define a 'maxLength' attribute.", {
      obj: field,
      id: 'fields.E120',
    });
  } else if (!Number.isInteger(maxLength) || maxLength <= 0) {
    yield new CheckError("'maxLength' must be a positive integer.", { obj: field, id: 'fields.E121' });
  }
}

function* checkIgnoredLength(field: Field): Found {
  if (field.options.maxLength === undefined || field.options.maxLength === null) return;
  yield new Warning(`'maxLength' is ignored when used with ${field.constructor.name}.`, {
    hint: "Remove 'maxLength' from field",
    obj: field,
    id: 'fields.W122',
  });
}

function* checkAuto(field: Field): Found {
  yield* checkIgnoredLength(field);
  if (field.primaryKey) return;
  yield new CheckError('AutoFields must set primaryKey=True.', { obj: field, id: 'fields.E100' });
}

/** Python's `int()` of an option: what it says of what cannot be one. */
function wholeNumber(value: unknown): number | 'missing' | 'invalid' {
  if (value === undefined || value === null) return 'missing';
  const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
  return Number.isFinite(number) ? Math.trunc(number) : 'invalid';
}

function* checkDecimal(field: Field): Found {
  const options = field.options as Readonly<Partial<DecimalFieldOptions>>;
  const places = wholeNumber(options.decimalPlaces);
  const digits = wholeNumber(options.maxDigits);
  const say = (msg: string, id: string): CheckMessage => new CheckError(msg, { obj: field, id });
  if (places === 'missing')
    yield say("DecimalFields must define a 'decimalPlaces' attribute.", 'fields.E130');
  else if (places === 'invalid' || places < 0) {
    yield say("'decimalPlaces' must be a non-negative integer.", 'fields.E131');
  }
  if (digits === 'missing') yield say("DecimalFields must define a 'maxDigits' attribute.", 'fields.E132');
  else if (digits === 'invalid' || digits <= 0)
    yield say("'maxDigits' must be a positive integer.", 'fields.E133');
  if (
    typeof places === 'number' &&
    typeof digits === 'number' &&
    places >= 0 &&
    digits > 0 &&
    places > digits
  ) {
    yield say("'maxDigits' must be greater or equal to 'decimalPlaces'.", 'fields.E134');
  }
}

/** So near to now, in milliseconds, is a default that was meant to be the time of each row. */
const ABOUT_NOW = 10_000;

function* checkDates(field: Field): Found {
  const { autoNow, autoNowAdd } = field.options as Readonly<DateFieldOptions>;
  if ([autoNow ?? false, autoNowAdd ?? false, field.hasDefault].filter(Boolean).length > 1) {
    yield new CheckError(
      'The options autoNow, autoNowAdd, and default are mutually exclusive. Only one of these options may be present.',
      { obj: field, id: 'fields.E160' },
    );
  }
  const { default: fixed } = field.options;
  if (!(fixed instanceof Date) || Math.abs(fixed.getTime() - Date.now()) > ABOUT_NOW) return;
  yield new Warning('Fixed default value provided.', {
    hint:
      'It seems you set a fixed date / time / datetime value as default for this field. This may not be what you want. ' +
      'If you want to have the current date as default, use `() => new Date()`',
    obj: field,
    id: 'fields.W161',
  });
}

function* checkFilePath(field: Field): Found {
  const { allowFiles = true, allowFolders = false } = field.options as Readonly<FilePathFieldOptions>;
  if (allowFiles || allowFolders) return;
  yield new CheckError("FilePathFields must have either 'allowFiles' or 'allowFolders' set to True.", {
    obj: field,
    id: 'fields.E140',
  });
}

function* checkAddress(field: Field): Found {
  if (field.null || !field.blank) return;
  yield new CheckError(
    'GenericIPAddressFields cannot have blank=True if null=False, as blank values are stored as nulls.',
    { obj: field, id: 'fields.E150' },
  );
}

function* checkBytes(field: Field): Found {
  if (typeof field.options.default !== 'string') return;
  yield new CheckError("BinaryField's default cannot be a string. Use bytes content instead.", {
    obj: field,
    id: 'fields.E170',
  });
}

/** An object that is given as default is one for all rows. */
function* checkDefault(field: Field): Found {
  const { default: value } = field.options;
  if (field.defaultHint === undefined) return;
  if (value === undefined || value === null || typeof value === 'function') return;
  const [literal, instead] = field.defaultHint;
  yield new Warning(
    `${field.constructor.name} default should be a callable instead of an instance so that it's not shared between all ` +
      'field instances.',
    {
      hint: `Use a callable instead, e.g., use \`${instead}\` instead of \`${literal}\`.`,
      obj: field,
      id: 'fields.E010',
    },
  );
}

function* checkFile(field: Field): Found {
  const { primaryKey, uploadTo } = field.options as Readonly<FileFieldOptions>;
  if (primaryKey !== undefined) {
    yield new CheckError(`'primaryKey' is not a valid argument for a ${field.constructor.name}.`, {
      obj: field,
      id: 'fields.E201',
    });
  }
  if (typeof uploadTo === 'string' && uploadTo.startsWith('/')) {
    yield new CheckError(
      `${field.constructor.name}'s 'uploadTo' argument must be a relative path, not an absolute path.`,
      { hint: 'Remove the leading slash.', obj: field, id: 'fields.E202' },
    );
  }
}

/** Classes of fields that are no more, or will be. */
function* checkDeprecation(field: Field): Found {
  const { systemCheckRemovedDetails: removed, systemCheckDeprecatedDetails: deprecated } = field;
  const { name } = field.constructor;
  if (removed !== undefined) {
    const { msg, hint, id = 'fields.EXXX' } = removed;
    const text = msg ?? `${name} has been removed except for support in historical migrations.`;
    yield new CheckError(text, { hint, obj: field, id });
  } else if (deprecated !== undefined) {
    const { msg = `${name} has been deprecated.`, hint, id = 'fields.WXXX' } = deprecated;
    yield new Warning(msg, { hint, obj: field, id });
  }
}

/** What fields of a kind are asked besides. */
const KINDS: Readonly<Record<string, (field: Field) => Found>> = {
  AutoField: checkAuto,
  BigAutoField: checkAuto,
  SmallAutoField: checkAuto,
  BigIntegerField: checkIgnoredLength,
  IntegerField: checkIgnoredLength,
  PositiveBigIntegerField: checkIgnoredLength,
  PositiveIntegerField: checkIgnoredLength,
  PositiveSmallIntegerField: checkIgnoredLength,
  SmallIntegerField: checkIgnoredLength,
  BinaryField: checkBytes,
  CharField: checkMaxLength,
  SlugField: checkMaxLength,
  DateField: checkDates,
  DateTimeField: checkDates,
  TimeField: checkDates,
  DecimalField: checkDecimal,
  FileField: checkFile,
  FilePathField: checkFilePath,
  GenericIPAddressField: checkAddress,
};
