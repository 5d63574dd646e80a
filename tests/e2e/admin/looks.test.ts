/**
 * Each page of the admin, by axe, in light and dark, on a phone and with forced colours; none is wider than its window.
 * SCREENSHOTS=1 renews the pictures in docs/screenshots.
 */
import path from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { describeWith } from '../../support/services';
import { ROOT } from '../../support/site';
import { violations } from './axe';
import { open, openAsGrace, shop, useShop } from './support';

jest.setTimeout(120_000);

const PICTURES = process.env['PICTURES'] ?? path.join(ROOT, 'docs', 'screenshots');

const LOOKS = {
  light: { viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  dark: { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: 'light', isMobile: true },
  'forced colours': { viewport: { width: 1280, height: 800 }, forcedColors: 'active' },
} as const satisfies Record<string, BrowserContextOptions>;

/** Several filters at once. */
const APPLIED = 'author__id__in=1%2C2&is_public__exact=1&price__gte=2&price__lte=15.5';

/** Those that are made of what another one shows, too, are looked at in light alone. */
const ADDRESSES: readonly (readonly [name: string, address: string, isOnce?: true])[] = [
  ['index', '/admin/'],
  ['app', '/admin/shop/', true],
  ['list', '/admin/shop/book/?kind__exact=n&_facets=True'],
  ['conditions', `/admin/shop/book/?${APPLIED}`],
  ['list-of-a-search', '/admin/shop/book/?q=vol.+1&o=2.-4', true],
  ['empty-list', '/admin/shop/book/?q=nowhere', true],
  ['add', '/admin/shop/book/add/', true],
  ['form', '/admin/shop/book/3/change/'],
  ['sortable', '/admin/shop/shelf/1/change/'],
  ['composite', '/admin/shop/prize/1,1831/change/', true],
  ['history', '/admin/shop/book/3/history/'],
  ['activity', '/admin/admin/activity/?action=1'],
  ['delete', '/admin/shop/author/1/delete/'],
  ['user', '/admin/auth/user/1/change/'],
  ['password', '/admin/auth/user/1/password/', true],
  ['own-password', '/admin/password_change/', true],
];

const overflow = (page: Page): Promise<unknown> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

/** A list whose action has done a part of its rows. */
async function pictureOfProgress(): Promise<void> {
  const { work } = require('./site/shop/admin') as typeof import('./site/shop/admin');
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  work.run = async function* () {
    yield { done: 12, total: 20, message: 'Frankenstein, vol. 1' };
    await ended;
  };
  const { page } = await openAsGrace('/admin/shop/book/', LOOKS.light);
  await page.locator('#action-toggle').check();
  await page.getByLabel('Action:').first().selectOption({ label: 'Proofread the selected books' });
  await page.getByRole('button', { name: 'Run the selected action' }).first().click();
  await page.getByText('12 of 20: ').first().waitFor();
  await page.screenshot({ path: path.join(PICTURES, 'admin-progress.png') });
  end();
  await page.getByText('20 proofread.').waitFor();
  await page.context().close();
}

describeWith('chromium', 'the pages of the admin', () => {
  useShop();

  (process.env['SCREENSHOTS'] === '1' ? it : it.skip)('pictures of them', async () => {
    const { pk } = await shop.Book.objects.get({ title: 'Frankenstein, vol. 1' });
    const { page: form } = await openAsGrace(`/admin/shop/book/${pk}/change/`);
    for (const notes of ['Second edition.', 'Third edition.']) {
      await form.getByLabel('Notes:').fill(notes);
      await form.getByRole('button', { name: 'Save and continue editing' }).click();
      await form.getByText('You may edit it again below.').waitFor();
    }
    const shots: readonly (readonly [name: string, look: keyof typeof LOOKS, address: string])[] = [
      ['admin-index', 'light', '/admin/'],
      ['admin', 'light', '/admin/shop/book/'],
      ['admin-form', 'light', `/admin/shop/book/${pk}/change/`],
      ['admin-sortable', 'light', '/admin/shop/shelf/1/change/'],
      ['admin-dark', 'dark', '/admin/shop/book/'],
      ['admin-phone', 'phone', '/admin/shop/book/'],
      ['admin-conditions', 'light', `/admin/shop/book/?${APPLIED}`],
    ];
    for (const [name, look, address] of shots) {
      const { page } = await openAsGrace(address, LOOKS[look]);
      if (name.endsWith('conditions')) await page.getByText('Filter by several').click();
      const height = { 'admin-form': 1700, 'admin-sortable': 1160 }[name];
      if (height !== undefined) await page.setViewportSize({ width: LOOKS[look].viewport.width, height });
      await page.screenshot({ path: path.join(PICTURES, `${name}.png`) });
      await page.context().close();
    }
    await pictureOfProgress();
  });

  describe('with long texts', () => {
    beforeAll(async () => {
      const author = await shop.Author.objects.create({
        name: 'Donaudampfschifffahrtsgesellschaftskapitänswitwe'.padEnd(60, 'x'),
      });
      await shop.Book.objects.create({ title: `A title ${'without an end '.repeat(12)}`, author });
      await shop.Tag.objects.create({ word: 'taumatawhakatangihangakoauauotamatea'.repeat(5) });
    });

    it.each(Object.keys(LOOKS) as (keyof typeof LOOKS)[])('are accessible and fit: %s', async (look) => {
      const { page: login } = await open('/admin/', LOOKS[look]);
      const faults: string[] = (await violations(login)).map((fault) => `login: ${fault}`);
      const { page, errors } = await openAsGrace('/admin/', LOOKS[look]);
      for (const [name, address, isOnce] of ADDRESSES) {
        if (isOnce && look !== 'light') continue;
        const response = await page.goto(address);
        expect([name, response?.status()]).toEqual([name, 200]);
        if (name === 'conditions') await page.getByText('Filter by several').click();
        // It is in force: what a page asks for besides its files would be an error of the console.
        expect(response?.headers()['content-security-policy']).toBe(
          "default-src 'self'; form-action 'self'; frame-ancestors 'none'",
        );
        faults.push(...(await violations(page)).map((fault) => `${name}: ${fault}`));
        const wider = await overflow(page);
        if (wider !== 0) faults.push(`${name} is ${wider} pixels wider than the window`);
      }
      expect(faults).toEqual([]);
      expect(errors).toEqual([]);
    });
  });
});
