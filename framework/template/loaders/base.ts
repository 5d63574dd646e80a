/** What loaders have in common. Django: `django.template.loaders.base`. */
import type { Engine } from '../engine';
import { TemplateDoesNotExist, type Tried } from '../exceptions';
import type { Origin } from '../origin';
import { Template } from '../template';

/** Finds the sources of templates. A loader of your own extends this and has two methods. */
export abstract class Loader {
  constructor(readonly engine: Engine) {}

  /** The loader's name on debug pages. */
  get dottedName(): string {
    return `tsango.template.loaders.${this.constructor.name}`;
  }

  /**
   * A template by name, past the places in `skip`.
   *
   * @throws TemplateDoesNotExist saying where it was looked for.
   */
  getTemplate(name: string, skip: readonly Origin[] | null = null): Template {
    const tried: Tried[] = [];
    for (const origin of this.getTemplateSources(name)) {
      if (skip?.some((skipped) => skipped.equals(origin))) {
        tried.push([origin, 'Skipped to avoid recursion']);
        continue;
      }
      let contents: string;
      try {
        contents = this.getContents(origin);
      } catch (error) {
        if (!(error instanceof TemplateDoesNotExist)) throw error;
        tried.push([origin, 'Source does not exist']);
        continue;
      }
      return new Template(contents, origin, origin.templateName, this.engine);
    }
    throw new TemplateDoesNotExist(name, { tried });
  }

  /** Forgets what the loader keeps. */
  reset(): void {
    // Most keep nothing.
  }

  /** Whether it is known already, without looking, that there is no such template. */
  lacks(_name: string): boolean {
    return false;
  }

  // Methods a subclass must implement.

  /** Every place that the template may be at, the likeliest first. */
  abstract getTemplateSources(name: string): Iterable<Origin>;

  /** The source at a place. @throws TemplateDoesNotExist if there is none. */
  abstract getContents(origin: Origin): string;
}
