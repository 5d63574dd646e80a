/** What Django's system checks said of models, asked of ours. Options are named in camelCase here. */

import { apps } from 'tsango/apps';
import { configure, type DatabaseSettings, overrideSettings } from 'tsango/conf';
import { type CheckMessage, runChecks } from 'tsango/core/checks';
import { ImproperlyConfigured } from 'tsango/core/exceptions';
import { connections } from 'tsango/db';
import type { MysqlWrapper } from 'tsango/db/backends/mysql/base';
import type { ProjectState } from 'tsango/db/migrations/state';
import { checkLazyReferences, checkModels } from 'tsango/db/models/checks';
import { namedField } from 'tsango/db/models/checks/references';
import type { Options } from 'tsango/db/models/options';
import { camelCase } from 'tsango/utils/module_loading';
import { DjangoChecks, type Said } from '../support/django_checks';
import { Explained, lineName } from '../support/explained';
import { basesOf, RecordedOptions } from '../support/recorded_options';
import { SQLITE_ENGINE } from '../support/sqlite';
import {
  asDeclared,
  constructed,
  NotYet,
  type RecordedField,
  type RecordedModel,
  stateOf,
} from '../support/vector_operations';
import { decode } from '../support/vector_values';
import { describeVectors, reportArea, vectors } from '../support/vectors';
import { CHECK_EXCEPTIONS } from './exceptions/checks';

configure({ SECRET_KEY: 'not a secret', DEFAULT_AUTO_FIELD: 'django.db.models.AutoField' });

interface Declared extends RecordedModel {
  readonly meta?: Record<string, unknown>;
  readonly swapped?: unknown;
  readonly attrs?: Readonly<Record<string, string>>;
}

interface Fact {
  readonly call: string;
  readonly test: string | null;
  readonly vendor?: 'sqlite' | 'postgresql' | 'mysql';
  readonly model?: string;
  readonly field?: [name: string, ...rest: RecordedField];
  readonly models: Declared[];
  readonly databases?: readonly string[] | null;
  readonly routers?: readonly string[];
  readonly settings?: Record<string, unknown>;
  readonly result: Said[];
  readonly args: unknown[];
  readonly kwargs: Record<string, unknown>;
  readonly message?: string;
}

/** So much of it agrees, at least. It only grows. */
const FLOOR = 0.97;

const ENGINES: Readonly<Record<string, DatabaseSettings>> = {
  sqlite: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' },
  postgresql: { ENGINE: 'postgresql', NAME: 'checked' },
  mysql: { ENGINE: 'mysql', NAME: 'checked' },
};

const labelOf = ({ app, name }: Declared): string => `${app}.${name}`.toLowerCase();

/** The fields that a model has from those that it extends. */
function inherited(model: Declared, models: readonly Declared[]): Declared['fields'] {
  return basesOf(model).flatMap((label) => {
    const base = models.find((each) => labelOf(each) === label.toLowerCase());
    return base === undefined ? [] : [...base.fields, ...inherited(base, models)];
  });
}

let recorded: RecordedOptions | undefined;
let installed: ReadonlyMap<string, Declared> | undefined;

/** The models of lines of no test: they were installed together, before any test. */
function installedModels(): ReadonlyMap<string, Declared> {
  installed ??= new Map(
    vectors<Fact>('migrations/checks').flatMap(({ test, models }) =>
      test === null && models ? models.map((model) => [labelOf(model), model] as const) : [],
    ),
  );
  return installed;
}

/** What a line's models extend, or refer to, that is not among them: as another line has it, or with a key alone. */
function missingFrom({ models, test }: Fact): Declared[] {
  const known = new Set(models.map(labelOf));
  const missing: Declared[] = [];
  const add = (label: string, unknown?: Declared): void => {
    const model = (test === null ? installedModels().get(label) : undefined) ?? unknown;
    if (known.has(label) || model === undefined) return;
    known.add(label);
    missing.push(model);
    addOthers(model);
  };
  const addOthers = (model: Declared): void => {
    for (const base of basesOf(model)) {
      const [app = '', name = ''] = base.split('.');
      add(base.toLowerCase(), { app, name, fields: [] });
    }
    for (const [, , { to }] of model.fields) add(String(to));
  };
  models.forEach(addOthers);
  return missing;
}

function stateFor(fact: Fact): ProjectState {
  const { models, test } = fact;
  const all = [...missingFrom(fact), ...models];
  recorded ??= new RecordedOptions();
  const recordings = recorded;
  return stateOf(
    all.map((model) => {
      const { app, name, meta = {} } = model;
      const { abstract: _abstract, app_label: _label, apps: _apps, ...options } = meta;
      const symmetrical = recordings.symmetrical(model, test);
      const known = { inherited: inherited(model, all), ...(symmetrical && { symmetrical }) };
      return { app, name, fields: asDeclared(model, known), options, bases: basesOf(model) };
    }),
  );
}

function find(state: ProjectState, label: string): Options {
  const options = state.apps.find(label.toLowerCase());
  if (options === undefined) throw new NotYet(label);
  return options;
}

/** What ours says. @throws NotYet. */
function found(fact: Fact): CheckMessage[] {
  const databases = fact.databases ?? undefined;
  const state = stateFor(fact);
  const classes = () => state.apps.all().map((options) => state.apps.classOf(options));
  switch (fact.call) {
    case 'Model.check': {
      const model = find(state, fact.model as string);
      const cls = state.apps.classOf(model);
      const { attrs = {} } = fact.models.find(({ app, name }) => `${app}.${name}` === fact.model) ?? {};
      for (const [name, kind] of Object.entries(attrs)) {
        if (kind === 'property') Object.defineProperty(cls.prototype, camelCase(name), { get: () => null });
      }
      return cls.check({ databases });
    }
    case 'Field.check': {
      const model = find(state, fact.model as string);
      const name = fact.field?.[0] ?? '';
      const field = namedField(model, name);
      if (field === undefined) throw new NotYet(`${model.label}.${name}`);
      return field.check({ databases });
    }
    case 'check_all_models':
      return [...checkModels(classes(), databases)];
    default:
      return checkLazyReferences(state.apps.all());
  }
}

/** What each check of settings can say. */
const SETTINGS: Readonly<Record<string, string>> = {
  check_allowed_hosts: 'security.W020',
  check_cross_origin_opener_policy: 'security.E024',
  check_csrf_cookie_secure: 'security.W016',
  check_csrf_failure_view: 'security.E101 security.E102',
  check_csrf_middleware: 'security.W003',
  check_csrf_trusted_origins: '4_0.E001',
  check_debug: 'security.W018',
  check_default_cache_is_configured: 'caches.E001',
  check_file_based_cache_is_absolute: 'caches.W003',
  check_language_settings_consistent: 'translation.E004',
  check_referrer_policy: 'security.W022 security.E023',
  check_secret_key: 'security.W009',
  check_secret_key_fallbacks: 'security.W025',
  check_security_middleware: 'security.W001',
  check_session_cookie_httponly: 'security.W013 security.W014 security.W015',
  check_session_cookie_secure: 'security.W010 security.W011 security.W012',
  check_setting_file_upload_temp_dir: 'files.E001',
  check_setting_language_code: 'translation.E001',
  check_setting_languages: 'translation.E002',
  check_setting_languages_bidi: 'translation.E003',
  check_sts: 'security.W004',
  check_sts_include_subdomains: 'security.W005',
  check_sts_preload: 'security.W021',
  check_xframe_deny: 'security.W019',
  check_xframe_options_middleware: 'security.W002',
};

/** The settings of a fact. A folder of the machine that was recorded is one of this machine. */
function settingsOf({ settings = {} }: Fact): Record<string, unknown> {
  const decoded = decode(settings) as Record<string, unknown>;
  const folder = decoded['FILE_UPLOAD_TEMP_DIR'];
  if (typeof folder === 'string' && folder.startsWith('/')) decoded['FILE_UPLOAD_TEMP_DIR'] = __dirname;
  return decoded;
}

/** Its settings; of one whose type is wrong there is an error before any check. */
function overridden(fact: Fact): (() => Promise<void>) | undefined {
  try {
    return overrideSettings({ INSTALLED_APPS: [], MIDDLEWARE: [], ...settingsOf(fact) });
  } catch (error) {
    if (error instanceof ImproperlyConfigured) return undefined;
    throw error;
  }
}

/** The settings that put a model in the place of another one. */
function swappedOf({ models }: Fact): object {
  const swapped = models.filter((model) => model.swapped && model.meta?.['swappable']);
  return Object.fromEntries(swapped.map((model) => [model.meta?.['swappable'], model.swapped]));
}

class NoOpinion {}

describeVectors('migrations/checks', 'checks of models', () => {
  const facts = vectors<Fact>('migrations/checks');
  const MODELS = new Set(['Model.check', 'Field.check', 'check_all_models', '_check_lazy_references']);
  const explained = new Explained('migrations checks', CHECK_EXCEPTIONS);

  afterAll(() => {
    explained.report(reportArea);
    explained.expectAgreement(FLOOR, 996);
  });

  function compare(fact: Fact, wanted: readonly string[], ours: () => readonly string[]): void {
    const name = lineName([fact.call, fact.model, fact.field?.[0], fact.test], fact);
    let said: readonly string[];
    try {
      said = ours();
    } catch (error) {
      if (error instanceof NotYet) {
        explained.replayed(name, error.message);
        return;
      }
      said = [
        String((error as Error).stack)
          .split('\n')
          .slice(0, 4)
          .join('\n'),
      ];
    }
    const [left, right] = [wanted, said].map((all) => [...all].sort().join('\n'));
    explained.replayed(name, left === right ? undefined : `  Django: ${left}\n  ours:   ${right}`);
  }

  it.each(['sqlite', 'postgresql', 'mysql'] as const)(
    'say of models on %s what Django’s say',
    async (vendor) => {
      const database = ENGINES[vendor] as DatabaseSettings;
      for (const routers of [false, true]) {
        const restore = overrideSettings({
          INSTALLED_APPS: [],
          DATABASES: { default: database, other: database },
          DATABASE_ROUTERS: routers ? [NoOpinion] : [],
        });
        if (vendor === 'mysql') {
          // What the server that was recorded says of itself.
          for (const wrapper of connections.all() as MysqlWrapper[]) {
            Object.assign(wrapper, { mysqlIsMariadb: true, mysqlVersion: [10, 11, 6] });
          }
        }
        const checks = new DjangoChecks();
        for (const fact of facts) {
          if (fact.vendor !== vendor || !MODELS.has(fact.call) || (fact.routers !== undefined) !== routers)
            continue;
          const swapped = overrideSettings({
            USE_TZ: fact.settings?.['USE_TZ'] === true,
            ...swappedOf(fact),
          });
          compare(
            fact,
            fact.result.map((each) => checks.theirs(each)),
            () => found(fact).map((each) => checks.ours(each)),
          );
          await swapped();
        }
        await restore();
      }
    },
  );

  it('say of settings what Django’s say', async () => {
    const checks = new DjangoChecks();
    for (const fact of facts) {
      const ids = SETTINGS[fact.call];
      if (ids === undefined) continue;
      const restore = overridden(fact);
      if (restore === undefined) {
        compare(fact, [], () => {
          throw new NotYet('a setting of a type that is refused when settings load');
        });
        continue;
      }
      apps.reset();
      apps.populate();
      let said: string[] | Error;
      try {
        const messages = await runChecks({ includeDeploymentChecks: true });
        said = messages
          .filter(({ id }) => ids.split(' ').includes(String(id)))
          .map((each) => checks.ours(each));
      } catch (error) {
        said = error as Error;
      }
      compare(
        fact,
        fact.result.map((each) => checks.theirs(each)),
        () => {
          if (said instanceof Error) throw said;
          return said;
        },
      );
      await restore();
    }
  });

  it('refuse indexes and constraints as Django’s constructors do', () => {
    for (const fact of facts) {
      const { call, args, kwargs, message } = fact;
      if (call !== 'Index' && call !== 'UniqueConstraint') continue;
      const kind = call === 'Index' ? '$index' : '$constraint';
      compare(fact, [String(message)], () => {
        try {
          constructed({ [kind]: call, args, kwargs });
        } catch (error) {
          if (error instanceof NotYet) throw error;
          return [(error as Error).message];
        }
        return ['nothing is refused'];
      });
    }
  });
});
