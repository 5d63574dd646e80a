/** JSON. Django: `django.db.models.fields.json`. */
import { isPlainObject } from '../../../python';
import type { DatabaseWrapper } from '../../backends/base/base';
import type { Expression } from '../expressions/base';
import { KeyTransform } from '../lookups/json_keys';
import type { TransformMaker } from '../lookups/registry';
import { Field } from './base';
import { jsonOf, jsonText } from './json_text';
import { type ErrorMessages, JSON_VALUE } from './messages';

/** A JSON value. */
export class JSONField extends Field {
  readonly internalType = 'JSONField';
  override readonly defaultHint = ['{}', '() => ({})'] as const;
  override readonly emptyStringsAllowed = false;

  protected override get defaultErrorMessages(): ErrorMessages {
    return { ...super.defaultErrorMessages, ...JSON_VALUE };
  }

  /** @throws ValidationError for what JSON has no form of. */
  override validate(value: unknown, instance?: object): void {
    super.validate(value, instance);
    if (!isJson(value, new Set())) throw this.fault('invalid', { value });
  }

  /** JSON as Django writes it; null is NULL, and `JSONNull()` the null of JSON. */
  override toDb(value: unknown, _connection?: DatabaseWrapper): unknown {
    return value === undefined || value === null ? null : jsonText(value);
  }

  override fromDb(value: unknown): unknown {
    return typeof value === 'string' ? jsonOf(value) : value;
  }

  /** The value itself: a fixture has JSON within. */
  override valueToString(instance: object): unknown {
    return this.valueFromObject(instance);
  }

  /** Any name is that of a key, unless it is a transform's. */
  override getTransform(name: string): TransformMaker {
    return super.getTransform(name) ?? ((lhs: Expression) => new KeyTransform(name, lhs));
  }
}

/** Whether JSON has a form of a value: plain objects, lists, text, finite numbers, true, false and null, or what `toJSON` gives. */
function isJson(value: unknown, above: Set<object>): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || above.has(value)) return false;
  const isList = Array.isArray(value);
  if (!isList && !isPlainObject(value)) return false;
  above.add(value);
  const holds = (isList ? value : Object.values(value)).every((item: unknown) => isJson(item, above));
  above.delete(value);
  return holds;
}
