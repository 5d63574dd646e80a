import * as models from 'tsango/db/models';
import { reverse } from 'tsango/urls';

/** A row with every kind of field that a form has. */
export class Specimen extends models.Model {
  static override readonly Meta = { ordering: ['pk'] };
  declare static readonly objects: models.Manager<Specimen>;

  declare id: number;
  @models.CharField({ maxLength: 20, unique: true, helpText: 'Two letters at least' }) declare name: string;
  @models.TextField({ blank: true }) declare notes: string;
  @models.EmailField() declare email: string;
  @models.URLField({ blank: true }) declare site: string;
  @models.SlugField() declare slug: string;
  @models.IntegerField() declare count: number;
  @models.FloatField({ null: true, blank: true }) declare weight: number | null;
  @models.DecimalField({ maxDigits: 6, decimalPlaces: 2 }) declare price: string;
  @models.DateField() declare day: string;
  @models.DateTimeField({ null: true, blank: true }) declare moment: Date | null;
  @models.TimeField({ null: true, blank: true }) declare opens: string | null;
  @models.DurationField({ null: true, blank: true }) declare lasts: unknown;
  @models.UUIDField({ null: true, blank: true }) declare code: string | null;
  @models.GenericIPAddressField({ null: true, blank: true }) declare host: string | null;
  @models.JSONField({ default: () => ({}), blank: true }) declare extra: unknown;
  @models.BooleanField({ default: false }) declare agreed: boolean;
  @models.BooleanField({ null: true, blank: true }) declare maybe: boolean | null;
  @models.CharField({
    maxLength: 1,
    choices: [
      ['r', 'Red'],
      ['g', 'Green <&>'],
    ],
  })
  declare color: string;
  @models.ForeignKey('records.Specimen', { null: true, blank: true, onDelete: 'SET_NULL' })
  declare parent: models.Related<Specimen> | null;
  @models.ManyToManyField('records.Specimen', { blank: true, symmetrical: false, relatedName: 'liked_by' })
  declare likes: models.ManyToManyManager<Specimen>;
  @models.FileField({ uploadTo: 'records', blank: true }) declare file: models.FieldFile;

  override toString(): string {
    return this.name;
  }

  getAbsoluteUrl(): string {
    return reverse('records:detail', { kwargs: { pk: this.id } });
  }
}
