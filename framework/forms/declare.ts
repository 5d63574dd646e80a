/** How forms are declared. Django: `DeclarativeFieldsMetaclass` of `django.forms.forms`. */
import type { BoundField } from './boundfield';
import type { Field } from './fields/base';
import { type Fields, Form, type FormOptions } from './forms';

/** A class of forms. */
export interface FormClass<F extends Fields, I = Form<F>> {
  new (options?: FormOptions): I;
  /** The fields of the class; a form has copies of them in `fields`. */
  readonly baseFields: F;
}

/** `A` with the fields of `B`, which win; `null` removes one. */
export type Merged<A extends Fields, B> = Omit<A, keyof B> & {
  readonly [K in keyof B as B[K] extends null ? never : K]: Extract<B[K], Field>;
};

/** The fields as properties, where the form has no member of that name. */
export type BoundFields<F extends Fields> = {
  readonly [K in Exclude<keyof F & string, keyof Form>]: BoundField;
};

/** The members that a form's class adds to Form, without its fields. */
type Own<I, A extends Fields> = Omit<I, keyof Form | keyof A>;

type AnyForm = { readonly baseFields: Fields; new (options?: FormOptions): object };

/**
 * The base class of a form with these fields; with another form first, of a form that has its fields, too, and its
 * methods. A field that is `null` is removed.
 *
 * @example
 * ```ts
 * class ContactForm extends forms.form({ subject: new forms.CharField({ maxLength: 100 }) }) {
 *   cleanSubject(value: string): string {
 *     return value.trim();
 *   }
 * }
 * class Longer extends forms.form(ContactForm, { phone: new forms.CharField() }) {}
 * ```
 */
export function form<const F extends Fields>(fields: F): FormClass<F, Form<F> & BoundFields<F>>;
export function form<
  A extends Fields,
  I extends object,
  const B extends Readonly<Record<string, Field | null>>,
>(
  base: FormClass<A, I>,
  fields: B,
): FormClass<Merged<A, B>, Form<Merged<A, B>> & BoundFields<Merged<A, B>> & Own<I, A>>;
export function form(
  first: AnyForm | Fields,
  second: Readonly<Record<string, Field | null>> = {},
): FormClass<Fields> {
  const isClass = (value: unknown): value is AnyForm => typeof value === 'function';
  const Base = (isClass(first) ? first : Form) as typeof Form;
  const added: Readonly<Record<string, Field | null>> = isClass(first) ? second : first;
  const fields = Object.assign(Object.create(null) as Record<string, Field>, Base.baseFields);
  for (const [name, field] of Object.entries(added)) {
    if (field === null) delete fields[name];
    else fields[name] = field;
  }
  class Declared extends Base {
    static override baseFields: Fields = fields;
  }
  for (const name of Object.keys(added)) {
    if (name in Form.prototype || Object.hasOwn(Form.prototype, name)) continue;
    Object.defineProperty(Declared.prototype, name, {
      get(this: Form): BoundField {
        return this.get(name);
      },
      configurable: true,
    });
  }
  return Declared as unknown as FormClass<Fields>;
}
