/** The half of an admin that writes: objects, what belongs to them, and what was done to them into the log. */
import type { Model } from '../../../db/models/base';
import type { QuerySet } from '../../../db/models/query';
import type { BaseModelFormSet, ModelForm } from '../../../forms/models';
import type { HttpRequest } from '../../../http/request';
import type { ChangeMessage, LogEntry } from '../models';
import type { DeletedObjects } from '../utils/deleted_objects';
import { ListingModelAdmin } from './listing';

/** What an admin does when a form is saved, or objects are deleted: hooks, each of which may be another one's. */
export abstract class SavingModelAdmin<M extends Model = Model> extends ListingModelAdmin<M> {
  // Saving ------------------------------------------------------------------------------------------------------

  /** What a form makes of an object, which is not written yet. */
  saveForm(_request: HttpRequest, form: ModelForm<M>, _change: boolean): Promise<M> {
    return form.save({ commit: false });
  }

  /** Writes an object. */
  async saveModel(_request: HttpRequest, obj: M, _form: ModelForm<M>, _change: boolean): Promise<void> {
    await obj.save();
  }

  /** Writes what an inline made, changed and deleted. */
  async saveFormset(
    _request: HttpRequest,
    _form: ModelForm<M>,
    formset: BaseModelFormSet,
    _change: boolean,
  ): Promise<void> {
    await formset.save();
  }

  /** Writes what belongs to an object: many-to-many rows, and inlines. */
  async saveRelated(
    request: HttpRequest,
    form: ModelForm<M>,
    formsets: readonly BaseModelFormSet[],
    change: boolean,
  ): Promise<void> {
    await form.saveM2M();
    for (const formset of formsets) await this.saveFormset(request, form, formset, change);
  }

  async deleteModel(_request: HttpRequest, obj: M): Promise<void> {
    await obj.delete();
  }

  async deleteQueryset(_request: HttpRequest, queryset: QuerySet<M>): Promise<void> {
    await queryset.delete();
  }

  /** What goes with objects that are deleted. */
  getDeletedObjects(objects: readonly M[], request: HttpRequest): Promise<DeletedObjects> {
    const { getDeletedObjects } =
      require('../utils/deleted_objects') as typeof import('../utils/deleted_objects');
    return getDeletedObjects(objects, request, this.adminSite);
  }

  // What was done -----------------------------------------------------------------------------------------------

  constructChangeMessage(
    _request: HttpRequest,
    form: ModelForm<M>,
    formsets: readonly BaseModelFormSet[],
    add = false,
  ): Promise<ChangeMessage> {
    const { constructChangeMessage } =
      require('../utils/change_message') as typeof import('../utils/change_message');
    return constructChangeMessage(form as unknown as ModelForm, formsets, add);
  }

  logAddition(request: HttpRequest, obj: M, message: ChangeMessage | string): Promise<LogEntry> {
    return this.log.addition(request, obj, message);
  }

  logChange(request: HttpRequest, obj: M, message: ChangeMessage | string): Promise<LogEntry> {
    return this.log.change(request, obj, message);
  }

  /** Before they are deleted: what they are called is not known afterwards. */
  logDeletions(request: HttpRequest, objects: readonly M[]): Promise<LogEntry[]> {
    return this.log.deletions(request, objects);
  }

  private get log(): typeof import('./log') {
    return require('./log') as typeof import('./log');
  }
}
