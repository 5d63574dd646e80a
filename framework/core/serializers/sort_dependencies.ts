/** In which order models are serialized. Django: `sort_dependencies`. */
import type { AppConfig } from '../../apps/config';
import type { ModelClass } from '../../db/models/base';
import { classOf } from '../../db/models/classes';
import { ForeignKey } from '../../db/models/fields/related';
import { installedModels } from '../../db/models/registry';
import { hasNaturalKey } from './base';

/** An app and those of its models that are meant; null: all of them. */
export type AppModels = readonly [app: AppConfig, models: Iterable<ModelClass> | null];

interface NaturalKeyDependencies {
  /** Models, as `'app.Model'`, whose rows the natural key is made of. Django: `natural_key.dependencies`. */
  readonly naturalKeyDependencies?: readonly string[];
}

function dependenciesOf(cls: ModelClass): ModelClass[] {
  const { _meta: meta } = cls;
  const named = hasNaturalKey(cls)
    ? ((cls as NaturalKeyDependencies).naturalKeyDependencies ?? []).map((label) => {
        const [app = '', name = ''] = label.split('.');
        return installedModels.getModel(app, name);
      })
    : [];
  const related = [
    ...meta.fields.filter((field) => field instanceof ForeignKey),
    ...meta.manyToMany.filter((field) => field.hasOwnTable),
  ].map((field) => classOf(field.remoteModel));
  return [...named, ...related.filter((other) => hasNaturalKey(other) && other !== cls)];
}

/**
 * Models so that those with natural keys stand before what refers to them by these.
 *
 * @param options.allowCycles makes the best of models that depend on each other.
 * @throws Error for models that depend on each other.
 */
export function sortDependencies(
  appList: Iterable<AppModels>,
  { allowCycles = false }: { allowCycles?: boolean } = {},
): ModelClass[] {
  let waiting = [...appList].flatMap(([app, models]) =>
    [...(models ?? installedModels.getModels(app))].map((model) => ({
      model,
      dependencies: dependenciesOf(model),
    })),
  );
  const all = new Set(waiting.map(({ model }) => model));
  const sorted = new Set<ModelClass>();
  while (waiting.length > 0) {
    const skipped: typeof waiting = [];
    for (const each of waiting) {
      if (each.dependencies.every((other) => !all.has(other) || sorted.has(other))) sorted.add(each.model);
      else skipped.push(each);
    }
    if (skipped.length === waiting.length) {
      if (!allowCycles) throw unresolvable(skipped.map(({ model }) => model));
      const last = skipped.pop();
      if (last !== undefined) sorted.add(last.model);
    }
    // As Django has it: what was left over is tried from its end.
    waiting = skipped.reverse();
  }
  return [...sorted];
}

function unresolvable(models: readonly ModelClass[]): Error {
  const labels = [...models].sort((a, b) => (a.name < b.name ? -1 : 1)).map(({ _meta: meta }) => meta.label);
  return new Error(`Can't resolve dependencies for ${labels.join(', ')} in serialized app list.`);
}
