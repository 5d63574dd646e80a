/** Inlines of rows that refer to a row of any model. Django: `django.contrib.contenttypes.admin`. */
import type { Model } from '../../db/models/base';
import type { BaseModelFormSet, ModelformsetFactoryOptions } from '../../forms/models';
import type { BaseModelAdminChecks } from '../admin/checks/base';
import { type InlineFormSetClass, InlineModelAdmin } from '../admin/options/inlines';
import { BaseGenericInlineFormSet, genericInlineformsetFactory } from './forms';

/**
 * The base of inlines whose rows refer to the parent by a GenericForeignKey. A subclass says the `model`.
 *
 * @example
 * ```ts
 * class NoteInline extends GenericTabularInline<Note> {
 *   override readonly model = Note;
 * }
 * class BookAdmin extends admin.ModelAdmin<Book> {
 *   override inlines = [NoteInline];
 * }
 * ```
 * https://docs.djangoproject.com/en/5.2/ref/contrib/contenttypes/#generic-relations-in-admin
 */
export abstract class GenericInlineModelAdmin<M extends Model = Model> extends InlineModelAdmin<M> {
  /** The foreign key to ContentType. */
  ctField = 'contentType';
  /** The field with the key. */
  ctFkField = 'objectId';
  override formset: (abstract new (...args: never[]) => BaseModelFormSet) | null = BaseGenericInlineFormSet;

  override get checksClass(): new () => BaseModelAdminChecks {
    return (require('./admin_checks') as typeof import('./admin_checks')).GenericInlineModelAdminChecks;
  }

  override makeFormset(options: ModelformsetFactoryOptions): InlineFormSetClass {
    const { ctField, ctFkField: fkField } = this;
    return genericInlineformsetFactory(this.model, {
      ...options,
      ctField,
      fkField,
    } as never) as unknown as InlineFormSetClass;
  }
}

/** Generic inlines as forms below each other. */
export abstract class GenericStackedInline<M extends Model = Model> extends GenericInlineModelAdmin<M> {
  template = 'admin/edit_inline/stacked.html';
}

/** Generic inlines as the rows of a table. */
export abstract class GenericTabularInline<M extends Model = Model> extends GenericInlineModelAdmin<M> {
  template = 'admin/edit_inline/tabular.html';
}
