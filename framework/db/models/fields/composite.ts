/** A primary key of several columns. Django: `django.db.models.fields.composite`. */
import { ValidationError, ValueError } from '../../../core/exceptions';
import { repr } from '../../../python';
import { jsonDumps } from '../../../python/json_encoder';
import { toStr } from '../../../python/str';
import { gettextLazy as _ } from '../../../utils/translation';
import type { Field, FieldOptions } from './base';
import type { Deconstructed } from './deconstruct';
import { FieldGroup } from './group';
import type { ForeignKey } from './related';

type Values = Record<string, unknown>;

/** The names at the beginning, and the options behind them. */
function split(given: readonly unknown[]): [names: readonly string[], options: FieldOptions] {
  const last = given[given.length - 1];
  const options =
    typeof last === 'object' && last !== null && !Array.isArray(last) ? (last as FieldOptions) : {};
  const names = options === last ? given.slice(0, -1) : given;
  if (
    names.length === 0 ||
    new Set(names).size < names.length ||
    !names.every((name) => typeof name === 'string')
  ) {
    throw new ValueError('CompositePrimaryKey args must be unique strings.');
  }
  if (names.length === 1) throw new ValueError('CompositePrimaryKey must include at least two fields.');
  return [names as readonly string[], options];
}

/** The field that says what values are: of a foreign key the one that it refers to. */
function valueField(field: Field): Field {
  return field.isRelation() ? valueField((field as ForeignKey).targetField) : field;
}

function refuse(condition: boolean, what: string): void {
  if (condition) throw new ValueError(`CompositePrimaryKey ${what}`);
}

/**
 * The key of rows that several fields tell apart. The property has to be called `pk`; its value is a list, and so is what
 * it is compared with.
 *
 * @example
 * ```ts
 * class Seat extends models.Model {
 *   @models.CompositePrimaryKey('row', 'place') declare pk: [string, number];
 *   @models.CharField({ maxLength: 1 }) declare row: string;
 *   @models.IntegerField() declare place: number;
 * }
 * await Seat.objects.get({ pk: ['A', 7] });
 * ```
 */
export class CompositePrimaryKey extends FieldGroup {
  readonly internalType = 'CompositePrimaryKey';
  /** The names of its fields. */
  readonly fieldNames: readonly string[];

  /** @throws ValueError for less than two names, or options that such a key cannot have. */
  constructor(...given: (string | FieldOptions)[]) {
    const [names, options] = split(given);
    refuse(options.default !== undefined, 'cannot have a default.');
    refuse((options as Values)['dbDefault'] !== undefined, 'cannot have a database default.');
    refuse(options.dbColumn !== undefined && options.dbColumn !== null, 'cannot have a db_column.');
    refuse(options.editable === true, 'cannot be editable.');
    refuse(options.primaryKey === false, 'must be a primary key.');
    refuse(options.blank === false, 'must be blank.');
    super({ ...options, blank: true, editable: false, primaryKey: true });
    this.fieldNames = names;
  }

  /** Its fields; of a name that is none, a check tells. */
  get fields(): readonly Field[] {
    const { fieldsByProperty } = this.model;
    return this.fieldNames
      .map((name) => fieldsByProperty.get(name) ?? this.model.findField(name))
      .filter((field) => field !== undefined);
  }

  /** A list, or the JSON of one. @throws ValidationError for a text that is no such list, or another number of values. */
  override toPython(value: unknown): unknown {
    const known: unknown = typeof value === 'string' ? this.listIn(value) : (value ?? null);
    if (!Array.isArray(known)) return known;
    if (known.length !== this.fields.length) throw this.noList(value);
    return this.fields.map((field, at) => valueField(field).toPython(known[at]));
  }

  private listIn(text: string): readonly unknown[] {
    let list: unknown;
    try {
      list = JSON.parse(text);
    } catch {
      throw this.noList(text);
    }
    if (!Array.isArray(list)) throw this.noList(text);
    return list as readonly unknown[];
  }

  private noList(value: unknown): ValidationError {
    const params = { value: toStr(value), count: this.fields.length };
    return new ValidationError(_('“%(value)s” value must be a list of %(count)s values.'), {
      code: 'invalid',
      params,
    });
  }

  /** The JSON of a list of texts. */
  override valueToString(instance: object): string {
    return jsonDumps(
      this.fields.map((field) => field.valueToString(instance)),
      { ensureAscii: false },
    );
  }

  override deconstruct(): Deconstructed {
    const [name, path, , kwargs] = super.deconstruct();
    return [name, path, this.fieldNames, kwargs];
  }

  /** The property is the list of the fields' values. */
  override defineProperty(prototype: object): void {
    const properties = (): readonly string[] => this.fields.map(({ property }) => property);
    const set = (instance: object, value: unknown): void => this.set(instance, value);
    Object.defineProperty(prototype, this.property, {
      configurable: true,
      get(this: Values): unknown {
        return properties().map((property) => this[property] ?? null);
      },
      set(this: object, value: unknown) {
        set(this, value);
      },
    });
  }

  private set(instance: object, value: unknown): void {
    const { fields, name } = this;
    const values = value === null || value === undefined ? fields.map(() => null) : value;
    if (!Array.isArray(values)) throw new ValueError(`${repr(name)} must be a list or a tuple.`);
    if (values.length !== fields.length) {
      throw new ValueError(`${repr(name)} must have ${fields.length} elements.`);
    }
    fields.forEach(({ property }, at) => {
      (instance as Values)[property] = values[at];
    });
  }

  override isEmpty(value: unknown): boolean {
    return !Array.isArray(value) || value.every((part) => part === null || part === undefined);
  }
}
