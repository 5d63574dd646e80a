/** Fields of text. */
import { ImproperlyConfigured } from '../../../core/exceptions';
import {
  MaxLengthValidator,
  URLValidator,
  type Validator,
  validateEmail,
  validateSlug,
  validateUnicodeSlug,
} from '../../../core/validators';
import { toStr } from '../../../python';
import type { DatabaseWrapper } from '../../backends/base/base';
import { Field, type FieldOptions } from './base';

/** Text of limited length. PostgreSQL and SQLite allow no `maxLength`. */
export class CharField extends Field {
  readonly internalType: string = 'CharField';

  override dbType(connection: DatabaseWrapper): string | null {
    if (this.maxLength !== null) return super.dbType(connection);
    if (connection.vendor === 'mysql') {
      throw new ImproperlyConfigured(`${this.toString()}: CharFields must define a 'maxLength' attribute.`);
    }
    return 'varchar';
  }

  override toPython(value: unknown): unknown {
    return value === null || value === undefined ? null : toStr(value);
  }

  override getPrepValue(value: unknown): unknown {
    return this.toPython(value);
  }

  protected override limitValidators(): readonly Validator[] {
    return this.maxLength === null ? [] : [new MaxLengthValidator(this.maxLength)];
  }
}

/** Text of any length. */
export class TextField extends Field {
  readonly internalType = 'TextField';

  override toPython(value: unknown): unknown {
    return value === null || value === undefined ? null : toStr(value);
  }

  override getPrepValue(value: unknown): unknown {
    return this.toPython(value);
  }
}

/** A CharField whose length is given. */
function withLength(options: FieldOptions | string | undefined, length: number): FieldOptions {
  return typeof options === 'object' && options.maxLength !== undefined ? {} : { maxLength: length };
}

/** An e-mail address. */
export class EmailField extends CharField {
  constructor(verboseName?: string | FieldOptions, options?: FieldOptions) {
    super(verboseName, { ...withLength(options ?? verboseName, 254), ...options });
  }

  /** The length is always said: another version may have another one. */
  protected override get optionDefaults(): Readonly<Record<string, unknown>> {
    return { ...super.optionDefaults, maxLength: undefined };
  }

  protected override defaultValidators(): readonly Validator[] {
    return [validateEmail];
  }
}

/** A URL. */
export class URLField extends CharField {
  constructor(verboseName?: string | FieldOptions, options?: FieldOptions) {
    super(verboseName, { ...withLength(options ?? verboseName, 200), ...options });
  }

  protected override get optionDefaults(): Readonly<Record<string, unknown>> {
    return { ...super.optionDefaults, maxLength: 200 };
  }

  protected override defaultValidators(): readonly Validator[] {
    return [new URLValidator()];
  }
}

/** What a SlugField takes. */
export interface SlugFieldOptions extends FieldOptions {
  /** Letters and figures of any script, not only Latin ones. */
  allowUnicode?: boolean;
}

/** Letters, numbers, underscores and hyphens. Indexed unless told otherwise. */
export class SlugField extends CharField {
  override readonly internalType = 'SlugField';
  declare readonly options: Readonly<SlugFieldOptions>;

  constructor(verboseName?: string | SlugFieldOptions, options?: SlugFieldOptions) {
    const given = options ?? verboseName;
    const index = typeof given === 'object' && given.dbIndex !== undefined ? {} : { dbIndex: true };
    super(verboseName, { ...withLength(given, 50), ...index, ...options });
  }

  protected override get optionDefaults(): Readonly<Record<string, unknown>> {
    return { ...super.optionDefaults, allowUnicode: false, dbIndex: true, maxLength: 50 };
  }

  protected override defaultValidators(): readonly Validator[] {
    return [this.options.allowUnicode ? validateUnicodeSlug : validateSlug];
  }
}
