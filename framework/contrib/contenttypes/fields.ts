/** The fields of generic relations. Django: `django.contrib.contenttypes.fields`. */
import { fieldDecorator } from '../../db/models/fields/decorators';
import { GenericForeignKey as ForeignKeyField } from './generic_foreign_key';
import { GenericRelation as RelationField } from './generic_relation';

export type { GenericForeignKeyOptions } from './generic_foreign_key';
export type { GenericRelationOptions } from './generic_relation';

/**
 * A row of any model, by a foreign key to ContentType and a field with the key.
 *
 * @example
 * ```ts
 * class TaggedItem extends models.Model {
 *   @models.ForeignKey(() => ContentType, { onDelete: models.CASCADE }) declare contentType: models.Related<ContentType>;
 *   @models.PositiveIntegerField() declare objectId: number;
 *   @GenericForeignKey('contentType', 'objectId') declare contentObject: models.RelatedOrNull<models.Model>;
 * }
 * ```
 */
export const GenericForeignKey = fieldDecorator(ForeignKeyField);

/**
 * The rows of another model that refer to a row by a GenericForeignKey.
 *
 * @example
 * ```ts
 * class Bookmark extends models.Model {
 *   @GenericRelation(() => TaggedItem) declare readonly tags: models.RelatedManager<TaggedItem>;
 * }
 * ```
 */
export const GenericRelation = fieldDecorator(RelationField);
