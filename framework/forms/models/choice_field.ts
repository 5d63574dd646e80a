/** One of the rows of a query. Django: `ModelChoiceField` of `django.forms.models`. */
import { ProhibitNullCharactersValidator } from '../../core/validators';
import type { Model, ModelClass } from '../../db/models/base';
import type { LimitChoicesTo } from '../../db/models/fields/related';
import type { QuerySet } from '../../db/models/query';
import { ValueError } from '../../python/errors';
import { toStr } from '../../python/str';
import { attempt, isPromise, type MaybePromise, then } from '../../utils/maybe_promise';
import { gettextLazy as _ } from '../../utils/translation';
import { type Choice, type Choices, normalizeChoices } from '../choices';
import { Field, type FieldOptions, isEmpty, type Opt } from '../fields/base';
import { BaseChoiceField } from '../fields/choice';
import { type ChoiceWidget, RadioSelect } from '../widgets';
import { ModelChoiceIterator } from './choice_iterator';
import { now } from './rows';

/** A query, or a manager. */
export interface Queryable {
  all(): PromiseLike<readonly unknown[]>;
}

/** What fields for rows take. */
export interface ModelChoiceFieldOptions extends FieldOptions {
  /** The rows that can be chosen: a query or a manager. `null`: a form's constructor sets it later. */
  readonly queryset: Queryable | null;
  /** What stands for no row; `null` leaves it out. Default: `---------`. */
  readonly emptyLabel?: string | null;
  /** The property whose value a choice has. Default: the key. */
  readonly toFieldName?: string | null;
  /** Narrows the rows, for each form anew where it is a function. */
  readonly limitChoicesTo?: LimitChoicesTo | (() => LimitChoicesTo) | null;
  /** Whether radio buttons have one for nothing. */
  readonly blank?: boolean;
}

/** The rows that an option `queryset` gives. */
export type RowOf<O> = O extends { readonly queryset: { all(): PromiseLike<readonly (infer R)[]> } }
  ? R
  : Model;

const noNullCharacters = new ProhibitNullCharactersValidator();

/** @internal What both fields for rows have in common. */
export class BaseModelChoiceField<out V> extends BaseChoiceField<V> {
  static override defaultErrorMessages = {
    invalid_choice: _('Select a valid choice. That choice is not one of the available choices.'),
  };
  /** The class that makes choices of rows. */
  declare iterator: typeof ModelChoiceIterator;
  emptyLabel: string | null;
  toFieldName: string | null;
  limitChoicesTo: LimitChoicesTo | (() => LimitChoicesTo) | null;
  declare private manual: Iterable<Choice> | undefined;
  declare private ownQueryset: QuerySet<Model> | null;
  /** The rows that a database gave that does not answer at once. */
  declare private loaded: QuerySet<Model> | undefined;

  constructor(options: ModelChoiceFieldOptions) {
    const { queryset, emptyLabel = '---------', toFieldName, limitChoicesTo, blank, ...rest } = options;
    super(rest);
    const hasInitial = this.required && this.initial !== null;
    this.emptyLabel = hasInitial || (this.widget instanceof RadioSelect && !blank) ? null : emptyLabel;
    this.toFieldName = toFieldName ?? null;
    this.limitChoicesTo = limitChoicesTo ?? null;
    this.manual = undefined;
    this.queryset = queryset;
  }

  /** The rows that can be chosen. What is set is copied, so that each form asks anew. */
  get queryset(): QuerySet<Model> | null {
    return this.ownQueryset;
  }

  set queryset(queryset: Queryable | null) {
    this.ownQueryset = queryset === null ? null : (queryset.all() as unknown as QuerySet<Model>);
    this.loaded = undefined;
    (this.widget as ChoiceWidget).choices = this.choices;
  }

  override get choices(): Iterable<Choice> {
    return this.manual ?? new this.iterator(this as unknown as ModelChoiceField);
  }

  /** Takes the place of the rows. */
  override set choices(choices: Choices) {
    this.manual = normalizeChoices(choices);
    (this.widget as ChoiceWidget).choices = this.manual;
  }

  override copy(): this {
    const made = super.copy();
    if (made.manual === undefined) made.queryset = this.ownQueryset;
    return made;
  }

  /** @internal The rows, at once. @throws SynchronousOnlyOperation where the database does not answer at once. */
  rows(): readonly Model[] {
    const rows = this.loaded ?? this.ownQueryset?.all();
    if (rows === undefined) return [];
    const found = rows._fetchAll();
    if (!isPromise(found)) return found;
    const kept = found.then((list) => {
      this.loaded = rows;
      return list;
    });
    return now(kept, () => `What can be chosen of ${rows.model.name}`);
  }

  /** Reads the rows, where the database does not answer at once. */
  override ready(_initial: unknown): MaybePromise<void> {
    if (this.manual !== undefined || this.ownQueryset === null) return;
    const rows = this.ownQueryset.all();
    return then(rows._fetchAll(), () => {
      this.loaded = rows;
    });
  }

  /** The label of a row. Override it to show something else than `toString()`. */
  labelFromInstance(row: Model): string {
    return toStr(row);
  }

  /** The condition that `limitChoicesTo` is now. */
  getLimitChoicesTo(): LimitChoicesTo | null {
    return typeof this.limitChoicesTo === 'function' ? this.limitChoicesTo() : this.limitChoicesTo;
  }

  protected get key(): string {
    return this.toFieldName ?? 'pk';
  }

  protected get model(): ModelClass {
    return this.source.model as unknown as ModelClass;
  }

  protected get source(): QuerySet<Model> {
    if (this.ownQueryset !== null) return this.ownQueryset;
    throw new ValueError(
      `A ${this.constructor.name} without a queryset cannot clean values: set it in the form.`,
    );
  }

  /** A row as its key. */
  override prepareValue(value: unknown): unknown {
    if (!isRow(value)) return super.prepareValue(value);
    return (this.toFieldName === null ? value.pk : value.serializableValue(this.toFieldName)) ?? null;
  }

  protected noNullCharacters(value: unknown): void {
    noNullCharacters.validate(value);
  }

  override toPython(value: unknown): MaybePromise<V> {
    if (isEmpty(value)) return null as V;
    this.noNullCharacters(value);
    const key = value instanceof this.model ? this.prepareValue(value) : value;
    const refuse = (): never => {
      throw this.error('invalid_choice', { value: key });
    };
    return attempt<V>(
      () =>
        then(this.source.filter({ [this.key]: key } as never).fetch(), (rows) => {
          if (rows.length > 1) {
            throw new this.model.MultipleObjectsReturned(
              `get() returned more than one ${this.model.name} -- it returned ${rows.length}!`,
            );
          }
          return (rows[0] ?? refuse()) as V;
        }),
      (error) => {
        if (error instanceof ValueError || error instanceof TypeError) return refuse();
        throw error;
      },
    );
  }

  override validate(value: unknown): MaybePromise<void> {
    return Field.prototype.validate.call(this, value);
  }

  override hasChanged(initial: unknown, data: unknown): boolean {
    if (this.disabled) return false;
    return toStr(this.prepareValue(initial ?? '')) !== toStr(data ?? '');
  }
}
BaseModelChoiceField.prototype.iterator = ModelChoiceIterator;

/**
 * One of the rows of a query, or `null`.
 *
 * @example
 * ```ts
 * class ReviewForm extends forms.form({
 *   book: new forms.ModelChoiceField({ queryset: Book.objects.filter({ published: true }) }),
 * }) {}
 * ```
 * https://docs.djangoproject.com/en/5.2/ref/forms/fields/#modelchoicefield
 */
export class ModelChoiceField<
  const O extends ModelChoiceFieldOptions = ModelChoiceFieldOptions,
> extends BaseModelChoiceField<Opt<RowOf<O>, O>> {
  constructor(options: O) {
    super(options);
  }
}

/** Whether a value is a row of some model. */
export function isRow(value: unknown): value is Model {
  return value !== null && typeof value === 'object' && '_state' in value && 'pk' in value;
}
