/** The admin of a model. Django: `ModelAdmin` of `django.contrib.admin.options`. */
import type { Model, ModelClass } from '../../../db/models/base';
import { Media, mediaOf } from '../../../forms/media';
import type { ModelForm } from '../../../forms/models';
import type { HttpRequest } from '../../../http/request';
import type { HttpResponseBase } from '../../../http/response_base';
import type { UrlEntry } from '../../../urls';
import type { MaybePromise } from '../../../utils/maybe_promise';
import { SUCCESS } from '../../messages/constants';
import type { BaseModelAdminChecks } from '../checks/base';
import type { ModelPerms } from '../site/app_list';
import type { AdminSite } from '../sites';
import type { FormOptions } from './forms';
import type { InlineModelAdmin, InlineModelAdminClass } from './inlines';
import { SavingModelAdmin } from './saving';

type Context = Readonly<Record<string, unknown>>;

/**
 * How the objects of a model are listed, made, changed and deleted in the admin.
 *
 * @example
 * ```ts
 * class BookAdmin extends admin.ModelAdmin<Book> {
 *   override listDisplay = ['title', 'author', 'published'];
 *   override searchFields = ['title', 'author__name'];
 *   override listFilter = ['published'];
 * }
 * admin.site.register(Book, BookAdmin);
 * ```
 * https://docs.djangoproject.com/en/5.2/ref/contrib/admin/#modeladmin-objects
 */
export class ModelAdmin<M extends Model = Model> extends SavingModelAdmin<M> {
  /** "Save as new" instead of "Save and add another". */
  saveAs = false;
  /** Whether "Save as new" leads to the new object. */
  saveAsContinue = true;
  saveOnTop = false;
  /** Whether a page says what it was made of, so that nobody overwrites unawares what somebody else has changed meanwhile. */
  detectConflicts = true;
  /** What is edited on the same page. */
  inlines: readonly InlineModelAdminClass[] = [];

  addFormTemplate: string | null = null;
  changeFormTemplate: string | null = null;
  deleteConfirmationTemplate: string | null = null;
  objectHistoryTemplate: string | null = null;
  popupResponseTemplate: string | null = null;

  constructor(
    readonly model: ModelClass<M>,
    adminSite: AdminSite,
  ) {
    super(adminSite);
  }

  override toString(): string {
    return `${this.opts.appLabel}.${this.constructor.name}`;
  }

  override get checksClass(): new () => BaseModelAdminChecks {
    return (require('../checks/model_admin') as typeof import('../checks/model_admin')).ModelAdminChecks;
  }

  // Addresses ---------------------------------------------------------------------------------------------------

  /** The patterns of the admin's addresses: for an admin that has more pages. */
  getUrls(): UrlEntry[] {
    const { adminUrls } = require('./urls') as typeof import('./urls');
    return adminUrls(this.self);
  }

  get urls(): UrlEntry[] {
    return this.getUrls();
  }

  /** Scripts and style sheets of every page with a form. */
  get media(): Media {
    const js = ['admin/js/popups.js', 'admin/js/actions.js'];
    if (this.hasProgress) js.push('admin/js/progress.js');
    return mediaOf(this.constructor).add(new Media({ js }));
  }

  /** Whether one of the actions says how far it is: its confirmation is a page of this admin, too. */
  private get hasProgress(): boolean {
    const { baseActions, reportsProgress } = require('./actions') as typeof import('./actions');
    return baseActions(this.self).some(([run]) => reportsProgress(run));
  }

  // What is shown -----------------------------------------------------------------------------------------------

  async getModelPerms(request: HttpRequest): Promise<ModelPerms> {
    return {
      add: await this.hasAddPermission(request),
      change: await this.hasChangePermission(request),
      delete: await this.hasDeletePermission(request),
      view: await this.hasViewPermission(request),
    };
  }

  // Forms -------------------------------------------------------------------------------------------------------

  /** The class of the form of an object; of a new one without it. */
  getForm(request: HttpRequest, obj: M | null = null, options: FormOptions = {}): Promise<typeof ModelForm> {
    return this.forms.adminForm(this.self, request, obj, options);
  }

  protected override getFormForFields(request: HttpRequest, obj: M | null): Promise<typeof ModelForm> {
    const { formClass } = require('./form_classes') as typeof import('./form_classes');
    return formClass(this.self, request, obj, { fields: null });
  }

  override getInlines(
    _request: HttpRequest,
    _obj: M | null = null,
  ): MaybePromise<readonly InlineModelAdminClass[]> {
    return this.inlines;
  }

  /** The inlines of which whoever asks may see anything. */
  getInlineInstances(request: HttpRequest, obj: M | null = null): Promise<InlineModelAdmin[]> {
    return this.forms.inlineInstances(this.self, request, obj);
  }

  /** Values that a new object begins with: those of the address. */
  getChangeformInitialData(request: HttpRequest): MaybePromise<Record<string, unknown>> {
    return this.forms.initialFromAddress(this.self, request);
  }

  /** The object of a key; null where there is none. */
  getObject(request: HttpRequest, objectId: string, fromField: string | null = null): Promise<M | null> {
    return this.forms.objectOf(this.self, request, objectId, fromField) as Promise<M | null>;
  }

  /** Tells whoever asked: a message of the next page. */
  messageUser(
    request: HttpRequest,
    message: Parameters<typeof import('../../messages').addMessage>[2],
    level: number = SUCCESS,
    options: { extraTags?: string; failSilently?: boolean } = {},
  ): void {
    const { addMessage } = require('../../messages') as typeof import('../../messages');
    addMessage(request, level, message, options);
  }

  // Pages -------------------------------------------------------------------------------------------------------

  addView(request: HttpRequest, formUrl = '', extraContext: Context = {}): Promise<HttpResponseBase> {
    return this.changeformView(request, null, formUrl, extraContext);
  }

  changeView(
    request: HttpRequest,
    objectId: string,
    formUrl = '',
    extraContext: Context = {},
  ): Promise<HttpResponseBase> {
    return this.changeformView(request, objectId, formUrl, extraContext);
  }

  /** The page of a form: of a new object without a key. */
  changeformView(
    request: HttpRequest,
    objectId: string | null = null,
    formUrl = '',
    extraContext: Context = {},
  ): Promise<HttpResponseBase> {
    const { changeformView } = require('./change_form') as typeof import('./change_form');
    return changeformView(this.self, request, objectId, formUrl, extraContext);
  }

  deleteView(request: HttpRequest, objectId: string, extraContext: Context = {}): Promise<HttpResponseBase> {
    const { deleteView } = require('./delete') as typeof import('./delete');
    return deleteView(this.self, request, objectId, extraContext);
  }

  historyView(request: HttpRequest, objectId: string, extraContext: Context = {}): Promise<HttpResponseBase> {
    const { historyView } = require('./history') as typeof import('./history');
    return historyView(this.self, request, objectId, extraContext);
  }

  // Answers -----------------------------------------------------------------------------------------------------

  /** The answer after an object was made. */
  responseAdd(
    request: HttpRequest,
    obj: M,
    postUrlContinue: string | null = null,
  ): Promise<HttpResponseBase> {
    return this.responses.responseAdd(this.self, request, obj, postUrlContinue);
  }

  /** The answer after an object was changed. */
  responseChange(request: HttpRequest, obj: M): Promise<HttpResponseBase> {
    return this.responses.responseChange(this.self, request, obj);
  }

  /** Where "Save" leads after an object was made. */
  responsePostSaveAdd(request: HttpRequest, _obj: M): MaybePromise<HttpResponseBase> {
    return this.responses.toList(this.self, request);
  }

  /** Where "Save" leads after an object was changed. */
  responsePostSaveChange(request: HttpRequest, _obj: M): MaybePromise<HttpResponseBase> {
    return this.responses.toList(this.self, request);
  }

  /** The answer after an object was deleted. */
  responseDelete(request: HttpRequest, objDisplay: string, objId: unknown): Promise<HttpResponseBase> {
    return this.responses.responseDelete(this.self, request, objDisplay, objId);
  }

  /** The page of a form. */
  renderChangeForm(
    request: HttpRequest,
    context: Record<string, unknown>,
    options: { add?: boolean; change?: boolean; formUrl?: string; obj?: M | null } = {},
  ): Promise<HttpResponseBase> {
    return this.responses.renderChangeForm(this.self, request, context, options);
  }

  renderDeleteForm(request: HttpRequest, context: Record<string, unknown>): MaybePromise<HttpResponseBase> {
    return this.responses.renderDeleteForm(this.self, request, context);
  }

  private get responses(): typeof import('./responses') {
    return require('./responses') as typeof import('./responses');
  }
}
