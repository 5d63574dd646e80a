/** What `check` says of generic relations. */
import '../../db/settings';
import { ContentType, GenericForeignKey, GenericRelation } from 'tsango/contrib/contenttypes';
import type { CheckMessage } from 'tsango/core/checks';
import * as models from 'tsango/db/models';
import type { Options } from 'tsango/db/models/options';

const Meta: models.MetaOptions = { appLabel: 'generic_checks' };

const said = ({ privateFields }: Options): unknown[] =>
  privateFields
    .flatMap((field) => field.check())
    .map(({ id, msg, hint, obj }: CheckMessage) => [id, msg, hint, String(obj)]);

class Right extends models.Model {
  static override readonly Meta = Meta;
  @models.ForeignKey(() => ContentType, { onDelete: models.CASCADE })
  declare kind: models.Related<ContentType>;
  @models.CharField({ maxLength: 9 }) declare rowKey: string;
  @GenericForeignKey('kind', 'rowKey') declare row: models.RelatedOrNull<models.Model>;
  @GenericRelation('generic_checks.Right', { contentTypeField: 'kind', objectIdField: 'rowKey' })
  declare readonly rights: models.RelatedManager<Right>;
}

it('finds nothing in what is right', () => {
  expect(said(Right._meta)).toEqual([]);
});

it('finds fields that are not there', () => {
  class Lacks extends models.Model {
    static override readonly Meta = Meta;
    @GenericForeignKey() declare row: models.RelatedOrNull<models.Model>;
  }
  expect(said(Lacks._meta)).toEqual([
    [
      'contenttypes.E001',
      "The GenericForeignKey object ID references the nonexistent field 'objectId'.",
      undefined,
      'generic_checks.Lacks.row',
    ],
    [
      'contenttypes.E002',
      "The GenericForeignKey content type references the nonexistent field 'Lacks.contentType'.",
      undefined,
      'generic_checks.Lacks.row',
    ],
  ]);
});

it('finds a content type that is none', () => {
  const hint =
    "GenericForeignKeys must use a ForeignKey to 'contenttypes.ContentType' as the 'contentType' field.";
  class Plain extends models.Model {
    static override readonly Meta = Meta;
    @models.IntegerField() declare contentType: number;
    @models.IntegerField() declare objectId: number;
    @GenericForeignKey() declare row: models.RelatedOrNull<models.Model>;
  }
  class Other extends models.Model {
    static override readonly Meta = Meta;
    @models.ForeignKey(() => Right, { onDelete: models.CASCADE }) declare contentType: models.Related<Right>;
    @models.IntegerField() declare objectId: number;
    @GenericForeignKey() declare row: models.RelatedOrNull<models.Model>;
  }
  expect(said(Plain._meta)).toEqual([
    ['contenttypes.E003', "'Plain.contentType' is not a ForeignKey.", hint, 'generic_checks.Plain.row'],
  ]);
  expect(said(Other._meta)).toEqual([
    [
      'contenttypes.E004',
      "'Other.contentType' is not a ForeignKey to 'contenttypes.ContentType'.",
      hint,
      'generic_checks.Other.row',
    ],
  ]);
});

it('finds relations that nothing refers back with, or to nothing', () => {
  class Target extends models.Model {
    static override readonly Meta = Meta;
  }
  class Source extends models.Model {
    static override readonly Meta = Meta;
    @GenericRelation(() => Target) declare readonly targets: models.RelatedManager<Target>;
    @GenericRelation('generic_checks.Nothing') declare readonly nothings: models.RelatedManager<models.Model>;
  }
  expect(said(Source._meta)).toEqual([
    [
      'contenttypes.E004',
      "The GenericRelation defines a relation with the model 'generic_checks.Target', but that model does not have a " +
        'GenericForeignKey.',
      undefined,
      'generic_checks.Source.targets',
    ],
    [
      'fields.E300',
      "Field defines a relation with model 'generic_checks.nothing', which is either not installed, or is abstract.",
      undefined,
      'generic_checks.Source.nothings',
    ],
  ]);
});
