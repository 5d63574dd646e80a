/** Templates in an object, for tests. Django: `django.template.loaders.locmem`. */
import type { Engine } from '../engine';
import { TemplateDoesNotExist } from '../exceptions';
import { Origin } from '../origin';
import { Loader as BaseLoader } from './base';

export class Loader extends BaseLoader {
  constructor(
    engine: Engine,
    /** Name to source. */
    private readonly templates: Readonly<Record<string, string>>,
  ) {
    super(engine);
  }

  override get dottedName(): string {
    return 'tsango.template.loaders.locmem.Loader';
  }

  override getTemplateSources(name: string): Iterable<Origin> {
    return [new Origin(name, name, this)];
  }

  override getContents(origin: Origin): string {
    if (!Object.hasOwn(this.templates, origin.name)) throw new TemplateDoesNotExist(origin.name);
    return this.templates[origin.name] as string;
  }
}
