/**
 * docs/auth.md, docs/passwords.md, docs/mail.md: a user of the sample site signs up, logs in and out, changes the password
 * and gets a new one by the link of a mail, with and without JavaScript, under the site's Content Security Policy.
 */
import type { Page } from 'playwright-core';
import { type RunningSite, startSite } from '../../support/site';
import { cookieOf, journey, overflow, seen } from './support';

const PASSWORDS = ['correct horse 9', 'battery staple 8', 'purple monkey 7'] as const;

journey('a user of the sample site', (visitors) => {
  let site: RunningSite;
  beforeAll(async () => {
    site = await startSite((port) => ['runserver', String(port), '--noreload']);
  }, 90_000);
  afterAll(async () => {
    await site?.stop();
  });

  const open = (page: Page, target: string) => page.goto(site.url + target);
  const path = (page: Page): string => page.url().slice(site.url.length);
  const press = (page: Page, name: string): Promise<void> =>
    page.getByRole('button', { name, exact: true }).click();
  const follow = (page: Page, name: string): Promise<void> =>
    page.getByRole('link', { name, exact: true }).click();
  async function fill(page: Page, values: Readonly<Record<string, string>>): Promise<void> {
    for (const [label, value] of Object.entries(values))
      await page.getByLabel(label, { exact: true }).fill(value);
  }
  async function logIn(page: Page, name: string, password: string): Promise<void> {
    await fill(page, { Username: name, Password: password });
    await press(page, 'Log in');
  }
  const who = (page: Page): Promise<string> => seen(page, '.who');

  /** The link of the last mail that the server printed, once there are so many. */
  async function mailedLink(count: number): Promise<string> {
    for (let tries = 0; tries < 500; tries++) {
      const links = [...site.output().matchAll(/^http:\/\/127\.0\.0\.1:\d+(\/accounts\/reset\/\S+)$/gm)];
      if (links.length >= count) return links.at(-1)?.[1] as string;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`There is no mail number ${count}:\n${site.output()}`);
  }

  it.each([
    ['with JavaScript', true, 'ada'],
    ['without JavaScript', false, 'grace'],
  ] as const)(
    'signs up, signs the book, and is let in by every way there is: %s',
    async (_, javaScriptEnabled, name) => {
      const page = await visitors.open({ javaScriptEnabled });
      const first = await open(page, '/');
      expect(first?.headers()['content-security-policy']).toMatch(
        /^default-src 'self'; style-src 'self' 'nonce-[\w-]+'; img-src 'self' data:; form-action 'self'$/,
      );
      // The policy lets the site's own style through.
      expect((await page.locator('.card').first().boundingBox())?.width).toBeGreaterThan(200);
      await follow(page, 'Sign up');
      await fill(page, {
        Username: name,
        'Email address': `${name}@example.com`,
        Password: 'password',
        'Password confirmation': 'password',
      });
      await press(page, 'Sign up');
      expect(await seen(page, 'main')).toContain('This password is too common.');
      await fill(page, { Password: PASSWORDS[0], 'Password confirmation': PASSWORDS[0] });
      await press(page, 'Sign up');
      expect([path(page), await seen(page, '[role=status]')]).toEqual(['/', `Welcome, ${name}.`]);

      await fill(page, { 'What do you want to say?': `I am ${name}.` });
      await press(page, `Sign the book as ${name}`);
      expect(await seen(page, '.notes li:first-child')).toContain(`${name} (1 note)`);
      await page.getByRole('link', { name: 'Edit' }).first().click();
      await fill(page, { Text: `I am still ${name}.` });
      await press(page, 'Save the note');
      expect(await seen(page, '.notes li:first-child')).toContain(`I am still ${name}.`);
      const note = (await page.getByRole('link', { name: 'Edit' }).first().getAttribute('href')) ?? '';
      const before = (await cookieOf(page))?.value;

      await press(page, 'Log out');
      expect([path(page), await who(page)]).toEqual(['/', expect.stringMatching(/^Log in\s+Sign up$/)]);
      expect((await cookieOf(page))?.value).not.toBe(before);
      expect(await page.getByRole('link', { name: 'Edit' }).count()).toBe(0);

      // `next`: the page that was asked for, and none of another site.
      await open(page, note);
      expect(path(page)).toBe(`/accounts/login/?next=${note}`);
      await logIn(page, name, 'wrong');
      expect(await seen(page, 'main')).toContain(
        'Please enter a correct username and password. Note that both fields may be case-sensitive.',
      );
      await logIn(page, name, PASSWORDS[0]);
      expect(path(page)).toBe(note);
      await open(page, '/');
      await press(page, 'Log out');
      await open(page, '/accounts/login/?next=https://evil.example/');
      await logIn(page, name, PASSWORDS[0]);
      expect([path(page), await who(page)]).toEqual(['/', expect.stringContaining(name)]);

      // Another browser of the same person is logged out by a new password, this one is not.
      const other = await visitors.open({ javaScriptEnabled });
      await open(other, '/accounts/login/');
      await logIn(other, name, PASSWORDS[0]);
      expect(await who(other)).toContain(name);
      await follow(page, name);
      expect(path(page)).toBe('/accounts/password_change/');
      const change = (old: string, fresh: string) =>
        fill(page, { 'Old password': old, 'New password': fresh, 'New password confirmation': fresh });
      await change('wrong', PASSWORDS[1]);
      await press(page, 'Change my password');
      expect(await seen(page, 'main')).toContain('Your old password was entered incorrectly.');
      await change(PASSWORDS[0], PASSWORDS[1]);
      await press(page, 'Change my password');
      expect([path(page), await who(page)]).toEqual([
        '/accounts/password_change/done/',
        expect.stringContaining(name),
      ]);
      await open(other, '/');
      expect(await who(other)).not.toContain(name);

      // A link by mail, good once.
      await open(other, '/accounts/login/');
      await follow(other, 'Forgotten your password?');
      const sent = site.output().match(/\/accounts\/reset\/\S+\n/g)?.length ?? 0;
      const answers: string[] = [];
      for (const email of ['nobody@example.com', `${name}@example.com`]) {
        await open(other, '/accounts/password_reset/');
        await fill(other, { Email: email });
        await press(other, 'Send me the link');
        answers.push(`${path(other)} ${await seen(other, 'main')}`);
      }
      expect(answers[0]).toBe(answers[1]);
      const link = await mailedLink(sent + 1);
      expect(site.output()).toContain(`To: ${name}@example.com`);
      expect(site.output()).not.toContain('To: nobody@example.com');
      await open(other, link);
      expect(path(other)).toMatch(/^\/accounts\/reset\/\w+\/set-password\/$/);
      await fill(other, { 'New password': PASSWORDS[2], 'New password confirmation': PASSWORDS[2] });
      await press(other, 'Change my password');
      expect(await seen(other, 'main')).toContain('Your password has been set.');
      await other.getByRole('main').getByRole('link', { name: 'Log in' }).click();
      await logIn(other, name, PASSWORDS[1]);
      expect(await seen(other, 'main')).toContain('Please enter a correct username and password.');
      await logIn(other, name, PASSWORDS[2]);
      expect(await who(other)).toContain(name);
      await open(page, link);
      expect(await seen(page, 'main')).toContain('This link has been used already, or is too old.');
      expect(await page.locator('main form').count()).toBe(0);

      await open(other, '/');
      await other.getByRole('link', { name: 'Delete', exact: true }).first().click();
      await press(other, 'Delete the note');
      expect(await seen(other, '.notes')).not.toContain(`I am still ${name}.`);
      expect(visitors.errors).toEqual([]);
    },
    120_000,
  );

  it.each([390, 1280])('has pages that fit the screen, whose fields have names: %i', async (width) => {
    const page = await visitors.open({ viewport: { width, height: 800 } });
    for (const target of ['/accounts/login/', '/accounts/signup/', '/accounts/password_reset/']) {
      await open(page, target);
      expect([target, await overflow(page)]).toEqual([target, 0]);
      expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
      for (const input of await page.locator('main input:not([type=hidden])').all()) {
        const id = await input.getAttribute('id');
        expect(await page.locator(`label[for="${id}"]`).count()).toBe(1);
        const described = await input.getAttribute('aria-describedby');
        if (described !== null) expect(await page.locator(`[id="${described}"]`).count()).toBe(1);
      }
    }
    expect(visitors.errors).toEqual([]);
  });
});
