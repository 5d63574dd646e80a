/** Values as the admin shows them. Django: `display_for_field`, `display_for_value`. */
import { ValidationError } from '../../../core/exceptions';
import { URLField } from '../../../db/models/fields';
import type { Field } from '../../../db/models/fields/base';
import { displayOf } from '../../../db/models/fields/choices';
import { FieldFile } from '../../../db/models/fields/field_file';
import { Relation } from '../../../db/models/fields/reverse_related';
import { toFormValue } from '../../../forms/models/values';
import { isDatetime } from '../../../python/datetime';
import { isPlainObject } from '../../../python/dict';
import { jsonDumps } from '../../../python/json_encoder';
import { isNumber } from '../../../python/numbers';
import { toStr } from '../../../python/str';
import { Decimal } from '../../../python/types';
import { static_ } from '../../../templatetags/static';
import { localize, numberFormat } from '../../../utils/formats';
import type { Text } from '../../../utils/functional';
import { formatHtml } from '../../../utils/html';
import { SafeString } from '../../../utils/safestring';
import { templateLocaltime } from '../../../utils/timezone';

/** A picture for yes, no and unknown. Django: `_boolean_icon`. */
export function booleanIcon(value: boolean | null | undefined): SafeString {
  const [name, alt] =
    value === true ? ['yes', 'True'] : value === false ? ['no', 'False'] : ['unknown', 'None'];
  return formatHtml('<img src="{}" alt="{}">', static_(`admin/img/icon-${name}.svg`), alt);
}

/** What a value is that is shown as nothing: Django's EMPTY_VALUES. */
function isNothing(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isPlainObject(value) && Object.keys(value).length === 0;
}

function isUrl(value: unknown): boolean {
  const { URLValidator } = require('../../../core/validators') as typeof import('../../../core/validators');
  try {
    new URLValidator().validate(value);
    return true;
  } catch (error) {
    if (error instanceof ValidationError) return false;
    throw error;
  }
}

/**
 * A field's value as text or HTML.
 *
 * @param avoidLink a file is not linked: it stands in a link already.
 */
export function displayForField(
  value: unknown,
  field: Field | Relation,
  emptyValue: Text,
  avoidLink = false,
): unknown {
  if (field instanceof Relation) return displayForValue(value, emptyValue);
  if (field.choices !== undefined) {
    const shown = displayOf(field.flatchoices, value);
    return isNothing(shown) || shown === '' ? String(emptyValue) : shown;
  }
  if (field.internalType === 'BooleanField') return booleanIcon(value as boolean | null);
  if (isNothing(value)) return String(emptyValue);
  const { internalType: type } = field;
  if (type === 'DateTimeField' || type === 'DateField' || type === 'TimeField') {
    const shown = toFormValue(field, value);
    return localize(isDatetime(shown) ? templateLocaltime(shown) : shown);
  }
  if (type === 'DecimalField') {
    return numberFormat(
      Decimal.from(String(value)),
      (field.options as { decimalPlaces?: number }).decimalPlaces ?? null,
    );
  }
  if (typeof value === 'number' || typeof value === 'bigint') return numberFormat(value);
  if (value instanceof FieldFile) {
    if (value.isEmpty) return String(emptyValue);
    return avoidLink ? toStr(value) : formatHtml('<a href="{}">{}</a>', value.url, toStr(value));
  }
  if (type === 'JSONField') return jsonDumps(value, { ensureAscii: false });
  // Whatever the field allows: what is stored may run in the browser of whoever follows it.
  if (field instanceof URLField && !avoidLink && isUrl(value))
    return formatHtml('<a href="{}">{}</a>', value, value);
  return displayForValue(value, emptyValue);
}

/** A value that is no field's as text or HTML. */
export function displayForValue(value: unknown, emptyValue: Text, boolean = false): unknown {
  if (boolean) return booleanIcon(value as boolean | null);
  if (isNothing(value)) return String(emptyValue);
  if (typeof value === 'boolean') return toStr(value);
  if (value instanceof SafeString || typeof value === 'string') return value;
  if (isDatetime(value)) return localize(templateLocaltime(value));
  if (isNumber(value)) return numberFormat(value);
  if (Array.isArray(value)) return value.map(toStr).join(', ');
  const localized = localize(value);
  return localized === value ? toStr(value) : localized;
}
