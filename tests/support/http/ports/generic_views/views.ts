/** What classes of the recorded generic views have besides their attributes: each is called with the class that those make. */
import { Paginator } from 'tsango/core/paginator';
import type { Model } from 'tsango/db/models';
import * as forms from 'tsango/forms';
import type { HttpResponseBase } from 'tsango/http';
import { reverse } from 'tsango/urls';
import type { DetailView, FormView, ListView, UpdateView } from 'tsango/views/generic';

// biome-ignore lint/suspicious/noExplicitAny: TypeScript wants exactly this of a mixin's base.
type Base<T> = new (...args: any[]) => T;

const named =
  (template: string) =>
  (base: Base<DetailView>): Base<DetailView> =>
    class extends base {
      override getTemplateNames(): string[] {
        return [`generic_views/${template}.html`];
      }
    };

export const BookSigningArchive = named('book_archive');
export const BookSigningYearArchive = named('book_archive_year');
export const BookSigningMonthArchive = named('book_archive_month');
export const BookSigningWeekArchive = named('book_archive_week');
export const BookSigningDetail = named('book_detail');

export const AuthorCustomDetail = (base: Base<DetailView>): Base<DetailView> =>
  class extends base {
    override async get(): Promise<HttpResponseBase> {
      const author = await this.getObject();
      return this.renderToResponse({ [`custom_${this.getContextObjectName(author)}`]: author });
    }
  };

export const ObjectDetail = (base: Base<DetailView>): Base<DetailView> =>
  class extends base {
    override async getObject(): Promise<Model> {
      return { foo: 'bar' } as unknown as Model;
    }
  };

export const LateValidationView = (base: Base<FormView>): Base<FormView> =>
  class extends base {
    override formClass = forms.form({
      name: new forms.CharField(),
      message: new forms.CharField({ widget: new forms.Textarea() }),
    }) as never;
    override formValid(form: forms.Form): Promise<HttpResponseBase> {
      form.addError(null, 'There is an error');
      return this.formInvalid(form as never);
    }
  };

/** The form is as it is without. */
export const AuthorUpdate = (base: Base<UpdateView>): Base<UpdateView> => base;

const leadingTo =
  (name: string) =>
  (base: Base<UpdateView>): Base<UpdateView> =>
    class extends base {
      override getSuccessUrl(): string {
        return reverse(name, { args: name === 'author_detail' ? [this.object.pk] : [] });
      }
    };

export const SpecializedAuthorCreate = leadingTo('author_detail');
export const SpecializedAuthorUpdate = leadingTo('author_detail');

const withOrphans =
  (orphans: number) =>
  (base: Base<ListView>): Base<ListView> =>
    class extends base {
      override getPaginator(rows: never, perPage: number): never {
        return new Paginator(rows, perPage, { orphans }) as never;
      }
    };

export const AuthorListCustomPaginator = withOrphans(2);
