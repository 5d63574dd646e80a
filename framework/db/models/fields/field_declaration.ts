/** What a field was declared with, and what follows from it: names, options, the model that it is part of. */
import { settings } from '../../../conf';
import { ValueError } from '../../../core/exceptions';
import type { Text } from '../../../utils/functional';
import { camelCase } from '../../../utils/module_loading';
import type { Options } from '../options';
import { type ChoiceGroup, type ChoicePair, flatChoices, normalizeChoices } from './choices';
import { type Deconstructed, OPTION_DEFAULTS, pathOf, withoutDefaults } from './deconstruct';
import type { FieldOptions } from './field_options';
import type { CheckDetails } from './removed';

/** The part of a field that knows its declaration. */
export abstract class FieldDeclaration {
  private static created = 0;

  /** Django's `get_internal_type`: which of a database's column types it has. */
  abstract readonly internalType: string;
  /** In which order fields were made: the order that forms have, whatever kind a field is of. */
  readonly creationCounter = FieldDeclaration.created++;
  readonly options: Readonly<FieldOptions>;
  /** What `check` says of a class of fields that is no more; migrations may still name it. */
  declare readonly systemCheckRemovedDetails?: CheckDetails;
  /** What `check` says of a class of fields that will be no more. */
  declare readonly systemCheckDeprecatedDetails?: CheckDetails;
  /** Of a field whose values are objects: one as it is written, and a function to give as default instead. */
  declare readonly defaultHint?: readonly [literal: string, instead: string];
  /** An empty string is a value of this field. */
  readonly emptyStringsAllowed: boolean = true;

  // Set when the field becomes part of a model.
  private boundName: string | undefined;
  private boundModel: Options | undefined;
  private boundProperty: string | undefined;

  constructor(verboseName?: string | FieldOptions, options?: FieldOptions) {
    this.options =
      typeof verboseName === 'string' ? { ...options, verboseName } : { ...verboseName, ...options };
  }

  /** The field's name in its model, in snake_case. */
  get name(): string {
    if (this.boundName === undefined) {
      throw new ValueError(`This ${this.constructor.name} is not part of a model yet, so it has no name.`);
    }
    return this.boundName;
  }

  /** The model that the field is part of. */
  get model(): Options {
    if (this.boundModel === undefined) {
      throw new ValueError(`This ${this.constructor.name} is not part of a model yet.`);
    }
    return this.boundModel;
  }

  /** The model that the field is part of; undefined where it is part of none, as one that only says a type. */
  get modelOrNone(): Options | undefined {
    return this.boundModel;
  }

  /** The name of its value: `author_id` for the foreign key `author`. */
  get attname(): string {
    return this.name;
  }

  /** The property of an instance that holds its value: `pub_date` is `pubDate`, `author` is `authorId`. */
  get property(): string {
    this.boundProperty ??= camelCase(this.attname);
    return this.boundProperty;
  }

  /** Whether there is a column for it. */
  get concrete(): boolean {
    return true;
  }

  get column(): string {
    return this.options.dbColumn ?? this.attname;
  }

  get primaryKey(): boolean {
    return this.options.primaryKey ?? false;
  }

  get unique(): boolean {
    return (this.options.unique ?? false) || this.primaryKey;
  }

  get null(): boolean {
    return this.options.null ?? false;
  }

  get blank(): boolean {
    return this.options.blank ?? false;
  }

  /** What the field is called: `pub date`. */
  get verboseName(): Text {
    return this.options.verboseName ?? this.name.replaceAll('_', ' ');
  }

  /** Whether forms and `fullClean` look at it. */
  get editable(): boolean {
    return this.options.editable ?? true;
  }

  get helpText(): Text {
    return this.options.helpText ?? '';
  }

  /** What the value is chosen from; undefined where it is not. */
  get choices(): readonly (ChoicePair | ChoiceGroup)[] | undefined {
    return this.options.choices === undefined ? undefined : normalizeChoices(this.options.choices);
  }

  /** The choices without their groups. */
  get flatchoices(): readonly ChoicePair[] {
    return flatChoices(this.choices ?? []);
  }

  get dbIndex(): boolean {
    return this.options.dbIndex ?? false;
  }

  get maxLength(): number | null {
    return this.options.maxLength ?? null;
  }

  /** Whether the column's value is made by the database. */
  get isAuto(): boolean {
    return false;
  }

  get hasDefault(): boolean {
    return Object.hasOwn(this.options, 'default');
  }

  /** Whether the database has a default for the column. */
  get hasDbDefault(): boolean {
    return Object.hasOwn(this.options, 'dbDefault');
  }

  get dbComment(): string | null {
    return this.options.dbComment ?? null;
  }

  /** Where the column's index lies; null: where the table's indexes lie. */
  get dbTablespace(): string | null {
    return this.options.dbTablespace || settings.DEFAULT_INDEX_TABLESPACE || null;
  }

  /** Whether the database calculates the column. */
  get generated(): boolean {
    return false;
  }

  /** A field of the same kind and options that belongs to no model. */
  clone(changes: FieldOptions = {}): this {
    const copy = Object.create(Object.getPrototypeOf(this) as object) as this;
    return Object.assign(copy, this, {
      options: { ...this.options, ...changes },
      boundName: undefined,
      boundModel: undefined,
      boundProperty: undefined,
    });
  }

  /** Makes the field part of a model. */
  contributeTo(model: Options, name: string): void {
    this.boundModel = model;
    this.boundName = name;
    this.boundProperty = undefined;
  }

  /** What its options are where nobody says otherwise. */
  protected get optionDefaults(): Readonly<Record<string, unknown>> {
    return OPTION_DEFAULTS;
  }

  /**
   * What makes the same field again: its name, its class, and options. Migrations are written from it. A class of one's
   * own whose constructor changes options overrides it.
   */
  deconstruct(): Deconstructed {
    const kwargs = withoutDefaults(this.options as Readonly<Record<string, unknown>>, this.optionDefaults);
    if (this.options.choices !== undefined) kwargs['choices'] = this.choices;
    return [this.boundName ?? null, pathOf(this.constructor), [], kwargs];
  }

  toString(): string {
    return this.boundName === undefined
      ? `<${this.constructor.name}>`
      : `${this.model.appLabel}.${this.model.objectName}.${this.name}`;
  }
}
