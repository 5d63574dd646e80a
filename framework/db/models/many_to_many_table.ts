/** The models of the tables between many and many. Django: `create_many_to_many_intermediary_model`. */
import { ImproperlyConfigured } from '../../core/exceptions';
import { stripQuotes, truncateName } from '../backends/utils';
import { ForeignKey, type ManyToManyField, type ModelReference, relationKey } from './fields/related';
import type { ModelDescription, Options } from './options';

/** How long every database lets a name be. */
const SAFE_LENGTH = 63;

/** A table's name that nobody has chosen; cut where the default database has shorter ones. */
export function tableName(name: string): string {
  if (name.length <= SAFE_LENGTH) return name;
  const { connections } = require('../connections') as typeof import('../connections');
  return truncateName(name, connections.get().ops.maxNameLength);
}

/** The model that a field names as the one in between. @throws ImproperlyConfigured if there is none. */
export function namedThrough(model: Options, field: ManyToManyField, through: ModelReference): Options {
  const found = model.registry.find(relationKey(through, () => model));
  if (found === undefined) {
    throw new ImproperlyConfigured(
      `${field.toString()}: the through model '${String(through)}' does not exist.`,
    );
  }
  return found;
}

/** What the model in between is made of, where a field names none. */
export function throughDescription(model: Options, field: ManyToManyField): ModelDescription {
  const target = field.toKey.slice(field.toKey.indexOf('.') + 1);
  const own = model.key;
  const [from, to] =
    target === model.modelName
      ? [`from_${model.modelName}`, `to_${model.modelName}`]
      : [model.modelName, target];
  const options = { onDelete: 'CASCADE' as const, dbConstraint: field.dbConstraint };
  return {
    appLabel: model.appLabel,
    objectName: `${model.objectName}_${field.name}`,
    fields: [
      [from, new ForeignKey(own, options)],
      [to, new ForeignKey(field.toKey, options)],
    ],
    options: {
      dbTable: field.options.dbTable ?? tableName(`${stripQuotes(model.dbTable)}_${field.name}`),
      uniqueTogether: [[from, to]],
    },
    registry: model.registry,
  };
}
