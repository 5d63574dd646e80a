/** Relations that are declared on the side that they lead to. */
import { ImproperlyConfigured } from '../../../core/exceptions';
import { camelCase } from '../../../utils/module_loading';
import type { Model, ModelClass } from '../base';
import type { FieldName } from '../typing';
import { relationsTo } from './reverse_related';

interface Declaration {
  readonly target: () => ModelClass;
  readonly field: string;
}

const declared = new Map<object, Map<string, Declaration>>();

/**
 * Says what a property of the rows that refer to a model is: optional, for a property is there without it, too, once the
 * other model is known. With it the other model's module is loaded, and the name is looked at.
 *
 * @param target the model that refers, as a function.
 * @param field its foreign key, one-to-one or many-to-many field.
 * @throws ImproperlyConfigured when the model is used first, where the relation has another name.
 *
 * @example
 * ```ts
 * class Author extends models.Model {
 *   @models.Reverse(() => Article, 'author') declare readonly articles: models.RelatedManager<Article>;
 * }
 * class Article extends models.Model {
 *   @models.ForeignKey(() => Author, { onDelete: models.CASCADE, relatedName: 'articles' })
 *   declare author: models.Related<Author>;
 * }
 * ```
 */
export function Reverse<M extends Model>(
  target: () => ModelClass<M>,
  field: FieldName<M> & string,
): PropertyDecorator {
  return (prototype, property) => {
    const cls = prototype.constructor;
    const all = declared.get(cls) ?? new Map<string, Declaration>();
    declared.set(cls, all.set(String(property), { target, field }));
  };
}

/** @throws ImproperlyConfigured where a class says of what refers to it what is not so. */
export function checkDeclaredReverses(cls: ModelClass): void {
  const all = declared.get(cls);
  if (all === undefined) return;
  for (const [property, { target, field }] of all) {
    const other = target()._meta;
    const relation = relationsTo(cls._meta).find((each) => {
      const { model, name } = each.field;
      return model === other && camelCase(name) === field;
    });
    if (relation?.property === property && !relation.isHidden) continue;
    throw new ImproperlyConfigured(
      relation === undefined
        ? `${cls.name}.${property}: ${other.objectName} has no relation '${field}' to ${cls.name}.`
        : `${cls.name}.${property}: the relation ${other.objectName}.${relation.field.name} leads back by ` +
            `'${relation.property}'. Give it relatedName: '${property}'.`,
    );
  }
}
