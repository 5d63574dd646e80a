/** Texts that are made when they are shown. Django: `lazystr` and `lazy` of `django.utils.functional`. */

/** Values for the places of a text: `%(name)s`. */
export type TextParams = Readonly<Record<string, unknown>>;

/**
 * A text that is looked up when it is shown, in the language that is then active. `gettextLazy()` and `ngettextLazy()` of
 * `utils/translation` make them.
 */
export class LazyText {
  constructor(private readonly make: (params: TextParams | null) => string) {}

  /** The text as it is now; a plural form is chosen by a number in the params. The places are not filled in. */
  resolve(params: TextParams | null = null): string {
    return this.make(params);
  }

  toString(): string {
    return this.make(null);
  }

  toJSON(): string {
    return this.make(null);
  }
}

/** What can be shown: a text, or one that is made then. */
export type Text = string | LazyText;
