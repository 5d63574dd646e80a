/** What a model's name and its Meta say. Django: the attributes of `Options` that `class Meta` sets. */
import type { AppConfig } from '../../apps/config';
import { settings } from '../../conf';
import type { Text } from '../../utils/functional';
import { camelCase, once } from '../../utils/module_loading';
import { camelCaseToSpaces } from '../../utils/text';
import type { DatabaseWrapper } from '../backends/base/base';
import type { Expression } from './expressions/base';
import type { MetaOptions } from './meta';
import { modelKey } from './model_key';

const registry = once(() => require('../../apps/registry') as typeof import('../../apps/registry'));
const ORDER_WRT: readonly string[] = ['_order'];

/** The part of a model's description that needs no fields. */
export abstract class OptionsMeta {
  /** The name in lower case, by which migrations refer to it. */
  readonly modelName: string;

  constructor(
    readonly appLabel: string,
    readonly objectName: string,
    readonly meta: MetaOptions,
  ) {
    this.modelName = objectName.toLowerCase();
  }

  /** The app of the model; undefined for one of no installed app. */
  get appConfig(): AppConfig | undefined {
    return registry()
      .apps.getAppConfigs()
      .find(({ label }) => label === this.appLabel);
  }

  /** `app.model`. */
  get label(): string {
    return `${this.appLabel}.${this.objectName}`;
  }

  /** `app.model` in lower case: how references name it. */
  get key(): string {
    return `${this.appLabel}.${this.modelName}`;
  }

  toString(): string {
    return this.label;
  }

  get verboseName(): Text {
    return this.meta.verboseName ?? camelCaseToSpaces(this.objectName);
  }

  get verboseNamePlural(): Text {
    return this.meta.verboseNamePlural ?? `${this.verboseName}s`;
  }

  /** Where the table lies; empty: where the database puts it. */
  get dbTablespace(): string {
    return this.meta.dbTablespace ?? settings.DEFAULT_TABLESPACE;
  }

  get managed(): boolean {
    return this.meta.managed ?? true;
  }

  /** Whether the class shows the rows of another model. */
  get proxy(): boolean {
    return this.meta.proxy ?? false;
  }

  /** The model that a setting has put in the place of this one, as the setting names it. */
  get swapped(): string | undefined {
    const { swappable } = this.meta;
    if (swappable === undefined || !(swappable in settings)) return undefined;
    const other: unknown = (settings as unknown as Readonly<Record<string, unknown>>)[swappable];
    if (typeof other !== 'string' || other === '') return undefined;
    return modelKey(other) === this.key ? undefined : other;
  }

  /** Whether migrations make the model's table in a database. */
  canMigrate(connection: Pick<DatabaseWrapper, 'vendor' | 'features'>): boolean {
    if (this.proxy || this.swapped !== undefined || !this.managed) return false;
    const { requiredDbVendor } = this.meta;
    if (requiredDbVendor !== undefined) return requiredDbVendor === connection.vendor;
    return this.hasRequiredFeatures(connection);
  }

  /** Whether a database can do all that `requiredDbFeatures` names. */
  hasRequiredFeatures({ features }: Pick<DatabaseWrapper, 'features'>): boolean {
    const known = features as unknown as Readonly<Record<string, unknown>>;
    return this.requiredDbFeatures.every((name) => Object.hasOwn(known, name) && known[name] === true);
  }

  /** What a database has to be able to do, as its `features` call it. */
  get requiredDbFeatures(): readonly string[] {
    return (this.meta.requiredDbFeatures ?? []).map(camelCase);
  }

  /** What `objects` sorts by. */
  get ordering(): readonly (string | Expression)[] {
    return this.meta.orderWithRespectTo === undefined ? (this.meta.ordering ?? []) : ORDER_WRT;
  }
}
