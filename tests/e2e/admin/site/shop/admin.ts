import * as admin from 'tsango/contrib/admin';
import type { QuerySet } from 'tsango/db/models';
import type { HttpRequest } from 'tsango/http';
import { TemplateResponse } from 'tsango/template/response';
import { Author, Book, Chapter, Exhibit, Prize, Publisher, Review, Shelf, Sign, Tag } from './models';

/** What the action `proofread` does: tests say. */
export const work: { run: (books: QuerySet<Book>) => admin.ActionSteps } = {
  async *run() {},
};

class ReviewInline extends admin.TabularInline<Review> {
  override readonly model = Review;
  override extra = 1;
}

class ChapterInline extends admin.StackedInline<Chapter> {
  override readonly model = Chapter;
  override extra = 0;
  override autocompleteFields = ['guest'];
}

class BookAdmin extends admin.ModelAdmin<Book> {
  override listDisplay = ['title', 'author', 'kind', 'price', 'isPublic', 'isCheap'];
  override listEditable = ['price', 'isPublic'];
  override listFilter = [
    'isPublic',
    'kind',
    'author',
    ['price', admin.RangeFieldListFilter],
    'published',
  ] as const;
  override searchFields = ['title', 'author__name'];
  override searchHelpText = 'By title or author.';
  override dateHierarchy = 'published';
  override prepopulatedFields = { slug: ['title'] };
  override autocompleteFields = ['author'];
  override rawIdFields = ['translator'];
  override filterHorizontal = ['tags'];
  override inlines = [ReviewInline, ChapterInline];
  override actions = ['publish', 'proofread', 'proofreadSurely'];
  override listPerPage = 20;

  @admin.display({ description: 'cheap?', boolean: true, ordering: 'price' })
  isCheap(book: Book): boolean {
    return Number(book.price) < 10;
  }

  @admin.action({ description: 'Publish the selected books', permissions: ['change'] })
  async publish(request: HttpRequest, books: QuerySet<Book>): Promise<void> {
    this.messageUser(request, `${await books.update({ isPublic: true })} published.`);
  }

  @admin.action({ description: 'Proofread the selected books' })
  async *proofread(request: HttpRequest, books: QuerySet<Book>): admin.ActionSteps {
    yield* work.run(books);
    this.messageUser(request, `${await books.count()} proofread.`);
  }

  @admin.action({ description: 'Proofread the selected books, surely' })
  async *proofreadSurely(request: HttpRequest, books: QuerySet<Book>): admin.ActionSteps {
    if (request.POST.has('sure')) return yield* this.proofread(request, books);
    const context = {
      ...(await this.adminSite.eachContext(request)),
      title: 'Sure?',
      media: this.media,
      books: await books,
    };
    return new TemplateResponse(request, 'shop/sure.html', context);
  }
}

admin.site.register(Book, BookAdmin);
admin.site.register(Author, { listDisplay: ['name', 'born'], searchFields: ['name'] });
admin.site.register([Publisher, Tag]);

class ExhibitInline extends admin.TabularInline<Exhibit> {
  override readonly model = Exhibit;
  override readonly sortableField = 'position';
  override extra = 1;
}

class SignInline extends admin.StackedInline<Sign> {
  override readonly model = Sign;
  override readonly sortableField = 'position';
  override extra = 0;
}

admin.site.register(Shelf, { inlines: [ExhibitInline, SignInline] });
admin.site.register(Prize, {
  listDisplay: ['__str__', 'author', 'title'],
  listEditable: ['title'],
  autocompleteFields: ['author'],
});
