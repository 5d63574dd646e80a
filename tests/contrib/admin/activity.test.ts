/** What everybody did in the admin, on one page: for those who may see it, by user, model and action. */
import '../../db/settings';
import { overrideSettings } from 'tsango/conf';
import { ADDITION, CHANGE, DELETION, LogEntry } from 'tsango/contrib/admin/models';
import { Permission, User } from 'tsango/contrib/auth/models';
import { ContentType } from 'tsango/contrib/contenttypes';
import { Client } from 'tsango/test';
import { statementsOf } from '../../support/model_tables';
import { library, staff, useLibrary } from './support';

useLibrary();

const ADDRESS = '/admin/admin/activity/';

/** The rows of the page, without tags. */
const rows = (html: string): string[] =>
  [...html.matchAll(/<tr><th scope="row">.*?<\/th>(.*?)<\/tr>/g)].map(([, cells = '']) =>
    cells
      .replace(/<\/td><td>/g, ' | ')
      .replace(/<[^>]*>/g, '')
      .trim(),
  );

/** Ada was added and changed by the boss, a tag added by somebody else, who deleted it again. */
async function deeds(): Promise<{ client: Client; other: InstanceType<typeof User>; adaId: number }> {
  const client = await staff();
  const boss = await User.objects.get({ username: 'boss' });
  const other = await User.objects.createUser('<other>', null, 'secret', { isStaff: true });
  const ada = await library.Author.objects.create({ name: 'Ada & Co' });
  const tag = await library.Tag.objects.create({ word: 'new' });
  await LogEntry.objects.logActions(boss.pk, [ada], ADDITION, [{ added: {} }]);
  await LogEntry.objects.logActions(boss.pk, [ada], CHANGE, [{ changed: { fields: ['Name'] } }]);
  await LogEntry.objects.logActions(other.pk, [tag], ADDITION, [{ added: {} }]);
  await LogEntry.objects.logActions(other.pk, [tag], DELETION);
  return { client, other, adaId: ada.id };
}

/** Lets a user see the log. */
async function allow(user: InstanceType<typeof User>): Promise<void> {
  const contentType = await ContentType.objects.getForModel(LogEntry);
  await user.userPermissions.add(await Permission.objects.get({ codename: 'view_logentry', contentType }));
}

it('shows the newest first, with links to what is there', async () => {
  const { client, adaId } = await deeds();
  const { text } = await client.get(ADDRESS);
  expect(rows(text)).toEqual([
    '&lt;other&gt; | Tag | new | Deletion',
    '&lt;other&gt; | Tag | new | Added.',
    'boss | Author | Ada &amp; Co | Changed Name.',
    'boss | Author | Ada &amp; Co | Added.',
  ]);
  expect(text).toContain(`<a href="/admin/library/author/${adaId}/change/">Ada &amp; Co</a>`);
  expect(text).toContain('4 entries');
});

it('is filtered by user, model and action together', async () => {
  const { client, other } = await deeds();
  const { pk: author } = await ContentType.objects.getForModel(library.Author);
  const shown = async (query: string): Promise<number> =>
    rows((await client.get(`${ADDRESS}?${query}`)).text).length;
  expect(await shown(`user=${other.pk}`)).toBe(2);
  expect(await shown(`user=${other.pk}&action=3`)).toBe(1);
  expect(await shown(`model=${author}&action=2`)).toBe(1);
  expect(await shown(`user=${other.pk}&model=${author}`)).toBe(0);
  expect(await shown('user=&model=&action=')).toBe(4);
  const { text } = await client.get(`${ADDRESS}?user=${other.pk}&action=3`);
  expect(text).toContain(`<option value="${other.pk}" selected>&lt;other&gt;</option>`);
  expect(text).toContain('<option value="3" selected>Deletion</option>');
  expect(text).toContain('<a href="?">Clear</a>');
});

it('is filtered by when it was, in days of the current time zone', async () => {
  const { client } = await deeds();
  const entries = await LogEntry.objects.orderBy('pk' as never);
  const times = [
    '2024-03-31T23:30:00Z',
    '2024-03-24T00:00:00Z',
    '2024-03-23T23:59:59Z',
    '2024-02-29T12:00:00Z',
  ];
  for (const [i, entry] of entries.entries())
    await LogEntry.objects
      .filter({ pk: entry.pk } as never)
      .update({ actionTime: new Date(times[i] as string) });
  const shown = async (query: string): Promise<number> =>
    rows((await client.get(`${ADDRESS}?${query}`)).text).length;
  jest.useFakeTimers({
    now: new Date('2024-03-31T12:00:00Z'),
    doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'setTimeout', 'clearTimeout', 'performance'],
  });
  try {
    expect(await shown('when=today')).toBe(1);
    expect(await shown('when=week')).toBe(2);
    expect(await shown('when=month')).toBe(3);
    expect(await shown('from=2024-02-29&until=2024-03-23')).toBe(2);
    expect(await shown('from=2024-03-24&until=')).toBe(2);
    expect(await shown('until=2024-02-28')).toBe(0);
    expect(await shown('when=month&until=2024-03-23&action=1')).toBe(1);
    const restore = overrideSettings({ TIME_ZONE: 'Europe/Berlin' });
    try {
      expect(await shown('when=today')).toBe(0);
      expect(await shown('from=2024-04-01&until=2024-04-01')).toBe(1);
    } finally {
      await restore();
    }
  } finally {
    jest.useRealTimers();
  }
  const { text } = await client.get(`${ADDRESS}?when=week&from=2024-03-01`);
  expect(text).toContain('<option value="week" selected>Past 7 days</option>');
  expect(text).toContain('<input type="date" name="from" id="activity-from" value="2024-03-01">');
  expect(text).toContain('<a href="?">Clear</a>');
});

it('finds its choices without reading all of the log', async () => {
  const { client } = await deeds();
  const statements = await statementsOf(() => client.get(ADDRESS));
  expect(statements.filter((sql) => /DISTINCT/i.test(sql))).toEqual([]);
  expect(statements.filter((sql) => sql.includes('EXISTS') && sql.includes('django_admin_log'))).toHaveLength(
    2,
  );
});

it.each([
  'when=ever',
  'when=__proto__',
  'from=2024-02-30',
  'until=x',
  'from=%00',
  'user=%00',
  "user=1'--",
  'model=x',
  'action=99',
  'action=1e0',
  'user=__proto__',
])('of what is no choice nothing is found: %s', async (query) => {
  const { client } = await deeds();
  const answer = await client.get(`${ADDRESS}?${query}`);
  expect([answer.statusCode, rows(answer.text)]).toEqual([200, []]);
  expect(answer.text).toContain('Nothing matches.');
});

it('has pages, which keep the filters, in a constant number of statements', async () => {
  const { client } = await deeds();
  const boss = await User.objects.get({ username: 'boss' });
  const few = await statementsOf(() => client.get(`${ADDRESS}?user=${boss.pk}`));
  const ada = await library.Author.objects.get({});
  await LogEntry.objects.logActions(
    boss.pk,
    Array.from({ length: 100 }, () => ada),
    CHANGE,
  );
  const many = await statementsOf(() => client.get(`${ADDRESS}?user=${boss.pk}`));
  expect(many.length).toBe(few.length);
  const { text } = await client.get(`${ADDRESS}?user=${boss.pk}`);
  expect(rows(text)).toHaveLength(100);
  expect(text).toContain(`<a href="?user=${boss.pk}&amp;p=2">2</a>`);
  expect(rows((await client.get(`${ADDRESS}?user=${boss.pk}&p=2`)).text)).toHaveLength(2);
});

describe('who may see it', () => {
  it('has the permission to view log entries; others are refused, and find no link', async () => {
    await deeds();
    const clerk = await staff(['view_author']);
    expect((await clerk.get(ADDRESS)).statusCode).toBe(403);
    expect((await clerk.get('/admin/')).text).not.toContain(ADDRESS);
    await allow(await User.objects.get({ username: 'clerk' }));
    expect((await clerk.get('/admin/')).text).toContain(`<a href="${ADDRESS}">What everybody did</a>`);
    expect(rows((await clerk.get(ADDRESS)).text)).toHaveLength(4);
  });

  it('is led only to what it may open', async () => {
    const { other, adaId } = await deeds();
    await allow(other);
    const client = new Client();
    await client.forceLogin(other);
    const { text } = await client.get(ADDRESS);
    expect(rows(text)).toHaveLength(4);
    expect(text).not.toContain(`/author/${adaId}/change/`);
  });

  it('is logged in, and only reads', async () => {
    const outside = await new Client().get(ADDRESS);
    expect(outside.headers.get('location')).toBe(`/admin/login/?next=${ADDRESS}`);
    expect((await (await staff()).post(ADDRESS, {})).statusCode).toBe(405);
  });
});
