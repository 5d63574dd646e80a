/** What template backends have in common. Django: `django.template.backends.base`. */
import type { TemplateSettings } from '../../conf';
import { ImproperlyConfigured } from '../../core/exceptions';
import type { HttpRequest } from '../../http/request';
import type { MaybePromise } from '../../utils/maybe_promise';
import type { ContextValues } from '../context';
import { getAppTemplateDirs } from '../utils';

/** A template, whatever its language. */
export interface BackendTemplate {
  /** Where it comes from. */
  readonly origin: { readonly name: string; readonly templateName: string | null };
  render(values?: ContextValues | null, request?: HttpRequest | null): MaybePromise<string>;
}

/** An engine of TEMPLATES. */
export abstract class BaseEngine {
  readonly name: string;
  readonly dirs: readonly string[];
  readonly appDirs: boolean;
  /** The folder of apps that this engine's templates are in. */
  abstract readonly appDirname: string;

  constructor(params: Required<TemplateSettings>) {
    this.name = params.NAME;
    this.dirs = params.DIRS;
    this.appDirs = params.APP_DIRS;
  }

  /** The folders of templates: DIRS, then with APP_DIRS those of apps. */
  get templateDirs(): readonly string[] {
    return this.appDirs ? [...this.dirs, ...getAppTemplateDirs(this.appDirname)] : this.dirs;
  }

  /** @internal Tells this engine of the others, whose templates its own may include. */
  joinOthers(_others: () => readonly BaseEngine[]): void {
    // An engine that cannot include foreign templates has no use for them.
  }

  /** Whether it is known already, without looking, that there is no such template. */
  lacks(_name: string): boolean {
    return false;
  }

  /** Forgets compiled templates. */
  reset(): void {
    // An engine that keeps none has nothing to forget.
  }

  /** @throws ImproperlyConfigured if the backend has no such options. */
  protected refuseOptions(options: Readonly<Record<string, unknown>>, known: ReadonlySet<string>): void {
    for (const name of Object.keys(options)) {
      if (!known.has(name)) {
        throw new ImproperlyConfigured(
          `Unknown option '${name}' in OPTIONS of the template engine '${this.name}'.`,
        );
      }
    }
  }

  // Methods a subclass must implement.

  /** A template made of a source. */
  abstract fromString(source: string): BackendTemplate;

  /** A template by name. @throws TemplateDoesNotExist */
  abstract getTemplate(name: string): BackendTemplate;
}
