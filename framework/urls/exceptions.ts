/** Django: `django.urls.exceptions`. */
import { Http404 } from '../core/exceptions';

/** Something that was tried: `describe()` is its text on the page that a 404 shows while DEBUG is on. */
export interface Tried {
  describe(): string;
}

/** No pattern of the URLconf matches the path. */
export class Resolver404 extends Http404 {
  /** The path, without the slash that every path begins with. */
  readonly path: string;
  private patterns: readonly (readonly Tried[])[] | undefined;
  readonly #list: (() => readonly (readonly Tried[])[]) | undefined;

  /** @param tried lists what was tried; called when it is asked for, since only debug pages do. */
  constructor(path: string, tried?: () => readonly (readonly Tried[])[]) {
    super(`'${path}' matches no pattern`);
    this.path = path;
    this.#list = tried;
  }

  /** Each pattern that was tried, as the way to it: the includes, then the pattern itself. */
  get tried(): readonly (readonly Tried[])[] {
    this.patterns ??= this.#list?.() ?? [];
    return this.patterns;
  }
}

/** No pattern of that name takes those arguments. */
export class NoReverseMatch extends Error {
  override readonly name = 'NoReverseMatch';
  /** Django's templates print nothing instead of failing where they meet it in a variable. */
  readonly silentVariableFailure = true;
}
