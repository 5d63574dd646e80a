/**
 * The registry of system checks. Django: `django.core.checks.registry`.
 *
 * A part of the framework keeps its checks in its `checks.ts`, which registers them when it loads; it loads when
 * checks run, so that a command without checks does not pay for it. An app registers from `AppConfig.ready()`.
 */
import type { AppConfig } from '../../apps/config';
import type { MaybePromise } from '../../utils/maybe_promise';
import { importModule, moduleExists } from '../../utils/module_loading';
import type { CheckMessage } from './messages';

/** The tags of the built-in checks. https://docs.djangoproject.com/en/5.2/ref/checks/#builtin-tags */
export const Tags = {
  admin: 'admin',
  asyncSupport: 'async_support',
  caches: 'caches',
  commands: 'commands',
  compatibility: 'compatibility',
  database: 'database',
  files: 'files',
  models: 'models',
  security: 'security',
  sessions: 'sessions',
  settings: 'settings',
  signals: 'signals',
  sites: 'sites',
  staticfiles: 'staticfiles',
  templates: 'templates',
  translation: 'translation',
  urls: 'urls',
} as const;

/** What a check is asked about. */
export interface CheckArguments {
  /** Only these apps; `undefined`: all of the site. */
  appConfigs: readonly AppConfig[] | undefined;
  /** The aliases whose databases may be asked; `undefined`: none, so a check must not connect. */
  databases: readonly string[] | undefined;
}

/** A check: looks at the site and says what it finds. */
export type CheckFunction = (args: CheckArguments) => MaybePromise<readonly CheckMessage[]>;

interface Registered {
  check: CheckFunction;
  tags: readonly string[];
  deploy: boolean;
}

/** Which checks to run, and on what. */
export interface RunOptions extends Partial<CheckArguments> {
  tags?: readonly string[] | undefined;
  includeDeploymentChecks?: boolean | undefined;
}

/** The parts of the framework that may have a `checks` module. A part that is not there has no checks. */
const PARTS = [
  'core.checks.settings',
  'core.checks.named',
  'core.checks.security',
  'core.checks.urls',
  'core.checks.templates',
]
  .concat(['core.checks.caches', 'core.checks.database', 'core.checks.files', 'core.checks.commands'])
  .concat([
    'core.checks.translation',
    'template.checks',
    'urls.checks',
    'core.cache.checks',
    'db.checks',
    'middleware.checks',
  ]);

/** A set of checks. The site's is `registry`. */
export class CheckRegistry {
  private registered: readonly Registered[] = [];
  private loaded: boolean;

  /** @param parts the modules to load before the first use. */
  constructor(private readonly parts: readonly string[] = []) {
    this.loaded = parts.length === 0;
  }

  private load(): void {
    if (this.loaded) return;
    this.loaded = true;
    for (const part of this.parts) {
      if (moduleExists(`tsango.${part}`)) importModule(`tsango.${part}`);
    }
  }

  /**
   * Registers a check under tags; again: changes nothing.
   *
   * @example
   * ```ts
   * register(({ appConfigs }) => (…) ? [] : [new Warning('…', { id: 'blog.W001' })], Tags.models);
   * register(checkHsts, Tags.security, { deploy: true }); // only with `check --deploy`
   * ```
   */
  register = (check: CheckFunction, ...rest: readonly (string | { deploy?: boolean })[]): CheckFunction => {
    const tags = rest.filter((part): part is string => typeof part === 'string');
    const deploy = rest.some((part) => typeof part === 'object' && part.deploy === true);
    if (!this.registered.some((entry) => entry.check === check)) {
      this.registered = [...this.registered, { check, tags, deploy }];
    }
    return check;
  };

  private select(includeDeploymentChecks: boolean): Registered[] {
    this.load();
    return this.registered.filter((entry) => includeDeploymentChecks || !entry.deploy);
  }

  /** What every registered check finds, in the order they were registered. */
  runChecks = async (options: RunOptions = {}): Promise<CheckMessage[]> => {
    const { appConfigs, databases, tags, includeDeploymentChecks = false } = options;
    const found: CheckMessage[] = [];
    for (const { check, tags: own } of this.select(includeDeploymentChecks)) {
      // Checks of a database run only where an alias is named: they would connect.
      if (tags ? !own.some((tag) => tags.includes(tag)) : own.includes(Tags.database) && !databases) continue;
      const messages = await check({ appConfigs, databases });
      if (!Array.isArray(messages)) {
        throw new TypeError(
          `The function '${check.name}' did not return a list. All functions registered with the checks registry ` +
            'must return a list.',
        );
      }
      found.push(...(messages as readonly CheckMessage[]));
    }
    return found;
  };

  /** The tags that some check has. */
  tagsAvailable = (deploymentChecks = false): Set<string> =>
    new Set(this.select(deploymentChecks).flatMap((entry) => entry.tags));

  tagExists = (tag: string, includeDeploymentChecks = false): boolean =>
    this.tagsAvailable(includeDeploymentChecks).has(tag);
}

/** The checks of the site. */
export const registry = new CheckRegistry(PARTS);
export const { register, runChecks, tagExists, tagsAvailable } = registry;
