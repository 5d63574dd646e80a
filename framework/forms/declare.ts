/** How forms are declared. Django: `DeclarativeFieldsMetaclass` of `django.forms.forms`. */
import type { Declared } from './base_fields';
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
  const declared: Declared = isClass(first) ? second : first;
  class DeclaredForm extends Base {
    static override readonly declaredFields = declared;
  }
  defineBoundFields(DeclaredForm.prototype, Object.keys(declared));
  return DeclaredForm as unknown as FormClass<Fields>;
}

/** Makes fields properties of a form, where it has no member of that name. */
export function defineBoundFields(prototype: object, names: readonly string[]): void {
  for (const name of names) {
    if (name in Form.prototype || name in prototype) continue;
    Object.defineProperty(prototype, name, {
      get(this: Form): BoundField {
        return this.get(name);
      },
      // What a form sets for itself, `data` say, stays that: the field is `form.get('data')`.
      set(this: Form, value: unknown) {
        Object.defineProperty(this, name, { value, writable: true, enumerable: true, configurable: true });
      },
      configurable: true,
    });
  }
}
