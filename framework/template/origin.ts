/** Where templates come from. Django: `django.template.base.Origin`. */

/** What a loader is to an origin. */
export interface OriginLoader {
  /** The loader's dotted name, shown on debug pages. */
  readonly dottedName: string;
}

/** The name of a template that was made from a string. */
export const UNKNOWN_SOURCE = '<unknown source>';

/** The place of a template: a file's path, or another name that its loader understands. */
export class Origin {
  constructor(
    readonly name: string,
    readonly templateName: string | null = null,
    readonly loader: OriginLoader | null = null,
  ) {}

  /** The loader's dotted name. */
  get loaderName(): string | null {
    return this.loader === null ? null : this.loader.dottedName;
  }

  equals(other: Origin): boolean {
    return this === other || (this.name === other.name && this.loader === other.loader);
  }

  toString(): string {
    return this.name;
  }
}
