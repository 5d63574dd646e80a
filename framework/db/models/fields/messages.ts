/** What fields say of values that they refuse. Django: `default_error_messages`. */
import type { Text } from '../../../utils/functional';
import { gettextLazy as _ } from '../../../utils/translation';

/** Messages by code. */
export type ErrorMessages = Readonly<Record<string, Text>>;

export const FIELD: ErrorMessages = {
  invalid_choice: _('Value %(value)r is not a valid choice.'),
  null: _('This field cannot be null.'),
  blank: _('This field cannot be blank.'),
  unique: _('%(model_name)s with this %(field_label)s already exists.'),
  unique_for_date: _('%(field_label)s must be unique for %(date_field_label)s %(lookup_type)s.'),
};

export const INTEGER: ErrorMessages = { invalid: _('“%(value)s” value must be an integer.') };
export const FLOAT: ErrorMessages = { invalid: _('“%(value)s” value must be a float.') };
export const DECIMAL: ErrorMessages = { invalid: _('“%(value)s” value must be a decimal number.') };
export const BOOLEAN: ErrorMessages = {
  invalid: _('“%(value)s” value must be either True or False.'),
  invalid_nullable: _('“%(value)s” value must be either True, False, or None.'),
};
export const DATE: ErrorMessages = {
  invalid: _('“%(value)s” value has an invalid date format. It must be in YYYY-MM-DD format.'),
  invalid_date: _('“%(value)s” value has the correct format (YYYY-MM-DD) but it is an invalid date.'),
};
export const DATETIME: ErrorMessages = {
  invalid: _(
    '“%(value)s” value has an invalid format. It must be in YYYY-MM-DD HH:MM[:ss[.uuuuuu]][TZ] format.',
  ),
  invalid_date: _('“%(value)s” value has the correct format (YYYY-MM-DD) but it is an invalid date.'),
  invalid_datetime: _(
    '“%(value)s” value has the correct format (YYYY-MM-DD HH:MM[:ss[.uuuuuu]][TZ]) but it is an invalid date/time.',
  ),
};
export const TIME: ErrorMessages = {
  invalid: _('“%(value)s” value has an invalid format. It must be in HH:MM[:ss[.uuuuuu]] format.'),
  invalid_time: _(
    '“%(value)s” value has the correct format (HH:MM[:ss[.uuuuuu]]) but it is an invalid time.',
  ),
};
export const DURATION: ErrorMessages = {
  invalid: _('“%(value)s” value has an invalid format. It must be in [DD] [[HH:]MM:]ss[.uuuuuu] format.'),
};
export const UUID: ErrorMessages = { invalid: _('“%(value)s” is not a valid UUID.') };
export const JSON_VALUE: ErrorMessages = { invalid: _('Value must be valid JSON.') };
export const FOREIGN_KEY: ErrorMessages = {
  invalid: _('%(model)s instance with %(field)s %(value)r is not a valid choice.'),
};
