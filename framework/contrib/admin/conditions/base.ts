/** What may be asked of a field in the form of several conditions: its controls, and the lookups that they stand for. */
import type { QueryDict } from '../../../http/querydict';
import { gettext } from '../../../utils/translation';
import { type FieldListFilter, RelatedFieldListFilter } from '../filters';
import { isNullable, NullableFieldListFilter } from '../filters/nullable';
import { phrase } from './phrases';

/** Names of controls begin so: what has them is never a lookup. */
export const CONTROL_PREFIX = '_c__';

/** A choice of a control. */
export interface ControlOption {
  readonly value: string;
  readonly text: string;
  readonly chosen: boolean;
}

/** A control of the form, as templates see it. */
export interface Control {
  readonly name: string;
  readonly label: string;
  readonly type: 'text' | 'number' | 'date' | 'select' | 'checks';
  readonly value: string;
  readonly options: readonly ControlOption[];
}

/** A condition in Django's own words: the name of a parameter of the address, and its values. */
export type Lookup = readonly [name: string, values: readonly string[]];

/** What is said of parameters of the address, and which they are. */
export interface Said {
  readonly text: string;
  readonly names: readonly string[];
}

/** The conditions of a field that `listFilter` names. */
export abstract class Conditions {
  constructor(
    readonly spec: FieldListFilter,
    /** What the field is called: of a path every step. */
    readonly label: string,
    protected readonly params: ReadonlyMap<string, readonly string[]>,
  ) {}

  abstract readonly controls: readonly Control[];

  /** The parameters of the address that the controls show: the form does not hand them on besides. */
  abstract get shown(): readonly string[];

  /** The lookups that a form asks for. What was left empty is none. */
  abstract read(sent: QueryDict): Lookup[];

  /** What a value of the address is called. */
  protected valueText(value: string): string {
    return value;
  }

  /** The parameters that are said in another way than by their lookup. */
  said(): Said[] {
    return [];
  }

  /** A parameter of the address in words. */
  textOf(name: string, values: readonly string[]): string {
    const lookup = this.lookupOf(name);
    const each = lookup === 'in' ? values.flatMap((value) => value.split(',')) : values;
    const texts = lookup === 'isnull' || lookup === 'isempty' ? each : each.map((v) => this.valueText(v));
    return phrase(this.label, lookup, texts);
  }

  /** Whether a parameter is of this field. */
  has(name: string): boolean {
    return name === this.path || (name.startsWith(`${this.path}__`) && !this.lookupOf(name).includes('__'));
  }

  get path(): string {
    return this.spec.fieldPath;
  }

  /** The parameter that says the value itself: the one of the filter's links, which then show it, too. */
  protected get exact(): string {
    return this.spec instanceof NullableFieldListFilter ? this.spec.lookupKwarg : this.name('exact');
  }

  protected get isnull(): string {
    return this.name('isnull');
  }

  protected get isNullable(): boolean {
    const { spec } = this;
    return spec instanceof RelatedFieldListFilter ? spec.includeEmptyChoice : isNullable(spec.field);
  }

  protected name(lookup: string): string {
    return `${this.path}__${lookup}`;
  }

  protected lookupOf(name: string): string {
    const { exact } = this;
    if (name === this.path || name === exact) return 'exact';
    const target = exact.endsWith('__exact') ? exact.slice(0, -'exact'.length) : `${this.path}__`;
    return name.slice(name.startsWith(target) ? target.length : this.path.length + 2);
  }

  /** The last value of a parameter; of one without any nothing. */
  protected given(name: string): string {
    return this.params.get(name)?.at(-1) ?? '';
  }

  protected control(
    part: string,
    label: string,
    type: Control['type'],
    value: string,
    options: readonly (readonly [value: string, text: string])[] = [],
    chosen: ReadonlySet<string> = new Set([value]),
  ): Control {
    return {
      ...{ name: CONTROL_PREFIX + this.name(part), label, type, value },
      options: options.map(([each, text]) => ({ value: each, text, chosen: chosen.has(each) })),
    };
  }

  protected sent(from: QueryDict, part: string): string {
    return String(from.get(CONTROL_PREFIX + this.name(part)) ?? '').trim();
  }

  /** A control for whether there is a value, where there may be none. */
  protected get nullControls(): Control[] {
    if (!this.isNullable) return [];
    return [
      this.control('null', gettext('Value'), 'select', nullText(this.given(this.isnull)), [
        ['', gettext('any or none')],
        ['False', gettext('any')],
        ['True', gettext('none')],
      ]),
    ];
  }

  protected readNull(sent: QueryDict): Lookup[] {
    const value = this.sent(sent, 'null');
    return value === '' ? [] : [[this.isnull, [value]]];
  }

  /** Of these parameters those that the address has. */
  protected present(names: readonly string[]): string[] {
    return names.filter((name) => this.params.has(name));
  }
}

/** How a form says what an address may say as `True`, `1` or anything. */
const nullText = (value: string): string =>
  value === '' ? '' : ['false', '0'].includes(value.toLowerCase()) ? 'False' : 'True';
