/** The admin in another language: its pages, what it says of what was done, and what its scripts say. */
import '../../db/settings';
import { overrideSettings } from 'tsango/conf';
import { registerCatalog } from 'tsango/utils/translation';
import { fieldsOf, library, staff, useLibrary } from './support';

useLibrary();

const MESSAGES = {
  'Site administration': 'Website-Verwaltung',
  'Log out': 'Abmelden',
  'Skip to main content': 'Zum Hauptinhalt springen',
  Today: 'Heute',
  'Choose all %s': 'Alle %s </script> auswählen',
  'The {name} “{obj}” was added successfully.': '{name} „{obj}“ wurde hinzugefügt.',
  'Added.': 'Hinzugefügt.',
  Activity: 'Aktivität',
  Addition: 'Hinzufügung',
  'What everybody did': 'Was alle taten',
  'Search everything': 'Alles durchsuchen',
  'Nothing matches.': 'Nichts passt.',
  'Meanwhile changed to “%(value)s”.': 'Inzwischen auf „%(value)s“ geändert.',
  'This %(name)s was changed after you had opened the page.': '%(name)s wurde seither geändert.',
};

describe('in German', () => {
  let restore: () => Promise<void>;
  let take: () => void;
  beforeAll(() => {
    restore = overrideSettings({ LANGUAGE_CODE: 'de' });
    take = registerCatalog('de', { messages: new Map(Object.entries(MESSAGES)) });
  });
  afterAll(async () => {
    take();
    await restore();
  });

  it('pages and messages are translated, and the texts of scripts come with the page', async () => {
    const client = await staff();
    const { text: index } = await client.get('/admin/');
    expect(index).toMatch(/<html lang="de" dir="ltr">/);
    for (const said of ['<h1>Website-Verwaltung</h1>', '>Abmelden<', '>Zum Hauptinhalt springen<']) {
      expect(index).toContain(said);
    }
    const [, json = ''] =
      /<script id="admin-texts" type="application\/json">(.*?)<\/script>/.exec(index) ?? [];
    expect(JSON.parse(json)).toEqual({ Today: 'Heute', 'Choose all %s': 'Alle %s </script> auswählen' });

    await client.post('/admin/library/tag/add/', { word: 'neu' });
    expect((await client.get('/admin/library/tag/')).text).toContain('„<a href="/admin/library/tag/');
    const { pk } = await library.Tag.objects.get({ word: 'neu' });
    expect((await client.get(`/admin/library/tag/${pk}/history/`)).text).toContain('<td>Hinzugefügt.</td>');
  });

  it('so are the pages that Django does not have, and what is said of a conflict', async () => {
    const client = await staff();
    expect((await client.get('/admin/')).text).toContain('>Was alle taten</a>');
    const { text: activity } = await client.get('/admin/admin/activity/?user=x');
    for (const said of ['<h1>Aktivität</h1>', '>Hinzufügung</option>', 'Nichts passt.']) {
      expect(activity).toContain(said);
    }
    const { text: palette } = await client.get('/admin/palette/?q=nowhere');
    expect(palette).toContain('<h1>Alles durchsuchen</h1>');
    expect(palette).toContain('Nichts passt.');
    const tag = await library.Tag.objects.create({ word: 'alt' });
    const url = `/admin/library/tag/${tag.pk}/change/`;
    const mine = fieldsOf((await client.get(url)).text);
    await library.Tag.objects.all().update({ word: 'neu' });
    const { text: conflict } = await client.post(url, { ...mine, word: 'anders' });
    expect(conflict).toContain('tag wurde seither geändert.');
    expect(conflict).toContain('Inzwischen auf „neu“ geändert.');
  });

  it('a language that is written from the right is laid out so', async () => {
    const back = overrideSettings({ LANGUAGE_CODE: 'ar' });
    try {
      expect((await (await staff()).get('/admin/')).text).toMatch(/<html lang="ar" dir="rtl">/);
    } finally {
      await back();
    }
  });
});

it('in English no texts of scripts are sent', async () => {
  expect((await (await staff()).get('/admin/')).text).not.toContain('admin-texts');
});
