import * as admin from 'tsango/contrib/admin';
import type { QuerySet } from 'tsango/db/models';
import type { HttpRequest } from 'tsango/http';
import { HttpResponse } from 'tsango/http';
import { SafeString } from 'tsango/utils/safestring';
import { Author, Book, Loan, Review, Tag } from './models';

class ReviewInline extends admin.TabularInline<Review> {
  override readonly model = Review;
  override extra = 1;
}

class BookAdmin extends admin.ModelAdmin<Book> {
  override listDisplay = ['title', 'author', 'published', 'isPublic', 'kind', 'cheap'];
  override listFilter = ['isPublic', 'kind', 'author', 'published'];
  override searchFields = ['title', 'author__name'];
  override prepopulatedFields = { slug: ['title'] };
  override inlines = [ReviewInline];
  override actions = ['publish', admin.exportCsv, admin.exportJson];
  override dateHierarchy = 'published';
  override readonlyFields = ['cheap'];

  @admin.display({ description: 'cheap?', boolean: true, ordering: 'price' })
  cheap(book: Book): boolean {
    return Number(book.price) < 10;
  }

  @admin.action({ description: 'Publish the selected %(verbose_name_plural)s', permissions: ['change'] })
  async publish(request: HttpRequest, books: QuerySet<Book>): Promise<void> {
    const count = await books.update({ isPublic: true });
    this.messageUser(request, `${count} published.`);
  }
}

admin.site.register(Book, BookAdmin);
admin.site.register(Author, {
  listDisplay: ['name', 'born'],
  searchFields: ['name'],
  listEditable: ['born'],
});
admin.site.register(Loan);
class ReviewAdmin extends admin.ModelAdmin<Review> {
  override listFilter = [
    ['stars', admin.RangeFieldListFilter],
    ['book__published', admin.RangeFieldListFilter],
    ['book__author__born', admin.RangeFieldListFilter],
  ] as const;
}
admin.site.register(Review, ReviewAdmin);

/** How many rows were looked at: a stream looks at those that it has sent. */
export const seen = { rows: 0 };

/** What the action `work` does: each test says. */
export const work: {
  run: (request: HttpRequest, tags: QuerySet<Tag>, ofTags: admin.ModelAdmin<Tag>) => admin.ActionSteps;
} = {
  async *run() {},
};
const workAction: admin.ActionFunction = Object.assign(
  async function* (ofTags: admin.ModelAdmin, request: HttpRequest, tags: QuerySet<Tag>): admin.ActionSteps {
    return yield* work.run(request, tags, ofTags as unknown as admin.ModelAdmin<Tag>);
  },
  { allowedPermissions: ['change'] },
);
Object.defineProperty(workAction, 'name', { value: 'work' });
admin.site.register(Tag, {
  actions: [admin.exportCsv, workAction],
  estimateCountAbove: 20_000,
  exportFields: [
    'word',
    (tag) => {
      seen.rows += 1;
      return tag.word.length;
    },
  ],
});

const maySeeBooks = async (request: HttpRequest): Promise<boolean> =>
  (await request.user).hasPerm('library.view_book');

admin.site.addPage({
  route: 'sales/',
  name: 'sales',
  title: 'Sales & more',
  hasPermission: maySeeBooks,
  view: async () => new SafeString(`<p id="sold">${await Book.objects.count()} sold</p>`),
});
admin.site.addPage({
  route: 'sales/<int:year>/',
  name: 'sales_year',
  title: 'A year',
  view: (_request, { year }) => new HttpResponse(`year ${String(year)}`),
});
admin.site.addCard({
  title: 'Books <by kind>',
  hasPermission: maySeeBooks,
  content: () =>
    admin.barChart(
      [
        ['<Novel>', 3],
        ['Poems', -1],
      ],
      { label: 'Books' },
    ),
});
admin.site.addCard({ title: 'Text', content: () => '<b>plain</b>' });
