/**
 * docs/modelforms.md, docs/forms.md, docs/generic-views.md: a row with every kind of field, typed with the keyboard alone:
 * refused with the errors beside the fields, corrected, found, changed and deleted.
 */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { journey, seen, siteFor } from './support';

/** Goes on with the Tab key until the control of that name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(
      "document.activeElement?.getAttribute('name') ?? document.activeElement?.textContent",
    );
    if (focused === name) return;
  }
  throw new Error(`No control ${name} comes up.`);
}

async function type(page: Page, values: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(values)) {
    await tabTo(page, name);
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.press('Delete');
    await page.keyboard.type(text);
  }
}

async function save(page: Page): Promise<void> {
  await tabTo(page, 'Save');
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
}

/** The first that is a colour: in front of it is the choice of none. */
async function chooseColor(page: Page): Promise<void> {
  await tabTo(page, 'color');
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
}

/** The errors beside each field, by its name. */
async function errors(page: Page): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const list of await page.locator('ul.errorlist').all()) {
    const id = (await list.getAttribute('id')) ?? '';
    found[id.replace(/^id_|_error$/g, '')] = await list.locator('li').allTextContents();
  }
  return found;
}

const VALID = {
  name: 'Fern & <moss>',
  notes: 'two\nlines',
  email: 'ada@example.com',
  site: 'https://example.com/a',
  slug: 'fern',
  count: '7',
  weight: '1.5',
  price: '12.50',
  day: '2026-11-27',
  moment: '2026-11-27 10:30',
  opens: '19:30',
  lasts: '1 02:03:04',
  code: '12345678-1234-5678-1234-567812345678',
  host: '::1',
  extra: '{"a": 1}',
};

journey('a form with every kind of field', (visitors) => {
  const site = siteFor();

  it('says what is wrong, keeps what is right, and makes the row', async () => {
    const page = await visitors.page();
    await page.goto(site().url('/records/new/'));
    await type(page, {
      name: 'x',
      email: 'nobody',
      site: 'http://',
      slug: 'a b',
    });
    await type(page, {
      price: '1.234',
      day: '2026-02-30',
      moment: 'now',
      opens: '25:00',
      lasts: 'long',
      code: '1',
    });
    await type(page, { host: '300.1.1.1', extra: '{' });
    await save(page);
    expect(await errors(page)).toEqual({
      name: ['Two letters at least.'],
      email: ['Enter a valid email address.'],
      site: ['Enter a valid URL.'],
      slug: ['Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.'],
      count: ['This field is required.'],
      price: ['Ensure that there are no more than 2 decimal places.'],
      day: ['Enter a valid date.'],
      moment: ['Enter a valid date/time.'],
      opens: ['Enter a valid time.'],
      lasts: ['Enter a valid duration.'],
      code: ['Enter a valid UUID.'],
      host: ['Enter a valid IPv4 or IPv6 address.'],
      extra: ['Enter a valid JSON.'],
      color: ['This field is required.'],
    });
    // Who cannot see the page hears of the errors with the field.
    const email = page.locator('#id_email');
    expect(await email.getAttribute('aria-invalid')).toBe('true');
    expect(await email.getAttribute('aria-describedby')).toBe('id_email_error');
    expect(await page.locator('#id_name').getAttribute('aria-describedby')).toBe(
      'id_name_helptext id_name_error',
    );
    expect(await email.inputValue()).toBe('nobody');

    await type(page, { ...VALID, count: '101' });
    await tabTo(page, 'maybe');
    await page.keyboard.press('ArrowDown');
    await chooseColor(page);
    await save(page);
    expect(await errors(page)).toEqual({ agreed: ['So many need your consent.'] });
    await tabTo(page, 'agreed');
    await page.keyboard.press('Space');
    await page
      .locator('#id_file')
      .setInputFiles({ name: 'leaf.txt', mimeType: 'text/plain', buffer: Buffer.from('green') });
    await save(page);
    expect(new URL(page.url()).pathname).toBe('/records/1/');
    expect(await seen(page, 'h2')).toBe('Fern & <moss>');
    expect((await page.locator('#values dd').allTextContents()).map((text) => text.trim())).toEqual([
      'Nov. 27, 2026',
      '12.50',
      '7:30 p.m.',
      'Red',
      'None',
      '',
      'records/leaf.txt',
    ]);
    expect(visitors.errors).toEqual([]);
  });

  it('refuses what is there already, and keeps no file of a form that it refused', async () => {
    const page = await visitors.page();
    await page.goto(site().url('/records/new/'));
    await type(page, VALID);
    await chooseColor(page);
    await page
      .locator('#id_file')
      .setInputFiles({ name: 'other.txt', mimeType: 'text/plain', buffer: Buffer.alloc(3_000_000) });
    await save(page);
    expect(await errors(page)).toEqual({ name: ['Specimen with this Name already exists.'] });
    expect(readdirSync(path.join(site().data, 'media', 'records'))).toEqual(['leaf.txt']);
  });

  it('changes the row: related rows are chosen, the file is cleared', async () => {
    const page = await visitors.page();
    await page.goto(site().url('/records/new/'));
    await type(page, { ...VALID, name: 'Moss', slug: 'moss' });
    await chooseColor(page);
    await page.locator('#id_parent').selectOption({ label: 'Fern & <moss>' });
    await page.locator('#id_likes').selectOption([{ label: 'Fern & <moss>' }]);
    await save(page);
    const values = async (): Promise<string[]> =>
      (await page.locator('#values dd').allTextContents()).map((text) => text.trim());
    expect((await values()).slice(4, 6)).toEqual(['Fern & <moss>', 'Fern & <moss>']);

    await page.goto(site().url('/records/1/change/'));
    expect(await page.locator('#id_day').inputValue()).toBe('2026-11-27');
    expect(await page.locator('#id_moment').inputValue()).toBe('2026-11-27 10:30:00');
    expect(await page.locator('#id_lasts').inputValue()).toBe('1 02:03:04');
    await tabTo(page, 'file-clear');
    await page.keyboard.press('Space');
    await save(page);
    expect((await values()).at(-1)).toBe('');
    expect(existsSync(path.join(site().data, 'media', 'records', 'leaf.txt'))).toBe(true);
  });

  it('lists rows by the page, and deletes one after asking', async () => {
    const page = await visitors.page();
    await page.goto(site().url('/records/new/'));
    await type(page, { ...VALID, name: 'Third', slug: 'third' });
    await chooseColor(page);
    await save(page);
    await page.goto(site().url('/records/'));
    expect(await page.locator('#records li').allTextContents()).toEqual(['Fern & <moss>', 'Moss']);
    await page.getByRole('link', { name: 'Next' }).click();
    expect(await page.locator('#records li').allTextContents()).toEqual(['Third']);
    await page.getByRole('link', { name: 'Third' }).click();
    await page.getByRole('link', { name: 'Delete' }).click();
    expect(await seen(page, 'form p')).toBe('Delete Third?');
    await page.getByRole('button', { name: 'Yes' }).click();
    expect(new URL(page.url()).pathname).toBe('/records/');
    expect(await page.locator('#pages').count()).toBe(0);
  });
});
