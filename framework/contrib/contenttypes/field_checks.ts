/** What is wrong with generic relations. Django: the `check` of `django.contrib.contenttypes.fields`. */
import { Error as CheckError, type CheckMessage } from '../../core/checks/messages';
import { checkTargetModel } from '../../db/models/checks/relations';
import type { Field } from '../../db/models/fields/base';
import { ForeignKey } from '../../db/models/fields/related';
import type { Options } from '../../db/models/options';
import { snakeCase } from '../../db/models/sql/names';

/** What a GenericForeignKey says of itself. */
type GenericKey = Field & { readonly ctField: string; readonly fkField: string };

/** What a GenericRelation says of itself. */
type GenericRows = Field & {
  readonly contentTypeField: string;
  readonly objectIdField: string;
  readonly toKey: string;
  readonly targetOrNone: Options | undefined;
};

const CONTENT_TYPE = 'contenttypes.contenttype';

function fieldOf({ model }: Field, name: string): Field | undefined {
  return model.findField(snakeCase(name));
}

const isGenericKey = (field: Field): field is GenericKey => 'ctField' in field && 'fkField' in field;

/** Both of its fields are there, and the one refers to ContentType. */
export function* checkGenericForeignKey(field: GenericKey): Iterable<CheckMessage> {
  const { ctField, fkField } = field;
  const say = (msg: string, id: string, hint?: string): CheckMessage =>
    new CheckError(msg, { hint, obj: field, id });
  if (fieldOf(field, fkField) === undefined) {
    yield say(
      `The GenericForeignKey object ID references the nonexistent field '${fkField}'.`,
      'contenttypes.E001',
    );
  }
  const name = `${field.model.objectName}.${ctField}`;
  const type = fieldOf(field, ctField);
  const hint =
    "GenericForeignKeys must use a ForeignKey to 'contenttypes.ContentType' as the 'contentType' field.";
  if (type === undefined) {
    yield say(
      `The GenericForeignKey content type references the nonexistent field '${name}'.`,
      'contenttypes.E002',
    );
  } else if (!(type instanceof ForeignKey)) {
    yield say(`'${name}' is not a ForeignKey.`, 'contenttypes.E003', hint);
  } else if (type.toKey !== CONTENT_TYPE) {
    yield say(`'${name}' is not a ForeignKey to 'contenttypes.ContentType'.`, 'contenttypes.E004', hint);
  }
}

/** The other model has a GenericForeignKey of the same two fields. */
export function* checkGenericRelation(field: GenericRows): Iterable<CheckMessage> {
  const { targetOrNone: target } = field;
  yield* checkTargetModel(field, target, field.toKey);
  if (target === undefined) return;
  const matches = target.privateFields.some(
    (other) =>
      isGenericKey(other) &&
      snakeCase(other.ctField) === snakeCase(field.contentTypeField) &&
      snakeCase(other.fkField) === snakeCase(field.objectIdField),
  );
  if (matches) return;
  yield new CheckError(
    `The GenericRelation defines a relation with the model '${target.label}', but that model does not have a ` +
      'GenericForeignKey.',
    { obj: field, id: 'contenttypes.E004' },
  );
}
