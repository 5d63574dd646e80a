/** Checks of what Django finds already when it starts: databases that it cannot have, models that cannot be. */
import { apps } from '../apps/registry';
import { settings } from '../conf';
import { Error as CheckError, type CheckMessage, Warning } from '../core/checks/messages';
import { refused } from '../core/checks/named';
import { register, Tags } from '../core/checks/registry';
import { FieldDoesNotExist, FieldError, ImproperlyConfigured } from '../core/exceptions';
import type { DatabaseWrapper } from './backends/base/base';
import type { ModelClass } from './models/base';

/** What a class says of its instances, in a module that is loaded where there are models. */
type Classes = Pick<typeof import('./models/model_class'), 'hiddenByClass' | 'writtenByClass'>;

/** What a class hides: a relation from elsewhere, by a property that was declared without `declare`. */
function checkHidden(cls: ModelClass, { hiddenByClass }: Classes): CheckMessage[] {
  return hiddenByClass(cls, cls._meta).map(
    (property) =>
      new CheckError(
        `Every new instance has a property '${property}', which hides the relation of that name.`,
        {
          hint: `Write 'declare' in front of it: declare ${property}. A compiler makes class fields of what is declared without.`,
          obj: cls._meta.label,
          id: 'models.E902',
        },
      ),
  );
}

/** How a model is refused as soon as it is looked at. */
const REFUSALS = [ImproperlyConfigured, FieldError, FieldDoesNotExist, TypeError];

/** What a class says itself whenever a row is made: `done = false`, where `default: false` is meant. */
function checkClass(cls: ModelClass, { writtenByClass }: Classes): CheckMessage[] {
  let meta: ModelClass['_meta'];
  try {
    meta = cls._meta;
  } catch (error) {
    if (!REFUSALS.some((Class) => error instanceof Class)) throw error;
    return [new CheckError((error as globalThis.Error).message, { id: 'models.E901' })];
  }
  return [...writtenByClass(cls, meta).keys()].map(
    (property) =>
      new Warning(`The class sets '${property}' of every new instance, over the value that is given.`, {
        hint: "Give the field the option 'default', and declare the property without a value.",
        obj: meta.label,
        id: 'models.W901',
      }),
  );
}

function connectionOf(alias: string): DatabaseWrapper {
  const { connections } = require('./connections') as typeof import('./connections');
  return connections.get(alias);
}

register(async ({ appConfigs = apps.ready ? apps.getAppConfigs() : [], databases = [] }) => {
  const configs = appConfigs.filter((config) => config.hasModule('models'));
  if (configs.length === 0) return [];
  const { installedModels } = require('./models/registry') as typeof import('./models/registry');
  const base = require('./models/model_class') as Classes;
  const classes = configs.flatMap((config) => installedModels.getModels(config));
  const found = classes.flatMap((cls) => checkClass(cls, base));
  // Of models that cannot be described nobody knows what they refer to.
  if (found.some(({ id }) => id === 'models.E901')) return found;
  // Which server it is says what it can, and what it is called.
  for (const alias of databases) await connectionOf(alias).learnFeatures();
  const { checkLazyReferences, checkModels } = require('./models/checks') as typeof import('./models/checks');
  return [
    ...found,
    ...classes.flatMap((cls) => checkHidden(cls, base)),
    ...checkModels(classes, databases),
    ...checkLazyReferences(classes.map((cls) => cls._meta)),
  ];
}, Tags.models);

register(
  () =>
    Object.entries(settings.DATABASES).flatMap(([alias, { ENGINE }]) => {
      if (!ENGINE) return [];
      const { loadBackend } = require('./connections') as typeof import('./connections');
      const unknown = refused(
        'settings.E003',
        () => loadBackend(ENGINE),
        `ENGINE of DATABASES['${alias}']: `,
      );
      // Without this a missing driver would be found by the first request that asks the database.
      return unknown.length > 0 ? unknown : refused('databases.E101', () => connectionOf(alias).loadDriver());
    }),
  Tags.settings,
);
