/** Lists and rows in pages. */
import { configure } from 'tsango/conf';
import { EmptyPage, PageNotAnInteger, Paginator } from 'tsango/core/paginator';
import * as models from 'tsango/db/models';
import { Context } from 'tsango/template/context';
import { Engine } from 'tsango/template/engine';
import { onEveryDatabase, statementsOf } from '../support/model_tables';

configure({ SECRET_KEY: 'x', USE_TZ: false });

const numbers = (count: number): number[] => Array.from({ length: count }, (_each, i) => i + 1);

describe('pages of a list', () => {
  it.each([
    // count, per page, orphans, allow an empty first page: pages
    [10, 4, 0, true, 3],
    [10, 4, 1, true, 3],
    [10, 4, 2, true, 2],
    [10, 4, 6, true, 1],
    [10, 5, 5, true, 1],
    [0, 4, 0, true, 1],
    [0, 4, 0, false, 0],
    [1, 4, 0, false, 1],
    [1, '4', 0, true, 1],
  ])(
    '%d objects by %s, %d orphans, empty first page %s: %d',
    (count, size, orphans, allowEmptyFirstPage, pages) => {
      const paginator = new Paginator(numbers(count), size, { orphans, allowEmptyFirstPage });
      expect([paginator.count, paginator.numPages]).toEqual([count, pages]);
      expect(paginator.pageRange).toEqual(numbers(pages));
    },
  );

  it.each([
    [null, PageNotAnInteger, 'That page number is not an integer'],
    ['x', PageNotAnInteger, 'That page number is not an integer'],
    [1.5, PageNotAnInteger, 'That page number is not an integer'],
    [0, EmptyPage, 'That page number is less than 1'],
    ['-1', EmptyPage, 'That page number is less than 1'],
    [4, EmptyPage, 'That page contains no results'],
  ])('there is no page %p', async (number, Refused, message) => {
    const paginator = new Paginator(numbers(9), 3);
    await expect(paginator.page(number)).rejects.toThrow(new Refused(message));
  });

  it('getPage gives the nearest', async () => {
    const paginator = new Paginator(numbers(9), 3);
    const number = async (wanted: unknown): Promise<number> => (await paginator.getPage(wanted)).number;
    expect(await Promise.all(['2', 'x', 0, -3, 99].map(number))).toEqual([2, 1, 3, 3, 3]);
    await expect(new Paginator([], 3, { allowEmptyFirstPage: false }).getPage(1)).rejects.toThrow(EmptyPage);
  });

  it('a page knows its neighbours, and is printed', async () => {
    const paginator = new Paginator(numbers(11), 5, { orphans: 1 });
    const last = await paginator.page(2);
    expect([...last]).toEqual([6, 7, 8, 9, 10, 11]);
    expect([last.hasNext(), last.hasPrevious(), last.startIndex(), last.endIndex()]).toEqual([
      false,
      true,
      6,
      11,
    ]);
    expect(last.previousPageNumber()).toBe(1);
    expect(() => last.nextPageNumber()).toThrow('That page contains no results');
    const source =
      '{% for each in page %}{{ each }} {% endfor %}{{ page }} {{ page|length }} {{ page.0 }} {{ page.has_other_pages }}';
    expect(new Engine().fromString(source).render(new Context({ page: last }))).toBe(
      '6 7 8 9 10 11 &lt;Page 2 of 2&gt; 6 6 True',
    );
  });

  it('says what it was told to', async () => {
    const paginator = new Paginator(numbers(5), 2, { errorMessages: { no_results: 'Nothing there.' } });
    await expect(paginator.page(9)).rejects.toThrow('Nothing there.');
    await expect(paginator.page(0)).rejects.toThrow('That page number is less than 1');
  });

  it.each([
    [1, 50, [1, 2, 3, 4, '…', 49, 50]],
    [6, 50, [1, 2, 3, 4, 5, 6, 7, 8, 9, '…', 49, 50]],
    [8, 50, [1, 2, '…', 5, 6, 7, 8, 9, 10, 11, '…', 49, 50]],
    [43, 50, [1, 2, '…', 40, 41, 42, 43, 44, 45, 46, '…', 49, 50]],
    [50, 50, [1, 2, '…', 47, 48, 49, 50]],
    [3, 10, numbers(10)],
  ])('page %d of %d has others around it', (number, pages, expected) => {
    expect(new Paginator(numbers(pages), 1).getElidedPageRange(number)).toEqual(expected);
  });
});

class Leaf extends models.Model {
  static override readonly Meta: models.MetaOptions = { appLabel: 'paginator' };
  declare static readonly objects: models.Manager<Leaf>;
  declare id: number;
}

onEveryDatabase(
  () => [Leaf],
  () => {
    it('pages of rows are counted once, and loaded by the page', async () => {
      await Leaf.objects.bulkCreate(numbers(7).map((id) => new Leaf({ id })));
      const paginator = new Paginator(Leaf.objects.orderBy('pk'), 3);
      const statements = await statementsOf(async () => {
        const page = await paginator.page(3);
        expect(page.at(-1)?.id).toBe(7);
        expect([page.length, await paginator.count, paginator.numPages]).toEqual([1, 7, 3]);
      });
      expect(statements).toHaveLength(2);
      const all: number[] = [];
      for await (const page of paginator) all.push(...[...page].map(({ id }) => id));
      expect(all).toEqual(numbers(7));
    });

    it('rows without an order are warned of', () => {
      const warn = jest.spyOn(process, 'emitWarning').mockReturnValue();
      new Paginator(Leaf.objects.all(), 3);
      new Paginator(Leaf.objects.orderBy('pk'), 3);
      expect(warn.mock.calls.map(([warning]) => String(warning))).toEqual([
        'UnorderedObjectListWarning: Pagination may yield inconsistent results with an unordered object_list: Leaf QuerySet.',
      ]);
      warn.mockRestore();
    });
  },
);
