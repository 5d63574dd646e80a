/** Which databases a model is looked at for, and what they can do. */
import type { DatabaseWrapper } from '../../backends/base/base';
import type { DatabaseFeatures } from '../../backends/base/features';
import { connections } from '../../connections';
import { router } from '../../router';
import type { Options } from '../options';

/** The databases, among those that are looked at, in which a model has its table. */
export function databasesOf(model: Options, aliases: readonly string[] = []): DatabaseWrapper[] {
  return aliases
    .filter((alias) => router.allowMigrateModel(alias, model))
    .map((alias) => connections.get(alias));
}

/** Whether a database can do something, or the model is only for one that can. */
export function supports(
  model: Options,
  { features }: DatabaseWrapper,
  feature: keyof DatabaseFeatures,
): boolean {
  return features[feature] === true || model.requiredDbFeatures.includes(feature);
}
