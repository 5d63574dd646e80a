/** Texts by keys in a column. Django: `django.contrib.postgres.fields.hstore`. */
import type { DatabaseWrapper } from '../../../db/backends/base/base';
import type { Compiler, Expression, Sql } from '../../../db/models/expressions/base';
import { Field } from '../../../db/models/fields/base';
import type { ErrorMessages } from '../../../db/models/fields/messages';
import { TextField } from '../../../db/models/fields/text';
import type { TransformMaker } from '../../../db/models/lookups/registry';
import { Transform } from '../../../db/models/lookups/transform';
import type { Field as FormField } from '../../../forms/fields';
import type { FormFieldOptions } from '../../../forms/models/formfields';
import { toStr } from '../../../python';
import { gettextLazy as _ } from '../../../utils/translation';
import { readHstore, writeArray, writeHstore } from '../literals';
import { ContainedBy, DataContains, PostgresOperatorLookup } from '../lookups';
import { pairsOf, recordOf } from '../records';
import { ArrayField } from './array';

/**
 * Texts by keys. The extension is installed by `new HStoreExtension()` in a migration.
 *
 * Lookups: a key (`data__breed`), `contains`, `contained_by`, `has_key`, `has_keys`, `has_any_keys`, `keys`, `values`.
 *
 * @see https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/fields/#hstorefield
 * @example `@HStoreField() declare data: HStore;`
 */
export class HStoreField extends Field {
  readonly internalType = 'HStoreField';
  override readonly defaultHint = ['{}', '() => ({})'] as const;
  override readonly emptyStringsAllowed = false;

  protected override get defaultErrorMessages(): ErrorMessages {
    return {
      ...super.defaultErrorMessages,
      not_a_string: _('The value of “%(key)s” is not a string or null.'),
    };
  }

  override dbType(_connection: DatabaseWrapper): string {
    return 'hstore';
  }

  override validate(value: unknown, instance?: object): void {
    super.validate(value, instance);
    for (const [key, each] of pairsOf(value)) {
      if (each !== null && typeof each !== 'string') throw this.fault('not_a_string', { key });
    }
  }

  /** Keys and values as texts. */
  override getPrepValue(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value ?? null;
    return new Map(
      pairsOf(value).map(([key, each]) => [key, each === null || each === undefined ? null : toStr(each)]),
    );
  }

  override toDb(value: unknown, _connection?: DatabaseWrapper): unknown {
    const known = this.getPrepValue(value);
    return known instanceof Map ? writeHstore(known as Map<string, string | null>) : known;
  }

  override fromDb(value: unknown): unknown {
    return typeof value === 'string' ? recordOf(readHstore(value)) : (value ?? null);
  }

  /** An object, or the JSON of one. */
  override toPython(value: unknown): unknown {
    if (typeof value !== 'string') return value ?? null;
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'object' && parsed !== null ? recordOf(pairsOf(parsed)) : parsed;
  }

  override valueToString(instance: object): unknown {
    const { jsonText } =
      require('../../../db/models/fields/json_text') as typeof import('../../../db/models/fields/json_text');
    return jsonText(this.valueFromObject(instance));
  }

  override formfield(options: FormFieldOptions = {}): FormField | null {
    const { HStoreField: formClass } = require('../forms') as typeof import('../forms');
    return super.formfield({ formClass, ...options });
  }

  /** Any name is that of a key, unless it is a transform's. */
  override getTransform(name: string): TransformMaker {
    return super.getTransform(name) ?? ((lhs: Expression) => new KeyTransform(name, lhs));
  }
}

/** The text at a key. */
export class KeyTransform extends Transform<string | null> {
  constructor(
    private readonly keyName: string,
    lhs: Expression,
  ) {
    super(lhs);
  }

  override asSql(compiler: Compiler, _connection: DatabaseWrapper): Sql {
    const [sql, params] = compiler.compile(this.lhs);
    return [`(${sql} -> ?::text)`, [...params, this.keyName]];
  }

  protected override resolveOutputField(): Field {
    return new TextField();
  }
}

abstract class TextsTransform extends Transform<string[] | null> {
  protected override resolveOutputField(): Field {
    return new ArrayField({ baseField: new TextField() });
  }
}

/** The keys. */
export class KeysTransform extends TextsTransform {
  static override readonly lookupName = 'keys';
  protected override readonly functionName = 'akeys';
}

/** The values. */
export class ValuesTransform extends TextsTransform {
  static override readonly lookupName = 'values';
  protected override readonly functionName = 'avals';
}

/** Whether there is a key. */
export class HasKey extends PostgresOperatorLookup {
  static override readonly lookupName = 'has_key';
  protected readonly operator = '??';

  protected override castType(): string {
    return 'text';
  }

  protected override databaseValue(value: unknown): unknown {
    return toStr(value);
  }
}

abstract class KeysLookup extends PostgresOperatorLookup {
  protected override castType(): string {
    return 'text[]';
  }

  protected override databaseValue(value: unknown): unknown {
    return writeArray([...(value as Iterable<unknown>)].map(toStr));
  }
}

/** Whether there are all of the keys. */
export class HasKeys extends KeysLookup {
  static override readonly lookupName = 'has_keys';
  protected readonly operator = '??&';
}

/** Whether there is one of the keys. */
export class HasAnyKeys extends KeysLookup {
  static override readonly lookupName = 'has_any_keys';
  protected readonly operator = '??|';
}

for (const Class of [
  DataContains,
  ContainedBy,
  HasKey,
  HasKeys,
  HasAnyKeys,
  KeysTransform,
  ValuesTransform,
]) {
  HStoreField.registerLookup(Class);
}
