/** The primary key of models without one. Django: `Options._get_default_pk_class`. */
import { apps } from '../../apps/registry';
import { settings } from '../../conf';
import { ImproperlyConfigured } from '../../core/exceptions';
import type { Field } from './fields/base';
import { AutoField, BigAutoField, SmallAutoField } from './fields/numbers';

const AUTO_FIELDS: Readonly<Record<string, new () => Field>> = { AutoField, BigAutoField, SmallAutoField };

/** The primary key that a model without one gets: DEFAULT_AUTO_FIELD, or its app's choice. */
export function defaultAutoField(appLabel: string): Field {
  let dotted = settings.DEFAULT_AUTO_FIELD;
  if (apps.ready) {
    const config = apps.getAppConfigs().find((candidate) => candidate.label === appLabel);
    dotted = config?.defaultAutoField ?? dotted;
  }
  const name = dotted.slice(dotted.lastIndexOf('.') + 1);
  const Auto = Object.hasOwn(AUTO_FIELDS, name) ? AUTO_FIELDS[name] : undefined;
  if (Auto === undefined) {
    throw new ImproperlyConfigured(
      `DEFAULT_AUTO_FIELD refers to the module '${dotted}' that could not be imported. Use one of ` +
        `${Object.keys(AUTO_FIELDS)
          .map((known) => `'tsango.db.models.${known}'`)
          .join(', ')}.`,
    );
  }
  return new (Auto as new (options: object) => Field)({
    autoCreated: true,
    primaryKey: true,
    serialize: false,
    verboseName: 'ID',
  });
}
