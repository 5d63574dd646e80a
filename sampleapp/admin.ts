/** The guest book in the admin, at /admin/: who is staff keeps it there. */
import * as admin from 'tsango/contrib/admin';
import { Author, Note, Tag } from './models';

class NoteInline extends admin.TabularInline<Note> {
  override readonly model = Note;
  override fields = ['text', 'created'];
  override extra = 1;
}

class AuthorAdmin extends admin.ModelAdmin<Author> {
  override listDisplay = ['name', 'isGuest'];
  override searchFields = ['name', 'user__username'];
  override autocompleteFields = ['user'];
  override inlines = [NoteInline];

  @admin.display({ description: 'guest?', boolean: true, ordering: 'user' })
  isGuest(author: Author): boolean {
    return author.userId === null;
  }
}

class NoteAdmin extends admin.ModelAdmin<Note> {
  override listDisplay = ['text', 'author', 'created'];
  override listFilter = ['created', 'tags'];
  override searchFields = ['text', 'author__name'];
  override dateHierarchy = 'created';
  override autocompleteFields = ['author'];
  override filterHorizontal = ['tags'];
}

admin.site.register(Author, AuthorAdmin);
admin.site.register(Note, NoteAdmin);
admin.site.register(Tag, { searchFields: ['name'] });
