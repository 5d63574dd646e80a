/** Forms of models on every database. */
import { configure } from 'tsango/conf';
import * as forms from 'tsango/forms';
import { QueryDict } from 'tsango/http';
import { onEveryDatabase } from '../../support/model_tables';
import { Article, MODELS, Tag, Writer } from './library';

configure({ SECRET_KEY: 'not a secret', USE_TZ: true });

class ArticleForm extends forms.modelForm(Article, {
  fields: ['headline', 'pubDate', 'price', 'status', 'open', 'writer', 'tags'],
}) {}

onEveryDatabase(
  () => MODELS,
  () => {
    it('make a row of what was typed', async () => {
      const ada = await Writer.objects.create({ name: 'Ada' });
      const [red] = await Tag.objects.bulkCreate([new Tag({ word: 'red' }), new Tag({ word: 'blue' })]);
      const data = new QueryDict(
        `headline=Tea&pub_date=2026-02-03&price=2.5&status=p&writer=${ada.id}&tags=${red?.id}`,
      );
      const form = new ArticleForm({ data });
      expect(await form.isValid()).toBe(true);
      expect(form.cleanedData.pubDate).toBe('2026-02-03');
      expect(form.cleanedData.price).toBe('2.5');
      expect(form.cleanedData.writer.name).toBe('Ada');
      const article = await form.save();
      const found = await Article.objects.get({ pk: article.pk });
      expect([found.headline, found.pubDate, found.price, found.status, found.open, found.writerId]).toEqual([
        'Tea',
        '2026-02-03',
        '2.50',
        'p',
        false,
        ada.id,
      ]);
      expect((await found.tags.all()).map(String)).toEqual(['red']);
    });
  },
);
