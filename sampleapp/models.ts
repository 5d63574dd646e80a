import { BigAutoField, CharField, DateTimeField, type Manager, Model } from 'tsango/db/models';

/** An entry of the guest book. */
export class Note extends Model {
  declare static readonly objects: Manager<Note>;

  @BigAutoField({ primaryKey: true })
  id!: number;

  @CharField({ maxLength: 60 })
  author!: string;

  @CharField({ maxLength: 200 })
  text!: string;

  @DateTimeField()
  created!: Date;

  override toString(): string {
    return `${this.author}: ${this.text}`;
  }
}
