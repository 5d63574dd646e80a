/** Forms of models on every database: what they read, what the model refuses, what they write. */
import { configure } from 'tsango/conf';
import { SynchronousOnlyOperation } from 'tsango/core/exceptions';
import * as forms from 'tsango/forms';
import { QueryDict } from 'tsango/http';
import { engines } from 'tsango/template';
import { onEveryDatabase } from '../../support/model_tables';
import { Article, MODELS, Tag, Writer } from './library';

configure({
  SECRET_KEY: 'not a secret',
  USE_TZ: true,
  TIME_ZONE: 'Europe/Berlin',
  TEMPLATES: [{ BACKEND: 'django.template.backends.django.DjangoTemplates' }],
});

class ArticleForm extends forms.modelForm(Article, {
  fields: ['headline', 'pubDate', 'readAt', 'price', 'status', 'open', 'writer', 'tags'],
  errorMessages: { [forms.NON_FIELD_ERRORS]: { unique_together: '%(model_name)s is there already.' } },
}) {}

class WriterForm extends forms.modelForm(Writer, { fields: '__all__' }) {}

const texts = (form: forms.Form): string => form.errors.asText().value;
const rendered = (source: string, context: Record<string, unknown>): unknown =>
  engines.all()[0]?.fromString(source).render(context);

onEveryDatabase(
  () => MODELS,
  ({ isSqlite }) => {
    let ada: Writer;
    let [red, blue]: Tag[] = [];

    beforeEach(async () => {
      ada = await Writer.objects.create({ name: 'Ada' });
      red = await Tag.objects.create({ word: 'red' });
      blue = await Tag.objects.create({ word: 'blue' });
    });

    const typed = (more: Record<string, string> = {}, tags: (Tag | undefined)[] = []): QueryDict => {
      const query = new URLSearchParams({
        headline: 'Tea',
        pub_date: '2026-02-03',
        price: '2.5',
        status: 'p',
        writer: String(ada.id),
        ...more,
      });
      for (const tag of tags) query.append('tags', String(tag?.id));
      return new QueryDict(query.toString());
    };

    it('make a row of what was typed, with values as the model has them', async () => {
      const form = new ArticleForm({ data: typed({ read_at: '2026-02-03 10:00' }, [red, blue]) });
      expect(await form.isValid()).toBe(true);
      const { pubDate, readAt, price, writer, tags } = form.cleanedData;
      expect([pubDate, readAt?.toISOString(), price]).toEqual([
        '2026-02-03',
        '2026-02-03T09:00:00.000Z',
        '2.5',
      ]);
      expect([writer.name, tags.map(String)]).toEqual(['Ada', ['red', 'blue']]);
      const { pk } = await form.save();
      const article = await Article.objects.get({ pk });
      expect([article.headline, article.pubDate, article.readAt?.toISOString(), article.price]).toEqual([
        'Tea',
        '2026-02-03',
        '2026-02-03T09:00:00.000Z',
        '2.50',
      ]);
      // A box that is not checked is not sent, and is no default either.
      expect([article.status, article.open, article.writerId]).toEqual(['p', false, ada.id]);
      expect((await article.tags.all()).map(String)).toEqual(['red', 'blue']);
    });

    it('begin with the values of a row, and know what was changed', async () => {
      const article = await Article.objects.create({
        headline: 'Tea',
        pubDate: '2026-02-03',
        readAt: new Date('2026-02-03T09:00:00Z'),
        price: '2.50',
        writer: ada,
      });
      await article.tags.set([red as Tag]);
      const shown = await new ArticleForm({ instance: article }).ready();
      expect(String(shown.pubDate)).toContain('value="2026-02-03"');
      expect(String(shown.readAt)).toContain('value="2026-02-03 10:00:00"');
      expect(String(shown.writer)).toContain(`<option value="${ada.id}" selected>Ada</option>`);
      expect(String(shown.tags)).toContain(`<option value="${red?.id}" selected>red</option>`);
      expect(String(shown.tags)).toContain(`<option value="${blue?.id}">blue</option>`);
      const same = { read_at: '2026-02-03 10:00:00', price: '2.5', status: 'd', open: 'on' };
      const untouched = new ArticleForm({ data: typed(same, [red]), instance: article });
      expect(await untouched.isValid()).toBe(true);
      expect(untouched.changedData).toEqual([]);
      const changed = new ArticleForm({
        data: typed({ headline: 'Milk' }, [blue]),
        instance: article,
      });
      expect(await changed.isValid()).toBe(true);
      expect(changed.changedData).toEqual(['headline', 'readAt', 'status', 'open', 'tags']);
      expect(await changed.save()).toBe(article);
      const [row, ...others] = await Article.objects.all();
      expect([row?.headline, row?.readAt, others]).toEqual(['Milk', null, []]);
      expect((await article.tags.all()).map(String)).toEqual(['blue']);
    });

    it('leave defaults where nothing was sent', async () => {
      const Short = forms.modelformFactory(Article, { fields: ['headline', 'price', 'status', 'writer'] });
      const form = new Short({ data: { headline: 'Tea', writer: ada.id, price: '', status: 'd' } });
      expect(await form.isValid()).toBe(false);
      expect(texts(form)).toBe('* price\n  * This field is required.');
      const Loose = forms.modelForm(Short, {}, { price: new forms.DecimalField({ required: false }) });
      const loose = new Loose({ data: { headline: 'Tea', writer: ada.id, status: 'd' } });
      expect(await loose.isValid()).toBe(true);
      expect((await loose.save()).price).toBe('1.50');
    });

    it('say what the model refuses, beside the field or above', async () => {
      await Article.objects.create({ headline: 'Tea', writer: ada });
      const taken = new ArticleForm({ data: typed() });
      expect(await taken.isValid()).toBe(false);
      expect(texts(taken)).toBe('* __all__\n  * Article is there already.');
      const negative = new ArticleForm({ data: typed({ headline: 'Milk', price: '-1' }) });
      expect(await negative.isValid()).toBe(false);
      expect(texts(negative)).toBe('* __all__\n  * A price is not negative.');
      const again = new WriterForm({ data: { name: 'Ada' } });
      expect(await again.isValid()).toBe(false);
      expect(texts(again)).toBe('* name\n  * Writer with this Name already exists.');
      await expect(again.save()).rejects.toThrow(
        "The Writer could not be created because the data didn't validate.",
      );
      expect(await new WriterForm({ data: { name: 'Ada' }, instance: ada }).isValid()).toBe(true);
    });

    it('refuse rows that cannot be chosen, whatever is sent for a key', async () => {
      for (const writer of ['0', 'x', '9'.repeat(30), '\0', '1.5', '__proto__']) {
        const form = new ArticleForm({ data: typed({ writer }) });
        expect(await form.isValid()).toBe(false);
        expect([...form.errors.keys()]).toEqual(['writer']);
      }
      for (const tags of ['0', 'x', '9'.repeat(30), '\0']) {
        const form = new ArticleForm({ data: typed({ tags }) });
        expect(await form.isValid()).toBe(false);
        expect([...form.errors.keys()]).toEqual(['tags']);
      }
    });

    it('are saved in two steps', async () => {
      const form = new ArticleForm({ data: typed({}, [red]) });
      const article = await form.save({ commit: false });
      expect(await Article.objects.count()).toBe(0);
      article.headline = 'Tea for two';
      await article.save();
      expect(await article.tags.count()).toBe(0);
      await form.saveM2M();
      expect(await article.tags.count()).toBe(1);
      expect((await Article.objects.get()).headline).toBe('Tea for two');
      const whole = new ArticleForm({ data: typed({ headline: 'Milk' }) });
      await whole.save();
      await expect(whole.saveM2M()).rejects.toThrow(
        'saveM2M() is for after save({ commit: false }): save() has written everything.',
      );
    });

    it('narrow what can be chosen for each form', async () => {
      let limit = 'Ada';
      class Chosen extends forms.modelForm(
        Article,
        { fields: ['headline'] },
        {
          writer: new forms.ModelChoiceField({
            queryset: Writer.objects.all(),
            limitChoicesTo: () => ({ name: limit }),
          }),
        },
      ) {}
      const bob = await Writer.objects.create({ name: 'Bob' });
      const labels = async (form: Chosen): Promise<string[]> =>
        [...(await form.ready()).writer.subwidgets].map(({ choiceLabel }) => String(choiceLabel));
      expect(await labels(new Chosen())).toEqual(['---------', 'Ada']);
      limit = 'Bob';
      expect(await labels(new Chosen())).toEqual(['---------', 'Bob']);
      expect(await new Chosen({ data: { headline: 'x', writer: ada.id } }).isValid()).toBe(false);
      expect(await new Chosen({ data: { headline: 'x', writer: bob.id } }).isValid()).toBe(true);
    });

    it('are waited for by templates', async () => {
      const source =
        '{% if form.errors %}{{ form.non_field_errors }}{% endif %}{% for field in form %}{{ field }}{% endfor %}';
      const form = new ArticleForm({ initial: { writer: ada.id } });
      const html = rendered(source, { form });
      // Where the database answers at once, there is one rendering, and no promise.
      expect(typeof html).toBe(isSqlite ? 'string' : 'object');
      expect(await html).toContain(`<option value="${ada.id}" selected>Ada</option>`);
      const bound = new ArticleForm({ data: typed({ price: '-1' }) });
      expect(await rendered(source, { form: bound })).toContain('A price is not negative.');
      expect(await rendered('{{ form }}', { form: new ArticleForm() })).toContain(
        '<option value="" selected>---------</option>',
      );
      expect(await rendered('{{ form.as_p }}', { form: new ArticleForm() })).toContain(`">Ada</option>`);
    });

    it('say what to wait for where nobody does', async () => {
      const form = new ArticleForm();
      if (isSqlite) {
        expect(form.asP().value).toContain('Ada');
        return;
      }
      expect(() => form.asP()).toThrow(SynchronousOnlyOperation);
      expect(() => String(new ArticleForm().writer)).toThrow(
        'What can be chosen of Writer is read from a database that does not answer at once: `await form.ready()` before it is rendered or looked at. A template waits by itself.',
      );
      expect((await new ArticleForm().ready()).asP().value).toContain('Ada');
    });
  },
);

describe('what forms of models are told', () => {
  it('is checked when they are first used', () => {
    const none = forms.modelForm(Article, {} as { fields: [] });
    expect(() => new none()).toThrow(
      "Creating a ModelForm without either the 'fields' attribute or the 'exclude' attribute is prohibited; form Made needs updating.",
    );
    const text = forms.modelForm(Article, { fields: 'headline' } as never);
    expect(() => new text()).toThrow(
      "Made of Article: 'fields' cannot be a string. Did you mean ['headline']?",
    );
    const unknown = forms.modelForm(Article, { fields: ['headlin'] } as never);
    expect(() => new unknown()).toThrow('Unknown field(s) (headlin) specified for Article');
    expect(() => forms.modelformFactory(Article, {} as { fields: never[] })).toThrow(
      "Calling modelform_factory without defining 'fields' or 'exclude' explicitly is prohibited.",
    );
    expect(() => new forms.ModelForm()).toThrow('ModelForm has no model class specified.');
  });
});
