/** A theatre: seats are told apart by several values. */
import * as models from 'tsango/db/models';

export class Hall extends models.Model {
  static override readonly Meta: models.MetaOptions = { appLabel: 'theatre' };
  declare static readonly objects: models.Manager<Hall>;

  declare id: number;
  @models.CharField({ maxLength: 30 }) declare name: string;

  override toString(): string {
    return this.name;
  }
}

export class Seat extends models.Model {
  static override readonly Meta: models.MetaOptions = { appLabel: 'theatre' };
  declare static readonly objects: models.Manager<Seat>;

  @models.CompositePrimaryKey('hall', 'row', 'place') declare pk: [number, string, number];
  @models.ForeignKey(() => Hall, { onDelete: models.CASCADE }) declare hall: models.Related<Hall>;
  declare hallId: number;
  @models.CharField({ maxLength: 9 }) declare row: string;
  @models.IntegerField() declare place: number;
  @models.CharField({ maxLength: 30, blank: true }) declare guest: string;

  override toString(): string {
    return `${this.row} ${this.place}`;
  }

  getAbsoluteUrl(): string {
    return `/seats/${this.row}${this.place}/`;
  }
}

/** Refers to a seat by all parts of its key. */
export class Ticket extends models.Model {
  static override readonly Meta: models.MetaOptions = { appLabel: 'theatre' };
  declare static readonly objects: models.Manager<Ticket>;

  declare id: number;
  @models.ForeignKey(() => Hall, { onDelete: models.CASCADE }) declare hall: models.Related<Hall>;
  declare hallId: number;
  @models.CharField({ maxLength: 9 }) declare row: string;
  @models.IntegerField() declare place: number;
  @models.ForeignObject(() => Seat, {
    onDelete: models.CASCADE,
    fromFields: ['hall', 'row', 'place'],
    toFields: ['hall', 'row', 'place'],
  })
  declare seat: models.Related<Seat>;

  override toString(): string {
    return `Ticket ${this.id}`;
  }
}
