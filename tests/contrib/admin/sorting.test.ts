/** Inlines in an order: `sortableField`. */
import '../../db/settings';
import type { DatabaseSettings } from 'tsango/conf';
import * as admin from 'tsango/contrib/admin';
import { CHANGE, LogEntry } from 'tsango/contrib/admin/models';
import type { ModelClass } from 'tsango/db/models';
import type { Client, ClientResponse } from 'tsango/test';
import { scratchDatabase } from '../../support/databases';
import { describeWith } from '../../support/services';
import { SQLITE_ENGINE } from '../../support/sqlite';
import type * as anthologyModels from './site/anthology/models';
import { fieldsOf, staff, useSite } from './support';

let anthology: typeof anthologyModels;

function useAnthology(database: DatabaseSettings): void {
  useSite('anthology', database, () => {
    anthology = require('./site/anthology/models') as typeof anthologyModels;
    return [anthology.Anthology, anthology.Poem, anthology.Verse] as ModelClass[];
  });
}

const location = (response: ClientResponse): unknown => response.headers.get('location');
const LIST = '/admin/anthology/anthology/';
/** The poems in their order, with their numbers. */
const poems = async (): Promise<string[]> =>
  [...(await anthology.Poem.objects.orderBy('sortOrder', 'id'))].map(
    ({ title, sortOrder }) => `${sortOrder} ${title}`,
  );

let client: Client;
let url: string;
let page: Record<string, string>;

function cases(): void {
  beforeEach(async () => {
    const { id } = await anthology.Anthology.objects.create({ title: 'Odes' });
    // In another order than that of their keys.
    for (const [title, sortOrder] of [
      ['c', 3],
      ['a', 1],
      ['b', 2],
    ] as const) {
      await anthology.Poem.objects.create({ anthologyId: id, title, sortOrder });
    }
    url = `${LIST}${id}/change/`;
    client = await staff();
    page = fieldsOf((await client.get(url)).text);
  });

  const row = (index: number, name: string): string => `poem_set-${index}-${name}`;
  const save = async (changes: Record<string, string>): Promise<string[]> => {
    const response = await client.post(url, { ...page, ...changes });
    expect([response.statusCode, location(response)]).toEqual([302, LIST]);
    return poems();
  };

  describe('the page', () => {
    it('shows the rows in their order, with numbers, and what the script needs', async () => {
      expect([0, 1, 2].map((i) => page[row(i, 'title')])).toEqual(['a', 'b', 'c']);
      expect([0, 1, 2].map((i) => page[row(i, 'sort_order')])).toEqual(['1', '2', '3']);
      const { text } = await client.get(url);
      expect(text).toContain('&quot;sortable&quot;: &quot;sort_order&quot;');
      expect(text).toContain('/static/admin/js/sorting.js');
    });

    it('has no handles for whoever may only look, in the same order', async () => {
      const { text } = await (await staff(['view_anthology', 'view_poem'])).get(url);
      expect(text).not.toContain('&quot;sortable&quot;');
      expect([...text.matchAll(/field-title"><p>(.)</g)].map(([, title]) => title)).toEqual(['a', 'b', 'c']);
    });
  });

  describe('what is saved', () => {
    it('is 1 … n in the order of the numbers that were sent', async () => {
      expect(
        await save({
          [row(0, 'sort_order')]: '30',
          [row(1, 'sort_order')]: '20',
          [row(2, 'sort_order')]: '10',
        }),
      ).toEqual(['1 c', '2 b', '3 a']);
      const { changeMessage } = await LogEntry.objects.get({ actionFlag: CHANGE });
      expect(JSON.parse(changeMessage)).toHaveLength(2);
    });

    it('puts a row where its number was typed, from above or from below', async () => {
      expect(await save({ [row(0, 'sort_order')]: '2' })).toEqual(['1 b', '2 a', '3 c']);
      page = fieldsOf((await client.get(url)).text);
      expect(await save({ [row(2, 'sort_order')]: '1' })).toEqual(['1 c', '2 b', '3 a']);
    });

    it('has new rows behind the others, or where their number says; empty and deleted ones do not count', async () => {
      expect(await save({ [row(3, 'title')]: 'd', [row(4, 'sort_order')]: '9' })).toEqual([
        '1 a',
        '2 b',
        '3 c',
        '4 d',
      ]);
      page = fieldsOf((await client.get(url)).text);
      expect(
        await save({
          [row(0, 'DELETE')]: 'on',
          [row(4, 'sort_order')]: '1',
          [row(5, 'title')]: 'e',
          [row(5, 'sort_order')]: '3',
        }),
      ).toEqual(['1 b', '2 e', '3 c', '4 d']);
    });

    it('leaves numbers alone where nothing was moved: steps, gaps, equal ones', async () => {
      await anthology.Poem.objects.filter({ title__in: ['b', 'c'] }).update({ sortOrder: 20 });
      page = fieldsOf((await client.get(url)).text);
      expect(await save({ [row(0, 'title')]: 'A' })).toEqual(['1 A', '20 c', '20 b']);
    });

    it('has no number that is none', async () => {
      const { text } = await client.post(url, {
        ...page,
        [row(0, 'sort_order')]: 'first',
        [row(2, 'sort_order')]: '1',
      });
      expect(text).toContain('Enter a whole number.');
      expect(await poems()).toEqual(['1 a', '2 b', '3 c']);
    });

    it('is numbered on a new object, and on one that is saved with errors elsewhere', async () => {
      const add = fieldsOf((await client.get(`${LIST}add/`)).text);
      const sent = {
        ...add,
        [row(0, 'title')]: 'y',
        [row(0, 'sort_order')]: '20',
        [row(1, 'title')]: 'x',
        [row(1, 'sort_order')]: '10',
      };
      const { text } = await client.post(`${LIST}add/`, sent);
      expect(text).toContain('This field is required.');
      expect(location(await client.post(`${LIST}add/`, { ...fieldsOf(text), title: 'New' }))).toBe(LIST);
      expect((await poems()).filter((each) => /[xy]$/.test(each))).toEqual(['1 x', '2 y']);
    });

    it('is not what somebody else has moved meanwhile: that is told', async () => {
      await anthology.Poem.objects.filter({ title: 'a' }).update({ sortOrder: 5 });
      const { text } = await client.post(url, {
        ...page,
        [row(0, 'sort_order')]: '2',
        [row(1, 'sort_order')]: '1',
      });
      expect(text).toContain('This row was changed after you had opened the page.');
      expect(await poems()).toEqual(['2 b', '3 c', '5 a']);
    });

    it('is only what somebody may change: rows that are added go behind the others', async () => {
      client = await staff(['change_anthology', 'view_poem', 'add_poem']);
      const own = fieldsOf((await client.get(url)).text);
      const sent = {
        ...own,
        [row(0, 'sort_order')]: '9',
        [row(3, 'title')]: 'e',
        [row(3, 'sort_order')]: '2',
        [row(4, 'title')]: 'd',
        [row(4, 'sort_order')]: '1',
      };
      expect(location(await client.post(url, sent))).toBe(LIST);
      expect(await poems()).toEqual(['1 a', '2 b', '3 c', '4 d', '5 e']);
    });
  });
}

describe('sqlite', () => {
  useAnthology({ ENGINE: SQLITE_ENGINE, NAME: ':memory:' });
  cases();

  describe('the checks', () => {
    const problems = (options: object): string[] => {
      class VerseInline extends admin.StackedInline<anthologyModels.Verse> {
        override readonly model = anthology.Verse;
      }
      const inline = Object.assign(new VerseInline(anthology.Poem as never, admin.site), options);
      return inline.check().map(({ id, msg }) => `${id}: ${msg}`);
    };

    it.each<[object, string | undefined]>([
      [{ sortableField: 'position' }, undefined],
      [{ sortableField: 'position', fields: ['place', ['line', 'position']] }, undefined],
      [
        { sortableField: 'nowhere' },
        "admin.E901: The value of 'sortableField' refers to 'nowhere', which is not a field of 'anthology.Verse'.",
      ],
      [
        { sortableField: 'weight' },
        "admin.E902: The value of 'sortableField' must be an integer field that can be edited.",
      ],
      [
        { sortableField: 'fixed' },
        "admin.E902: The value of 'sortableField' must be an integer field that can be edited.",
      ],
      [
        { sortableField: 'poem' },
        "admin.E902: The value of 'sortableField' must be an integer field that can be edited.",
      ],
      [
        { sortableField: 'line' },
        "admin.E903: The value of 'sortableField' refers to 'line', which is to be unique.",
      ],
      [
        { sortableField: 'place' },
        "admin.E903: The value of 'sortableField' refers to 'place', which is to be unique.",
      ],
      [
        { sortableField: 'position', fields: ['place'] },
        "admin.E904: The value of 'sortableField' refers to 'position', which is no field of the form.",
      ],
      [
        { sortableField: 'position', exclude: ['position'] },
        "admin.E904: The value of 'sortableField' refers to 'position', which is no field of the form.",
      ],
      [
        { sortableField: 'position', readonlyFields: ['position'] },
        "admin.E904: The value of 'sortableField' refers to 'position', which is no field of the form.",
      ],
      [
        { sortableField: 'position', fieldsets: [[null, { fields: ['place'] }]] },
        "admin.E904: The value of 'sortableField' refers to 'position', which is no field of the form.",
      ],
    ])('%j', (options, problem) => {
      expect(problems(options)).toEqual(problem === undefined ? [] : [problem]);
    });

    it('types know which members are numbers', () => {
      class Wrong extends admin.TabularInline<anthologyModels.Poem> {
        override readonly model = anthology.Poem;
        // @ts-expect-error a title is no number
        override readonly sortableField = 'title';
      }
      expect(new Wrong(anthology.Anthology as never, admin.site).check()).toHaveLength(1);
    });
  });
});
for (const engine of ['postgresql', 'mysql'] as const) {
  describeWith(engine, engine, () => {
    useAnthology(scratchDatabase(engine));
    cases();
  });
}
