/** Fields that Django has no more: migrations of long ago name them, and `check` says what to use instead. */
import { type Validator, validateCommaSeparatedIntegerList } from '../../../core/validators';
import { toStr } from '../../../python';
import { Field, type FieldOptions } from './base';
import type { Deconstructed } from './deconstruct';
import { BooleanField } from './others';
import { CharField } from './text';

/** What `check` says of every field of a class. Left out: Django's words for it. */
export interface CheckDetails {
  readonly msg?: string;
  readonly hint?: string;
  readonly id?: string;
}

/** Numbers between commas, as text. */
export class CommaSeparatedIntegerField extends CharField {
  override readonly systemCheckRemovedDetails: CheckDetails = {
    msg: 'CommaSeparatedIntegerField is removed except for support in historical migrations.',
    hint: 'Use CharField(validators=[validateCommaSeparatedIntegerList]) instead.',
    id: 'fields.E901',
  };

  protected override defaultValidators(): readonly Validator[] {
    return [...super.defaultValidators(), validateCommaSeparatedIntegerList];
  }
}

/** An IPv4 address. Use `GenericIPAddressField`. */
export class IPAddressField extends Field {
  readonly internalType = 'IPAddressField';
  override readonly emptyStringsAllowed = false;
  override readonly systemCheckRemovedDetails: CheckDetails = {
    hint: 'Use GenericIPAddressField instead.',
    id: 'fields.E900',
  };

  override getPrepValue(value: unknown): unknown {
    return value === null || value === undefined ? null : toStr(value);
  }
}

/** True, false or nothing. */
export class NullBooleanField extends BooleanField {
  override readonly systemCheckRemovedDetails: CheckDetails = {
    msg: 'NullBooleanField is removed except for support in historical migrations.',
    hint: 'Use BooleanField({ null: true, blank: true }) instead.',
    id: 'fields.E903',
  };

  constructor(verboseName?: string | FieldOptions, options?: FieldOptions) {
    const given =
      typeof verboseName === 'string' ? { ...options, verboseName } : { ...verboseName, ...options };
    super({ ...given, null: true, blank: true });
  }

  override deconstruct(): Deconstructed {
    const [name, path, args, { null: _null, blank: _blank, ...kwargs }] = super.deconstruct();
    return [name, path, args, kwargs];
  }
}
