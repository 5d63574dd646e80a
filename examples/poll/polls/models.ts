import * as models from 'tsango/db/models';

const DAY = 24 * 60 * 60 * 1000;

export class Question extends models.Model {
  declare static readonly objects: models.Manager<Question>;

  declare id: number;
  @models.CharField({ maxLength: 200 }) declare questionText: string;
  @models.DateTimeField({ verboseName: 'date published' }) declare pubDate: Date;
  declare readonly choiceSet: models.RelatedManager<Choice>;

  override toString() {
    return this.questionText;
  }

  wasPublishedRecently(): boolean {
    const age = Date.now() - this.pubDate.getTime();
    return age >= 0 && age <= DAY;
  }
}

export class Choice extends models.Model {
  declare static readonly objects: models.Manager<Choice>;

  declare id: number;
  @models.ForeignKey(() => Question, { onDelete: models.CASCADE }) declare question: models.Related<Question>;
  @models.CharField({ maxLength: 200 }) declare choiceText: string;
  @models.IntegerField({ default: 0 }) declare votes: number;

  override toString() {
    return this.choiceText;
  }
}
