/** Formsets of rows on every database. */
import { configure } from 'tsango/conf';
import * as models from 'tsango/db/models';
import * as forms from 'tsango/forms';
import { QueryDict } from 'tsango/http';
import { engines } from 'tsango/template';
import { onEveryDatabase } from '../../support/model_tables';
import { Article, MODELS, Writer } from './library';

configure({
  SECRET_KEY: 'not a secret',
  USE_TZ: false,
  TEMPLATES: [{ BACKEND: 'django.template.backends.django.DjangoTemplates' }],
});

class Chapter extends models.Model {
  static override readonly Meta = { appLabel: 'library', ordering: ['place'] };
  declare static readonly objects: models.Manager<Chapter>;
  declare id: number;
  @models.ForeignKey(() => Article, { onDelete: models.CASCADE }) declare article: models.Related<Article>;
  declare articleId: number;
  @models.IntegerField() declare place: number;
  @models.CharField({ maxLength: 20 }) declare title: string;
}

class Cover extends models.Model {
  static override readonly Meta = {
    appLabel: 'library',
    constraints: [new models.UniqueConstraint({ fields: ['article', 'color'], name: 'a_cover_of_a_color' })],
  };
  declare static readonly objects: models.Manager<Cover>;
  declare id: number;
  @models.ForeignKey(() => Article, { onDelete: models.CASCADE, relatedName: 'covers' })
  declare article: models.Related<Article>;
  @models.CharField({ maxLength: 20 }) declare color: string;
}

const WriterFormSet = forms.modelformsetFactory(Writer, { fields: ['name'], extra: 1, canDelete: true });

/** What a browser sends for rows: their number, how many there were, and their values. */
function sent(
  prefix: string,
  initial: number,
  rows: readonly Readonly<Record<string, unknown>>[],
): QueryDict {
  const query = new URLSearchParams({
    [`${prefix}-TOTAL_FORMS`]: String(rows.length),
    [`${prefix}-INITIAL_FORMS`]: String(initial),
  });
  rows.forEach((row, i) => {
    for (const [name, value] of Object.entries(row)) query.set(`${prefix}-${i}-${name}`, String(value));
  });
  return new QueryDict(query.toString());
}

onEveryDatabase(
  () => [...MODELS, Chapter, Cover],
  ({ isSqlite }) => {
    let ada: Writer;
    let bob: Writer;
    let tea: Article;

    beforeEach(async () => {
      ada = await Writer.objects.create({ name: 'Ada' });
      bob = await Writer.objects.create({ name: 'Bob' });
      tea = await Article.objects.create({ headline: 'Tea', writer: ada });
    });

    it('change rows, make new ones and delete others', async () => {
      const formset = new WriterFormSet({
        data: sent('form', 2, [
          { id: ada.id, name: 'Ada L.' },
          { id: bob.id, name: 'Bob', DELETE: 'on' },
          { id: '', name: 'Eve' },
        ]),
      });
      expect(await formset.isValid()).toBe(true);
      const saved = await formset.save();
      expect(saved.map(String)).toEqual(['Ada L.', 'Eve']);
      expect(formset.changedObjects.map(([row, names]) => [String(row), names])).toEqual([
        ['Ada L.', ['name']],
      ]);
      expect([formset.newObjects.map(String), formset.deletedObjects.map(String)]).toEqual([
        ['Eve'],
        ['Bob'],
      ]);
      expect(await Writer.objects.valuesList('name', { flat: true })).toEqual(['Ada L.', 'Eve']);
    });

    it('show their rows, and are waited for by templates', async () => {
      const html = engines.all()[0]?.fromString('{{ formset }}').render({ formset: new WriterFormSet() });
      expect(typeof html).toBe(isSqlite ? 'string' : 'object');
      expect(await html).toContain('name="form-TOTAL_FORMS" value="3"');
      expect(await html).toContain(`name="form-0-id" value="${ada.id}"`);
      expect(await html).toContain('name="form-1-name" value="Bob"');
      const formset = await new WriterFormSet({ queryset: Writer.objects.filter({ name: 'Bob' }) }).ready();
      expect(formset.forms.map(({ instance }) => instance.name)).toEqual(['Bob', undefined]);
      expect(formset.asP().value).toContain('name="form-0-name" value="Bob"');
    });

    it('change no row but theirs, whatever key is sent', async () => {
      for (const id of [bob.id, '', 'x', '9'.repeat(30), '__proto__']) {
        const formset = new WriterFormSet({
          queryset: Writer.objects.filter({ name: 'Ada' }),
          data: sent('form', 1, [{ id, name: 'Mallory' }]),
        });
        const isValid = await formset.isValid();
        if (isValid) await formset.save();
        expect(await Writer.objects.valuesList('name', { flat: true })).toEqual(['Ada', 'Bob']);
      }
    });

    it('write nothing with commit: false but say what there is to write', async () => {
      const formset = new WriterFormSet({
        data: sent('form', 2, [
          { id: ada.id, name: 'Ada L.' },
          { id: bob.id, name: 'Bob', DELETE: 'on' },
          { id: '', name: 'Eve' },
        ]),
      });
      const rows = await formset.save({ commit: false });
      expect(await Writer.objects.valuesList('name', { flat: true })).toEqual(['Ada', 'Bob']);
      for (const row of rows) await row.save();
      for (const row of formset.deletedObjects) await row.delete();
      await formset.saveM2M();
      expect(await Writer.objects.valuesList('name', { flat: true })).toEqual(['Ada L.', 'Eve']);
    });

    it('compare the values of their forms that have to be unique', async () => {
      const formset = new WriterFormSet({
        queryset: Writer.objects.none(),
        data: sent('form', 0, [{ name: 'Eve' }, { name: 'Eve' }, { name: 'Zoe' }]),
      });
      expect(await formset.isValid()).toBe(false);
      expect([...formset.nonFormErrors()]).toEqual(['Please correct the duplicate data for name.']);
      expect(formset.errors.map((errors) => errors.asText().value)).toEqual([
        '',
        '* __all__\n  * Please correct the duplicate values below.',
        '',
      ]);
      await expect(formset.save()).rejects.toThrow('could not be created');
    });

    it('make no rows where only theirs may be edited', async () => {
      const Edited = forms.modelformsetFactory(Writer, { fields: ['name'], editOnly: true });
      const formset = new Edited({
        data: sent('form', 2, [{ id: ada.id, name: 'Ada L.' }, { id: bob.id, name: 'Bob' }, { name: 'Eve' }]),
      });
      expect(await formset.isValid()).toBe(true);
      expect((await formset.save()).map(String)).toEqual(['Ada L.']);
      expect(await Writer.objects.count()).toBe(2);
    });

    it('belong to a row, which may be saved later', async () => {
      const ChapterFormSet = forms.inlineformsetFactory(Article, Chapter, { fields: ['place', 'title'] });
      const unsaved = new Article({ headline: 'Milk', writer: bob });
      const formset = new ChapterFormSet({
        instance: unsaved,
        data: sent('chapter_set', 0, [
          { place: 1, title: 'One' },
          { place: 2, title: 'Two' },
        ]),
      });
      expect(await formset.isValid()).toBe(true);
      await unsaved.save();
      await formset.save();
      const rows = await Chapter.objects.filter({ article: unsaved });
      expect(rows.map(({ title }) => title)).toEqual(['One', 'Two']);
      const shown = await new ChapterFormSet({ instance: unsaved }).ready();
      expect(shown.forms).toHaveLength(5);
      expect(shown.asP().value).toContain(`name="chapter_set-0-article" value="${unsaved.id}"`);
      const changed = new ChapterFormSet({
        instance: unsaved,
        data: sent('chapter_set', 2, [
          { id: rows[0]?.id, article: unsaved.id, place: 1, title: 'First' },
          { id: rows[1]?.id, article: unsaved.id, place: 2, title: 'Two', DELETE: 'on' },
        ]),
      });
      expect(await changed.isValid()).toBe(true);
      await changed.save();
      expect(await Chapter.objects.valuesList('title', { flat: true })).toEqual(['First']);
      const moved = new ChapterFormSet({
        instance: unsaved,
        data: sent('chapter_set', 1, [{ id: rows[0]?.id, article: tea.id, place: 1, title: 'First' }]),
      });
      expect(await moved.isValid()).toBe(false);
      expect(moved.errors[0]?.asText().value).toBe(
        '* article\n  * The inline value did not match the parent instance.',
      );
    });

    it('are copied by saveAsNew', async () => {
      const ChapterFormSet = forms.inlineformsetFactory(Article, Chapter, { fields: ['place', 'title'] });
      const one = await Chapter.objects.create({ article: tea, place: 1, title: 'One' });
      const copy = await Article.objects.create({ headline: 'Copy', writer: ada });
      const formset = new ChapterFormSet({
        instance: copy,
        saveAsNew: true,
        data: sent('chapter_set', 1, [{ id: one.id, article: tea.id, place: 1, title: 'One' }]),
      });
      expect(await formset.isValid()).toBe(true);
      await formset.save();
      expect(await Chapter.objects.filter({ article: copy }).count()).toBe(1);
      expect(await Chapter.objects.count()).toBe(2);
    });

    it('keep what is unique together with their row', async () => {
      const CoverFormSet = forms.inlineformsetFactory(Article, Cover, { fields: ['color'] });
      const twice = new CoverFormSet({
        instance: tea,
        data: sent('covers', 0, [{ color: 'red' }, { color: 'red' }]),
      });
      expect(await twice.isValid()).toBe(false);
      expect([...twice.nonFormErrors()]).toEqual(['Please correct the duplicate data for color.']);
      await Cover.objects.create({ article: tea, color: 'blue' });
      const taken = new CoverFormSet({ instance: tea, data: sent('covers', 0, [{ color: 'blue' }]) });
      expect(await taken.isValid()).toBe(false);
      expect(taken.errors[0]?.asText().value).toBe(
        '* __all__\n  * Cover with this Article and Color already exists.',
      );
    });

    it('say which foreign key is missing, or has to be named', () => {
      expect(() => forms.inlineformsetFactory(Chapter, Article, { fields: ['headline'] })).toThrow(
        "'library.Article' has no ForeignKey to 'library.Chapter'.",
      );
      expect(() =>
        forms.inlineformsetFactory(Article, Chapter, { fields: ['title'], fkName: 'title' }),
      ).toThrow("fk_name 'title' is not a ForeignKey to 'library.Article'.");
    });
  },
);
