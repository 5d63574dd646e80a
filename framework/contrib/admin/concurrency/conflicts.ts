/** What would overwrite a change of somebody else, and how that is said. */
import { ValidationError, ValueError } from '../../../core/exceptions';
import { connections } from '../../../db/connections';
import type { Model } from '../../../db/models/base';
import { router } from '../../../db/router';
import type { Form } from '../../../forms/forms';
import {
  type BaseModelFormSet,
  ModelChoiceField,
  type ModelForm,
  ModelMultipleChoiceField,
} from '../../../forms/models';
import { htmlName } from '../../../forms/names';
import type { HttpRequest } from '../../../http/request';
import { toStr } from '../../../python/str';
import { timeFormat } from '../../../utils/formats';
import { templateLocaltime } from '../../../utils/timezone';
import { gettext } from '../../../utils/translation';
import { CHANGE, LogEntry } from '../models';
import type { ModelAdmin } from '../options/model_admin';
import { displayForField } from '../utils/display';
import { keyText } from '../utils/keys';
import {
  DIGEST_LENGTH,
  formDigests,
  OBJECT,
  OPENED,
  readVersion,
  rowDigest,
  rowsOf,
  VERSION_VAR,
  type Version,
  type VersionedForms,
} from './version';

/** Values that are longer are cut where they are quoted. */
const QUOTED = 60;

/** Whether what was sent is compared with what is stored. */
function isCompared(admin: ModelAdmin, request: HttpRequest): boolean {
  return admin.detectConflicts && readVersion(request.POST.get(VERSION_VAR)) !== null;
}

/**
 * Locks the row that a form is about to change, where the database can: what is compared afterwards is what is overwritten.
 * SQLite's transactions exclude each other anyway.
 */
export async function lockRow(
  admin: ModelAdmin,
  request: HttpRequest,
  objectId: string,
  fromField: string | null,
): Promise<void> {
  if (!isCompared(admin, request)) return;
  const field = fromField === null ? admin.opts.pk : admin.opts.getField(htmlName(fromField));
  try {
    await lock(admin, { [field.name]: field.toPython(objectId) });
  } catch (error) {
    // A key that is none leads to no object, and that is said where the object is looked for.
    if (error instanceof ValidationError || error instanceof ValueError || error instanceof TypeError) return;
    throw error;
  }
}

/** Locks the rows of a list that is about to be saved. */
export async function lockRows(
  admin: ModelAdmin,
  request: HttpRequest,
  keys: readonly unknown[],
): Promise<void> {
  if (keys.length > 0 && isCompared(admin, request)) await lock(admin, { pk__in: keys });
}

async function lock(admin: ModelAdmin, condition: Readonly<Record<string, unknown>>): Promise<void> {
  const using = router.dbForWrite(admin.model);
  if (!connections.get(using).features.hasSelectForUpdate) return;
  const rows = admin.model._baseManager.using(using).filter(condition as never);
  await rows
    .selectForUpdate()
    .orderBy('pk' as never)
    .valuesList('pk' as never);
}

/**
 * Adds an error to each form, or field of the object's form, that would overwrite what somebody else has changed since the page was made.
 * What is sent without the hidden field, or with values that are there already, overwrites nothing that anybody would miss.
 *
 * @returns whether there are none.
 */
export async function noConflicts(
  admin: ModelAdmin,
  request: HttpRequest,
  { form, formsets }: VersionedForms,
): Promise<boolean> {
  const version = readVersion(request.POST.get(VERSION_VAR));
  if (version === null || !admin.detectConflicts) return true;
  const overwritten = form === null ? [] : await overwrittenFields(form, version);
  const rows = await overwrittenRows(formsets, version);
  if (overwritten.length === 0 && rows.length === 0) return true;
  if (form !== null) {
    const who = await lastChange(form.instance, version);
    (form as unknown as Form).addError(null, new ValidationError(summary(admin, who), { code: 'conflict' }));
    for (const name of overwritten) {
      const error = new ValidationError(
        gettext('Meanwhile changed to “%(value)s”.').replace('%(value)s', await shownValue(form, name)),
        { code: 'conflict' },
      );
      (form as unknown as Form).addError(name as never, error);
    }
  }
  const text = gettext('This row was changed after you had opened the page. Save again to overwrite that.');
  for (const row of rows) {
    (row as unknown as Form).addError(null, new ValidationError(text, { code: 'conflict' }));
  }
  return false;
}

async function overwrittenFields(form: ModelForm, version: Version): Promise<string[]> {
  const before = version.get(OBJECT);
  const now = await formDigests(form);
  // A form of another make, from before the site was deployed anew, says nothing of this one.
  if (before === undefined || before.length !== now.length || before === now) return [];
  const changed = new Set(form.changedData);
  const at = (all: string, i: number): string => all.slice(i * DIGEST_LENGTH, (i + 1) * DIGEST_LENGTH);
  return Object.keys(form.fields).filter((name, i) => at(before, i) !== at(now, i) && changed.has(name));
}

async function overwrittenRows(
  formsets: readonly BaseModelFormSet[],
  version: Version,
): Promise<ModelForm[]> {
  const found: ModelForm[] = [];
  for (const [place, form] of rowsOf(formsets)) {
    const before = version.get(place);
    if (before !== undefined && form.hasChanged() && before !== (await rowDigest(form))) found.push(form);
  }
  return found;
}

/** Who changed the object in the admin since the page was made, if it was there. */
async function lastChange(obj: Model, version: Version): Promise<LogEntry | null> {
  const { ContentType } = require('../../contenttypes/models') as typeof import('../../contenttypes/models');
  const contentType = await ContentType.objects.getForModel(obj, { forConcreteModel: false });
  const opened = new Date(Number.parseInt(version.get(OPENED) ?? '', 36) * 1000);
  if (Number.isNaN(opened.getTime())) return null;
  return LogEntry.objects
    .filter({ objectId: keyText(obj), contentType, actionFlag: CHANGE, actionTime__gte: opened } as never)
    .selectRelated('user')
    .orderBy('-actionTime')
    .first() as Promise<LogEntry | null>;
}

function summary(admin: ModelAdmin, entry: LogEntry | null): string {
  const name = String(admin.opts.verboseName);
  const again = gettext('What is marked below would overwrite that. Save again if it shall.');
  if (entry === null) {
    const text = gettext('This %(name)s was changed after you had opened the page.').replace(
      '%(name)s',
      () => name,
    );
    return `${text} ${again}`;
  }
  const text = gettext('%(user)s changed this %(name)s at %(time)s, after you had opened the page.')
    .replace('%(user)s', () => String(entry.user))
    .replace('%(name)s', () => name)
    .replace('%(time)s', () => timeFormat(templateLocaltime(entry.actionTime)));
  return `${text} ${again}`;
}

/** The value that is stored now, as a person reads it. */
async function shownValue(form: ModelForm, name: string): Promise<() => string> {
  const { field, initial } = (form as unknown as Form).get(name);
  const text = await textOfValue(field, initial);
  const characters = Array.from(text);
  return () => (characters.length > QUOTED ? `${characters.slice(0, QUOTED).join('')}…` : text);
}

async function textOfValue(field: Form['fields'][string], initial: unknown): Promise<string> {
  if (field instanceof ModelMultipleChoiceField || field instanceof ModelChoiceField) {
    const prepared = field.prepareValue(initial);
    const keys = (Array.isArray(prepared) ? prepared : [prepared]).filter(
      (key) => key !== null && key !== undefined && key !== '',
    );
    const { queryset } = field;
    if (queryset === null || keys.length === 0) return '';
    const rows = await queryset.filter({ [`${field.toFieldName ?? 'pk'}__in`]: keys } as never);
    return rows.map((row) => toStr(field.labelFromInstance(row))).join(', ');
  }
  const { modelField } = field;
  if (typeof initial === 'boolean') return initial ? gettext('Yes') : gettext('No');
  if (modelField !== undefined) return toStr(displayForField(initial, modelField, '', true));
  return initial === null || initial === undefined ? '' : toStr(initial);
}
