/** Keeps what other loaders found, compiled. Django: `django.template.loaders.cached`. */
import type { Engine, LoaderOption } from '../engine';
import { TemplateDoesNotExist } from '../exceptions';
import type { Origin } from '../origin';
import type { Template } from '../template';
import { Loader as BaseLoader } from './base';

/** How many missing names are remembered: they may come from users. */
const MAX_MISSING = 1000;

export class Loader extends BaseLoader {
  private readonly loaders: readonly BaseLoader[];
  private readonly templates = new Map<string, Template>();
  private readonly missing = new Map<string, TemplateDoesNotExist>();

  constructor(engine: Engine, loaders: readonly LoaderOption[]) {
    super(engine);
    this.loaders = engine.getTemplateLoaders(loaders);
  }

  override get dottedName(): string {
    return 'tsango.template.loaders.cached.Loader';
  }

  override getTemplate(name: string, skip: readonly Origin[] | null = null): Template {
    const plain = this.templates.get(name);
    // Only a template that extends one of its own name has to look past it.
    if (plain !== undefined && !skip?.some((origin) => origin.equals(plain.origin))) return plain;
    const key = this.cacheKey(name, skip);
    const known = this.templates.get(key);
    if (known !== undefined) return known;
    const failure = this.missing.get(key);
    if (failure !== undefined) throw copyOf(failure);
    try {
      const template = super.getTemplate(name, skip);
      this.templates.set(key, template);
      return template;
    } catch (error) {
      if (error instanceof TemplateDoesNotExist) {
        if (this.missing.size >= MAX_MISSING) this.missing.clear();
        this.missing.set(key, copyOf(error));
      }
      throw error;
    }
  }

  override lacks(name: string): boolean {
    return this.missing.has(name);
  }

  private cacheKey(name: string, skip: readonly Origin[] | null): string {
    const skipped = skip?.filter((origin) => origin.templateName === name) ?? [];
    if (skipped.length === 0) return name;
    return [name, ...skipped.map((origin) => origin.name)].join('\0');
  }

  override *getTemplateSources(name: string): Generator<Origin> {
    for (const loader of this.loaders) yield* loader.getTemplateSources(name);
  }

  override getContents(origin: Origin): string {
    return (origin.loader as BaseLoader).getContents(origin);
  }

  override reset(): void {
    this.templates.clear();
    this.missing.clear();
    for (const loader of this.loaders) loader.reset();
  }
}

/** A new error each time: each has its own stack, and the debug page adds to it. */
function copyOf(error: TemplateDoesNotExist): TemplateDoesNotExist {
  return new TemplateDoesNotExist(error.message, {
    tried: error.tried,
    backend: error.backend,
    chain: error.chain,
  });
}
