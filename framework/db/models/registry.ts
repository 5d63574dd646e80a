/** The models of the installed apps. Django: the model half of `django.apps.registry`. */
import type { AppConfig } from '../../apps/config';
import { apps, LookupError } from '../../apps/registry';
import { once } from '../../utils/module_loading';
import type { ModelClass } from './base';
import { declarationCount, declaringClasses } from './fields/decorators';
import type { ModelRegistry, Options } from './options';

const labels = new WeakMap<object, string>();

/** The app that a model class is exported by; undefined until the app's models are loaded. */
export function appLabelOf(cls: object): string | undefined {
  return labels.get(cls);
}

const baseModule = once(() => require('./base') as typeof import('./base'));

function isModel(value: unknown): value is ModelClass {
  return typeof value === 'function' && value.prototype instanceof baseModule().Model;
}

/** The models by app, loaded from each app's `models` module when they are first asked for. */
export class InstalledModels implements ModelRegistry {
  private loaded = new Map<AppConfig, ModelClass[]>();
  /** Entities of TypeORM's own decorators are exported too; this keeps every exported class. */
  private exported = new Map<AppConfig, object[]>();
  private byModel:
    | { readonly version: number; readonly classes: ReadonlyMap<Options, ModelClass> }
    | undefined;

  /** The models of an app; of every app, without one. */
  getModels(config?: AppConfig): ModelClass[] {
    const configs = config ? [config] : apps.getAppConfigs();
    return configs.flatMap((each) => this.load(each));
  }

  /** Every model: those of the apps, and those that name their app themselves. */
  classes(): ModelClass[] {
    const installed = apps.ready ? this.getModels() : [];
    const others = declaringClasses().filter(
      (cls): cls is ModelClass => isModel(cls) && !cls.isAbstract && cls.Meta?.appLabel !== undefined,
    );
    return [...new Set([...installed, ...others])];
  }

  /** Every model's description, for those who look for what refers to one. */
  all(): Options[] {
    return this.classes().map((cls) => cls._meta);
  }

  /** Grows whenever `all` may give other models: with the installed apps, and with each class that is declared. */
  get version(): number {
    return apps.version + declarationCount();
  }

  /** The class of a model. */
  classOf(model: Options): ModelClass | undefined {
    const { version } = this;
    if (this.byModel?.version !== version) {
      const classes = new Map<Options, ModelClass>();
      for (const cls of this.classes()) if (!classes.has(cls._meta)) classes.set(cls._meta, cls);
      // Looking for them may have loaded some.
      this.byModel = { version: this.version, classes };
    }
    return this.byModel.classes.get(model);
  }

  /** Every class that the app's `models` module exports. */
  exportedClasses(config: AppConfig): object[] {
    this.load(config);
    return this.exported.get(config) ?? [];
  }

  /** The model of that app and name, in any case. @throws LookupError. */
  getModel(appLabel: string, modelName: string): ModelClass {
    const config = apps.getAppConfig(appLabel);
    const wanted = modelName.toLowerCase();
    const found = this.load(config).find((cls) => cls.name.toLowerCase() === wanted);
    if (found === undefined) throw new LookupError(`App '${appLabel}' doesn't have a '${modelName}' model.`);
    return found;
  }

  find(key: string): Options | undefined {
    const [label = '', name = ''] = key.split('.');
    const config = apps.ready
      ? apps.getAppConfigs().find((candidate) => candidate.label === label)
      : undefined;
    const cls = config && this.load(config).find((model) => model.name.toLowerCase() === name);
    if (cls) return cls._meta;
    const others = declaringClasses().filter((other): other is ModelClass => isModel(other));
    return others.find((other) => other.Meta?.appLabel === label && other.name.toLowerCase() === name)?._meta;
  }

  private load(config: AppConfig): ModelClass[] {
    const known = this.loaded.get(config);
    if (known) return known;
    const classes = config.hasModule('models')
      ? Object.values(config.importModule('models')).filter((value) => typeof value === 'function')
      : [];
    for (const cls of classes) {
      if (!labels.has(cls)) labels.set(cls, config.label);
    }
    const own = [...new Set(classes)].filter((cls) => labels.get(cls) === config.label);
    const models = own.filter(isModel).filter((cls) => !cls.isAbstract);
    this.exported.set(config, own);
    this.loaded.set(config, models);
    return models;
  }
}

/** The models of the site. */
export const installedModels = new InstalledModels();
