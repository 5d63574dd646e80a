/** Texts by keys, typed as JSON. Django: `django.contrib.postgres.forms.hstore`. */
import { type CharFieldOptions, TextField } from '../../../forms/fields/char';
import { parseJson } from '../../../forms/fields/json_text';
import { Textarea, type WidgetClass } from '../../../forms/widgets';
import { isTruthy } from '../../../python/ops';
import { toStr } from '../../../python/str';
import { gettextLazy as _ } from '../../../utils/translation';
import { type HStore, pairsOf, recordOf } from '../records';

/**
 * An object of JSON whose values are texts or null.
 *
 * @see https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/forms/#hstorefield
 * @example `class DataForm extends forms.form({ data: new HStoreField({ required: false }) }) {}`
 */
export class HStoreField extends TextField<HStore> {
  static override widget: WidgetClass = Textarea;
  static override defaultErrorMessages = {
    invalid_json: _('Could not load JSON data.'),
    invalid_format: _('Input must be a JSON dictionary.'),
  };

  constructor(options: CharFieldOptions = {}) {
    super(options);
  }

  override prepareValue(value: unknown): unknown {
    if (!isRecord(value)) return value;
    const pairs = pairsOf(value).map(
      ([key, item]) => `${JSON.stringify(key)}: ${JSON.stringify(item ?? null)}`,
    );
    return `{${pairs.join(', ')}}`;
  }

  override toPython(value: unknown): HStore {
    if (!isTruthy(value)) return {};
    const found = isRecord(value) ? value : this.read(value);
    if (!isRecord(found)) throw this.error('invalid_format');
    return recordOf(
      pairsOf(found).map(([key, item]) => [key, item === null || item === undefined ? null : toStr(item)]),
    );
  }

  private read(value: unknown): unknown {
    try {
      return parseJson(toStr(value));
    } catch (error) {
      if (error instanceof SyntaxError) throw this.error('invalid_json');
      throw error;
    }
  }

  /** Nothing is the same as an object without keys. @throws ValidationError for an initial value that is none. */
  override hasChanged(initial: unknown, data: unknown): boolean {
    return super.hasChanged(this.toPython(initial), data);
  }
}

function isRecord(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value) as object | null;
  return value instanceof Map || prototype === null || prototype === Object.prototype;
}
