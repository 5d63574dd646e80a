/** References by name to models that are not there. Django: `_check_lazy_references` of `core.checks.model_checks`. */
import { apps } from '../../../apps/registry';
import { Error as CheckError, type CheckMessage } from '../../../core/checks/messages';
import { ManyToManyField, type RelatedField, relationKey } from '../fields/related';
import type { ModelRegistry, Options } from '../options';
import * as signals from '../signals';

/** What is said of a reference; without the model, why it is not there. */
interface Lazy {
  readonly key: string;
  readonly registry: ModelRegistry;
  readonly message: (model: string) => string;
  readonly obj: unknown;
  readonly id: string;
}

/** Fields and receivers of signals that name a model which no app has. */
export function checkLazyReferences(models: readonly Options[]): CheckMessage[] {
  const fields = models.flatMap((model) =>
    [...model.localFields, ...model.localManyToMany].filter((field) => field.isRelation()).flatMap(lazyIn),
  );
  return [...fields, ...lazySenders(models[0]?.registry)]
    .filter(({ key, registry }) => registry.find(key) === undefined)
    .map(
      ({ key, registry, message, obj, id }) =>
        new CheckError(`${message(key)}, but ${absence(key, registry)}.`, { obj, id }),
    )
    .sort((a, b) => (a.msg < b.msg ? -1 : 1));
}

function absence(key: string, registry: ModelRegistry): string {
  const [app, model] = key.split('.') as [string, string];
  const isInstalled =
    (apps.ready && apps.getAppConfigs().some(({ label }) => label === app)) ||
    (registry.all?.() ?? []).some(({ appLabel }) => appLabel === app);
  return isInstalled ? `app '${app}' doesn't provide model '${model}'` : `app '${app}' isn't installed`;
}

/** What a field names by a text. */
function lazyIn(field: RelatedField): Lazy[] {
  const { to } = field.options;
  const through = field instanceof ManyToManyField ? field.options.through : undefined;
  const { registry } = field.model;
  const said = (reference: string, name: string): Lazy => ({
    key: relationKey(reference, () => field.model),
    registry,
    message: (model) => `The field ${name} was declared with a lazy reference to '${model}'`,
    obj: name,
    id: 'fields.E307',
  });
  const own = [to, through].filter((reference) => typeof reference === 'string');
  const found = own.map((reference) => said(reference, field.toString()));
  // The table in between refers to the model, too.
  if (field instanceof ManyToManyField && through === undefined && typeof to === 'string') {
    const { label } = field.model;
    found.push(said(to, `${label}_${field.name}.${to.toLowerCase().replace(/^.*\./, '')}`));
  }
  return found;
}

/** The receivers that wait for the signals of a model by its name. */
function lazySenders(registry: ModelRegistry | undefined): Lazy[] {
  if (registry === undefined) return [];
  return Object.entries(signals).flatMap(([name, signal]) =>
    signal instanceof signals.ModelSignal
      ? signal.lazySenders().map(({ receiver, sender }) => ({
          key: sender,
          registry,
          message: (model: string) =>
            `The function '${receiver.name}' was connected to the '${name}' signal with a lazy reference to the sender ` +
            `'${model}'`,
          obj: receiver.name,
          id: 'signals.E001',
        }))
      : [],
  );
}
