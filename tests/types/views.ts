/** What the compiler knows of generic views, and what it refuses. */

import * as models from 'tsango/db/models';
import * as forms from 'tsango/forms';
import { DetailView, FormView, ListView, SingleObjectMixin } from 'tsango/views/generic';

class Book extends models.Model {
  declare static readonly objects: models.Manager<Book>;
  declare id: number;
  @models.CharField({ maxLength: 10 }) declare title: string;
}
class Other extends models.Model {
  declare static readonly objects: models.Manager<Other>;
  declare id: number;
}
class NoteForm extends forms.form({ note: new forms.CharField() }) {}

export class Detail extends DetailView<Book> {
  override model = Book;

  title(): string {
    return this.object.title;
  }

  override async getObject(): Promise<Book> {
    const book = await super.getObject(this.getQueryset().filter({ title__startswith: 'a' }));
    // @ts-expect-error there is no such field
    return book.nothing === '' ? book : book;
  }
}

export class List extends ListView<Book> {
  override queryset = Book.objects.filter({ title: 'a' });

  override getQueryset() {
    return super.getQueryset().exclude({ title: 'b' });
  }
}

export class WrongModel extends DetailView<Book> {
  // @ts-expect-error the rows are of another model
  override model = Other;
}

export class Noted extends FormView<NoteForm> {
  override formClass = NoteForm;

  override formValid(form: NoteForm) {
    const note: string = form.cleanedData.note;
    // @ts-expect-error the form has no such field
    return note === form.cleanedData.other ? super.formValid(form) : super.formValid(form);
  }
}

export const views = [
  List.asView({ paginateBy: 10 }),
  // @ts-expect-error a size is a number
  List.asView({ paginateBy: 'ten' }),
  // @ts-expect-error there is no such attribute
  List.asView({ pageSize: 10 }),
];

export const Mixed = SingleObjectMixin(ListView<Book>);
