/**
 * docs/databases.md, docs/models.md, docs/migrations.md: a guest book over each database, before and after its migrations, with
 * a model's unique name, order and time; what fails in a transaction leaves nothing.
 */
import { Client } from 'pg';
import { describeWith, SERVICES } from '../../support/services';
import { manage } from '../../support/temporary_site';
import { journey, SITE, type SiteOptions, seen, siteFor, type Visitors } from './support';

const NAME = `tsango_journey_${process.pid}`;

async function sql(statement: string): Promise<void> {
  const { host, port, user, database } = SERVICES.postgresql;
  const client = new Client({ host, port, user, database });
  await client.connect();
  await client.query(statement);
  await client.end();
}

function guestBook(visitors: Visitors, settings: SiteOptions['settings']): void {
  const site = siteFor({
    settings: { DEBUG: true, ...settings },
    before: [],
    command: ['runserver', '--noreload'],
  });

  it('says what is missing until it is migrated, and keeps its guests then', async () => {
    const page = await visitors.page();
    expect((await page.goto(site().url('/guests/')))?.status()).toBe(500);
    expect(await seen(page, 'h1')).toMatch(/^(OperationalError|ProgrammingError) at \/guests\//);
    expect(await seen(page, 'body')).toMatch(
      /no such table: guests_guest|relation "guests_guest" does not exist/,
    );
    // The driver's error and ours, each with the site's own line open.
    const open = await page.locator('details.frame[open]').allInnerTexts();
    for (const frame of open) expect(frame).toMatch(/guests\/views\.ts, line \d+, in index/);
    expect(open).toHaveLength(2);
    expect(site().server.stdout).toContain('You have 3 unapplied migration(s)');

    const env = { SITE_DATA: site().data, SITE_SETTINGS: JSON.stringify(settings) };
    expect((await manage(SITE, ['migrate'], env).ended).stdout).toContain(
      'Applying guests.0001_initial... OK',
    );
    await page.reload();
    expect(await seen(page, '#guests')).toBe('Nobody yet.');
    const come = async (name: string): Promise<string> => {
      await page.getByLabel('Name').fill(name);
      await page.getByRole('button', { name: 'Come in' }).click();
      return seen(page, '[role=status]');
    };
    expect(await come("Zoë O'Hara; DROP TABLE guests_guest --")).toContain('Welcome, Zoë');
    expect(await come('Ada 😀')).toBe('Welcome, Ada 😀.');
    expect(await come('Ada 😀')).toBe('Ada 😀 is here already.');
    expect(await seen(page, '#count')).toBe('2 guests');
    await page.getByRole('link', { name: 'Ada' }).click();
    expect(await seen(page, 'h1')).toBe('Ada 😀');
    expect(await seen(page, 'p')).toMatch(/^The \d+(st|nd|rd|th) guest, (now|(a|\d+) seconds? ago)$/);
    expect((await page.goto(site().url('/guests/999/')))?.status()).toBe(404);
    expect(await seen(page, 'body')).toContain('No Guest matches the given query.');

    // The second of the party is here already: so the first does not come either.
    await page.goto(site().url('/guests/'));
    await page.getByLabel('First').fill('Grace');
    await page.getByLabel('Second').fill('Ada 😀');
    await page.getByRole('button', { name: 'Party' }).click();
    expect(await seen(page, 'h1')).toBe('IntegrityError at /guests/party/');
    await page.goto(site().url('/guests/'));
    expect(await seen(page, '#count')).toBe('2 guests');
    await page.getByLabel('First').fill('Grace');
    await page.getByLabel('Second').fill('Edsger');
    await page.getByRole('button', { name: 'Party' }).click();
    expect(await page.locator('#guests li').allInnerTexts()).toEqual([
      'Edsger',
      'Grace',
      'Ada 😀',
      "Zoë O'Hara; DROP TABLE guests_guest --",
    ]);
  }, 60_000);
}

journey('a guest book', (visitors) => {
  describe('in the file of the settings', () => guestBook(visitors, {}));

  describeWith('postgresql', 'in PostgreSQL', () => {
    const { host: HOST, port: PORT, user: USER } = SERVICES.postgresql;
    beforeAll(() => sql(`CREATE DATABASE ${NAME}`));
    afterAll(() => sql(`DROP DATABASE IF EXISTS ${NAME} WITH (FORCE)`));
    guestBook(visitors, { DATABASES: { default: { ENGINE: 'postgresql', NAME, HOST, PORT, USER } } });
  });
});
