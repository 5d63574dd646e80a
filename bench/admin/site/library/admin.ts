/** Two admins of books: one lists the authors to choose from, the other one searches them. */
import * as admin from 'tsango/contrib/admin';
import { Author, Book, Review } from './models';

class ReviewInline extends admin.TabularInline<Review> {
  override readonly model = Review;
  override extra = 0;
}

export class BookAdmin extends admin.ModelAdmin<Book> {
  override listDisplay = ['title', 'author', 'published', 'price', 'isPublic'];
  override listFilter = ['isPublic'];
  override searchFields = ['title'];
  override inlines = [ReviewInline];
  override autocompleteThreshold = null;
}

class DatedAdmin extends BookAdmin {
  override dateHierarchy = 'published';
  override autocompleteFields = ['author'];
}

export const dated = new admin.AdminSite('dated');
admin.site.register(Author, { searchFields: ['name'] });
admin.site.register(Book, BookAdmin);
dated.register(Author, { searchFields: ['name'] });
dated.register(Book, DatedAdmin);
