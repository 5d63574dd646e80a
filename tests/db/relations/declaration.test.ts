/** What a model says of the rows that refer to it. These models never work, so they are in a file of their own. */
import '../settings';
import * as models from 'tsango/db/models';

class Author extends models.Model {
  static override readonly Meta = { appLabel: 'declared' };
  @models.CharField({ maxLength: 20 }) declare name: string;
}

describe('the declaration', () => {
  it('has to have the name that the key gives', () => {
    class Shelf extends models.Model {
      static override readonly Meta = { appLabel: 'declared' };
      @models.CharField({ maxLength: 9 }) declare wood: string;
      @models.Reverse(() => Board, 'shelf') declare readonly planks: models.RelatedManager<Board>;
    }
    class Board extends models.Model {
      static override readonly Meta = { appLabel: 'declared' };
      declare id: number;
      @models.ForeignKey(() => Shelf, { onDelete: models.CASCADE, relatedName: 'boards' })
      declare shelf: models.Related<Shelf>;
    }
    expect(() => new Shelf()).toThrow(
      "Shelf.planks: the relation Board.shelf leads back by 'boards'. Give it relatedName: 'planks'.",
    );
  });

  it('has to be of a relation', () => {
    class Box extends models.Model {
      static override readonly Meta = { appLabel: 'declared' };
      @models.CharField({ maxLength: 9 }) declare wood: string;
      @models.Reverse(() => Author, 'name') declare readonly owners: models.RelatedManager<Author>;
    }
    expect(() => new Box()).toThrow("Box.owners: Author has no relation 'name' to Box.");
  });
});
