/** What was done in the admin. Django: `django.contrib.admin.models`. */
import { settings } from '../../conf';
import * as models from '../../db/models';
import { jsonDumps } from '../../python/json_encoder';
import { NoReverseMatch, reverse } from '../../urls';
import { type MaybePromise, then } from '../../utils/maybe_promise';
import { getTextList } from '../../utils/text';
import { gettextLazy as _, gettext, override } from '../../utils/translation';
import type { AuthUser } from '../auth/user_model';
import { ContentType } from '../contenttypes/models';
import { keysOf, keyText, quoteText } from './utils/keys';

/** An object was made. */
export const ADDITION = 1;
/** An object was changed. */
export const CHANGE = 2;
/** An object was deleted. */
export const DELETION = 3;

/** What was done to an object. */
export type ActionFlag = typeof ADDITION | typeof CHANGE | typeof DELETION;

const ACTION_FLAG_CHOICES: models.ChoicesOption = [
  [ADDITION, _('Addition')],
  [CHANGE, _('Change')],
  [DELETION, _('Deletion')],
];

/** A part of what was done: to the object itself, or to one that is edited with it, which has a `name` and is called `object`. */
export interface ChangePart {
  readonly name?: string;
  readonly object?: string;
  /** The labels of the fields that changed. */
  readonly fields?: readonly string[];
}

/** What was done, in parts: what `change_message` holds as JSON. */
export type ChangeMessage = readonly Readonly<Partial<Record<'added' | 'changed' | 'deleted', ChangePart>>>[];

/** `LogEntry.objects`. */
export class LogEntryManager extends models.Manager<LogEntry> {
  override readonly useInMigrations = true;

  /**
   * Notes what a user did to objects, in one statement.
   *
   * @param changeMessage parts, or a text.
   */
  async logActions(
    userId: unknown,
    objects: readonly models.Model[],
    actionFlag: ActionFlag,
    changeMessage: ChangeMessage | string = '',
  ): Promise<LogEntry[]> {
    const message = typeof changeMessage === 'string' ? changeMessage : jsonDumps(changeMessage);
    const types = await ContentType.objects
      .dbManager(this.db)
      .getForModels(objects, { forConcreteModels: false });
    const entries = objects.map(
      (object) =>
        new LogEntry({
          userId,
          contentType: types.get(object),
          objectId: keyText(object),
          objectRepr: Array.from(String(object)).slice(0, 200).join(''),
          actionFlag,
          changeMessage: message,
        }),
    );
    const [only, ...others] = entries;
    if (only !== undefined && others.length === 0) await only.save({ using: this.db });
    else await this.bulkCreate(entries);
    return entries;
  }
}

/**
 * An entry of the log of the admin: the table `django_admin_log`.
 *
 * https://docs.djangoproject.com/en/5.2/ref/contrib/admin/#logentry-objects
 */
export class LogEntry extends models.Model {
  static override readonly Meta: models.MetaOptions = {
    appLabel: 'admin',
    verboseName: _('log entry'),
    verboseNamePlural: _('log entries'),
    dbTable: 'django_admin_log',
    ordering: ['-actionTime'],
  };
  static override readonly objects = new LogEntryManager();

  declare id: number;
  @models.DateTimeField({ verboseName: _('action time'), default: () => new Date(), editable: false })
  declare actionTime: Date;
  @models.ForeignKey(() => settings.AUTH_USER_MODEL, { onDelete: models.CASCADE, verboseName: _('user') })
  declare user: models.Related<AuthUser>;
  declare userId: unknown;
  @models.ForeignKey(() => ContentType, {
    onDelete: models.SET_NULL,
    verboseName: _('content type'),
    blank: true,
    null: true,
  })
  declare contentType: models.RelatedOrNull<ContentType>;
  declare contentTypeId: number | null;
  @models.TextField({ verboseName: _('object id'), blank: true, null: true }) declare objectId: string | null;
  /** What the object was called. */
  @models.CharField({ verboseName: _('object repr'), maxLength: 200 }) declare objectRepr: string;
  @models.PositiveSmallIntegerField({ verboseName: _('action flag'), choices: ACTION_FLAG_CHOICES })
  declare actionFlag: ActionFlag;
  @models.TextField({ verboseName: _('change message'), blank: true }) declare changeMessage: string;

  override toString(): string {
    const values = { object: this.objectRepr, changes: this.getChangeMessage() };
    if (this.isAddition()) return filled(gettext('Added “%(object)s”.'), values);
    if (this.isChange()) return filled(gettext('Changed “%(object)s” — %(changes)s'), values);
    if (this.isDeletion()) return filled(gettext('Deleted “%(object)s.”'), values);
    return gettext('LogEntry Object');
  }

  isAddition(): boolean {
    return this.actionFlag === ADDITION;
  }

  isChange(): boolean {
    return this.actionFlag === CHANGE;
  }

  isDeletion(): boolean {
    return this.actionFlag === DELETION;
  }

  /** What was done, in the language of who reads it. A message that is no list of parts is shown as it is. */
  getChangeMessage(): string {
    if (!this.changeMessage.startsWith('[')) return this.changeMessage;
    let parts: unknown;
    try {
      parts = JSON.parse(this.changeMessage);
    } catch {
      return this.changeMessage;
    }
    const sentences = (Array.isArray(parts) ? (parts as ChangeMessage) : []).flatMap(sentencesOf);
    return sentences.length > 0
      ? sentences.map((text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`).join(' ')
      : gettext('No fields changed.');
  }

  /** The object, as it is now. @throws its model's DoesNotExist; TypeError where the model is gone. */
  async getEditedObject(): Promise<models.Model> {
    const type = await this.contentType;
    if (type === null) throw new TypeError(`The log entry ${String(this.pk)} has no content type.`);
    const model = type.modelClass();
    const keys = model === null ? [this.objectId] : keysOf(model._meta, [this.objectId ?? '']);
    return type.getObjectForThisType(keys.length > 0 ? { pk: keys[0] } : { pk__in: keys });
  }

  /** The address of the object's page in the admin, below its root; null where it has none. */
  getAdminUrl(): MaybePromise<string | null> {
    return then(this.contentType as MaybePromise<ContentType | null>, (type) => {
      if (type === null || !this.objectId) return null;
      try {
        return reverse(`admin:${type.appLabel}_${type.model}_change`, {
          args: [quoteText(type.modelClass()?._meta, this.objectId)],
        });
      } catch (error) {
        if (error instanceof NoReverseMatch) return null;
        throw error;
      }
    });
  }
}

function filled(text: string, values: Readonly<Record<string, unknown>>): string {
  return text.replace(/%\((\w+)\)s/g, (_all, name: string) => String(values[name]));
}

/** The sentences of one part. Names were stored in English: they are translated when they are read. */
function sentencesOf(part: ChangeMessage[number]): string[] {
  const sentences: string[] = [];
  const { added, changed, deleted } = part;
  if (added !== undefined) {
    sentences.push(
      added.name === undefined
        ? gettext('Added.')
        : gettext('Added {name} “{object}”.').replace(/\{(\w+)\}/g, named(added)),
    );
  }
  if (changed !== undefined) {
    const fields = getTextList(
      (changed.fields ?? []).map((name) => gettext(name)),
      gettext('and'),
    );
    sentences.push(
      (changed.name === undefined
        ? gettext('Changed {fields}.')
        : gettext('Changed {fields} for {name} “{object}”.')
      ).replace(/\{(\w+)\}/g, (all, key: string) => (key === 'fields' ? fields : named(changed)(all, key))),
    );
  }
  if (deleted !== undefined) {
    sentences.push(gettext('Deleted {name} “{object}”.').replace(/\{(\w+)\}/g, named(deleted)));
  }
  return sentences;
}

function named({ name, object }: ChangePart): (all: string, key: string) => string {
  return (all, key) => (key === 'name' ? gettext(name ?? '') : key === 'object' ? (object ?? '') : all);
}

/** Says something in English: what is stored is translated when it is read. */
export function inEnglish<T>(body: () => T): T {
  return override(null, body);
}
