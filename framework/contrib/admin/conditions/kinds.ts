/** The conditions of each kind of field. */
import type { Field } from '../../../db/models/fields/base';
import type { QueryDict } from '../../../http/querydict';
import { gettext } from '../../../utils/translation';
import { RelatedFieldListFilter } from '../filters';
import { Conditions, type Control, type Lookup } from './base';

/** Fields of texts, which may be asked for a part. */
const TEXTS: ReadonlySet<string> = new Set([
  ...['CharField', 'TextField', 'SlugField', 'FileField', 'FilePathField'],
]);

/** A text: what it contains, is or begins with, and whether it is empty. Of what is no text (an address of the net, a time) the value. */
export class TextConditions extends Conditions {
  private get field(): Field {
    return this.spec.field as Field;
  }

  private get operators(): readonly (readonly [operator: string, text: string])[] {
    const isText = TEXTS.has(this.field.internalType);
    return [
      ...(isText ? [['icontains', gettext('contains')] as const] : []),
      ['exact', gettext('is')],
      ...(isText
        ? ([
            ['istartswith', gettext('begins with')],
            ['empty', gettext('is empty')],
          ] as const)
        : []),
      ...(this.isNullable
        ? ([
            ['True', gettext('has no value')],
            ['False', gettext('has a value')],
          ] as const)
        : []),
    ];
  }

  /** The operator and the value that the address has first. */
  private get current(): readonly [operator: string, value: string, name: string | null] {
    const { exact, isnull } = this;
    for (const name of [this.name('icontains'), exact, this.name('istartswith'), isnull]) {
      const values = this.params.get(name);
      // Of several values the form shows none: it hands them on.
      if (values?.length !== 1) continue;
      const value = values[0] as string;
      if (name === isnull) return [['0', 'false'].includes(value.toLowerCase()) ? 'False' : 'True', '', name];
      if (name === exact) return value === '' ? ['empty', '', name] : ['exact', value, name];
      return [name.slice(this.path.length + 2), value, name];
    }
    return [this.operators[0]?.[0] as string, '', null];
  }

  override get controls(): Control[] {
    const [operator, value] = this.current;
    return [
      this.control('operator', gettext('Condition'), 'select', operator, this.operators),
      this.control('value', gettext('Value'), 'text', value),
    ];
  }

  override get shown(): string[] {
    const [, , name] = this.current;
    return name === null ? [] : [name];
  }

  override read(sent: QueryDict): Lookup[] {
    const operator = this.sent(sent, 'operator');
    const value = this.sent(sent, 'value');
    if (!this.operators.some(([known]) => known === operator)) return [];
    if (operator === 'empty') return [[this.exact, ['']]];
    if (operator === 'True' || operator === 'False') return [[this.isnull, [operator]]];
    if (value === '') return [];
    return [[operator === 'exact' ? this.exact : this.name(operator), [value]]];
  }
}

/** A number: what it is, at least and at most. */
export class NumberConditions extends Conditions {
  private get boxes(): readonly (readonly [part: string, name: string, label: string])[] {
    return [
      ['exact', this.exact, gettext('Is')],
      ['gte', this.name('gte'), gettext('At least')],
      ['lte', this.name('lte'), gettext('At most')],
    ];
  }

  override get controls(): Control[] {
    return [
      ...this.boxes.map(([part, name, label]) => this.control(part, label, 'number', this.given(name))),
      ...this.nullControls,
    ];
  }

  override get shown(): string[] {
    return this.present([...this.boxes.map(([, name]) => name), this.isnull]);
  }

  override read(sent: QueryDict): Lookup[] {
    const found = this.boxes.flatMap(([part, name]): Lookup[] => {
      const value = this.sent(sent, part);
      return value === '' ? [] : [[name, [value]]];
    });
    return [...found, ...this.readNull(sent)];
  }
}

/** A truth value. */
export class BooleanConditions extends Conditions {
  private get choices(): readonly (readonly [value: string, text: string])[] {
    const labels = new Map((this.spec.field as Field).flatchoices.map(([key, text]) => [key, String(text)]));
    return [
      ['1', labels.get(true) ?? gettext('Yes')],
      ['0', labels.get(false) ?? gettext('No')],
      ...(this.isNullable ? [['null', labels.get(null) ?? gettext('Unknown')] as const] : []),
    ];
  }

  private static digit(value: string): string {
    return value === 'True' ? '1' : value === 'False' ? '0' : value;
  }

  override get controls(): Control[] {
    const value = this.params.has(this.isnull) ? 'null' : BooleanConditions.digit(this.given(this.exact));
    return [
      this.control('exact', gettext('Value'), 'select', value, [['', gettext('All')], ...this.choices]),
    ];
  }

  override get shown(): string[] {
    return this.present([this.exact, this.isnull]);
  }

  override read(sent: QueryDict): Lookup[] {
    const value = this.sent(sent, 'exact');
    if (value === '') return [];
    return value === 'null' ? [[this.isnull, ['True']]] : [[this.exact, [value]]];
  }

  protected override valueText(value: string): string {
    return this.choices.find(([key]) => key === BooleanConditions.digit(value))?.[1] ?? value;
  }
}

/** One of several values: choices of a field, rows of a relation. */
export class ChoiceConditions extends Conditions {
  private get choices(): readonly (readonly [value: string, text: string])[] {
    const { spec } = this;
    const all: readonly (readonly [unknown, unknown])[] =
      spec instanceof RelatedFieldListFilter ? spec.lookupChoices : (spec.field as Field).flatchoices;
    return all
      .filter(([value]) => value !== null)
      .map(([value, text]) => [String(value), String(text)] as const);
  }

  /** The parameter for several of them. */
  private get within(): string {
    return `${this.exact.replace(/__exact$/, '')}__in`;
  }

  override get controls(): Control[] {
    const chosen = new Set([
      ...(this.params.get(this.exact) ?? []),
      ...(this.params.get(this.within) ?? []).flatMap((value) => value.split(',')),
    ]);
    return [
      this.control('in', gettext('Is one of'), 'checks', '', this.choices, chosen),
      ...this.nullControls,
    ];
  }

  override get shown(): string[] {
    return this.present([this.exact, this.within, this.isnull]);
  }

  override read(sent: QueryDict): Lookup[] {
    const { name } = this.control('in', '', 'checks', '');
    const values = sent.getlist(name).map(String);
    const found: Lookup[] =
      // A comma would be between two values: then each is said by itself.
      values.length > 1 && !values.some((value) => value.includes(','))
        ? [[this.within, [values.join(',')]]]
        : values.length > 0
          ? [[this.exact, values]]
          : [];
    return [...found, ...this.readNull(sent)];
  }

  protected override valueText(value: string): string {
    return this.choices.find(([key]) => key === value)?.[1] ?? value;
  }
}

/** Whether there is a value: all that can be asked of what is neither text nor number nor date. */
export class NullConditions extends Conditions {
  override get controls(): Control[] {
    return this.nullControls;
  }

  override get shown(): string[] {
    return this.present([this.isnull]);
  }

  override read(sent: QueryDict): Lookup[] {
    return this.readNull(sent);
  }
}
