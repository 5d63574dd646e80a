/**
 * What a page of a form was made of: a hidden field says it, so that a change that somebody else made meanwhile is noticed
 * before it is overwritten. Django has nothing of the kind: the last one to save wins.
 */
import type { BoundField } from '../../../forms/boundfield';
import type { Form } from '../../../forms/forms';
import type { BaseModelFormSet, ModelForm } from '../../../forms/models';
import { isRows } from '../../../forms/models/rows';
import { toStr } from '../../../python/str';
import { saltedHmac } from '../../../utils/crypto';

/** The hidden field of the page. */
export const VERSION_VAR = '_version';

/** Where the form of the object itself is, beside the rows of formsets. */
export const OBJECT = '';
/** When the page was made, in seconds. */
export const OPENED = '@';

const SALT = 'tsango.contrib.admin.concurrency';
/** Characters of a digest: 48 bits, for a difference that nobody tries to hide. */
export const DIGEST_LENGTH = 8;

/** What a page says: digests by where the form is. */
export type Version = ReadonlyMap<string, string>;

/** The forms of a page. */
export interface VersionedForms {
  /** The form of the object; null on a list. */
  readonly form: ModelForm | null;
  readonly formsets: readonly BaseModelFormSet[];
}

/** A keyed digest: of a field that is shown to nobody a plain hash would tell what it is. */
function digest(...parts: readonly string[]): string {
  return saltedHmac(SALT, JSON.stringify(parts), { algorithm: 'sha256' })
    .toString('base64url')
    .slice(0, DIGEST_LENGTH);
}

/** A value as text. The order of rows that were chosen says nothing. */
function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return JSON.stringify(value.map(textOf).sort());
  return value === null || value === undefined ? '\0' : toStr(value);
}

/** The value that a field of a form began with. Rows that were chosen are read before. */
async function initialText(bound: BoundField): Promise<string> {
  const { initial, field } = bound;
  if (initial instanceof Date) return textOf(initial);
  if (isRows(initial)) await initial._fetchAll();
  return textOf(field.prepareValue(initial));
}

/** The texts of a form's fields, each after its name. */
async function textsOf(form: ModelForm): Promise<[name: string, text: string][]> {
  const texts: [string, string][] = [];
  for (const name of Object.keys(form.fields)) {
    texts.push([name, await initialText((form as unknown as Form).get(name))]);
  }
  return texts;
}

const keyOf = ({ instance }: ModelForm): string => toStr(instance.pk);
const modelOf = ({ instance }: ModelForm): string =>
  (instance.constructor as unknown as { _meta: { label: string } })._meta.label;

/** The digests of the fields of an object's form, one after the other. */
export async function formDigests(form: ModelForm): Promise<string> {
  const [model, key] = [modelOf(form), keyOf(form)];
  return (await textsOf(form)).map(([name, text]) => digest(model, key, name, text)).join('');
}

/** The digest of a row of a formset: all of it. */
export async function rowDigest(form: ModelForm): Promise<string> {
  return digest(modelOf(form), keyOf(form), ...(await textsOf(form)).flat());
}

/** The forms of rows that are there already, by where they are on the page. */
export function* rowsOf(formsets: readonly BaseModelFormSet[]): Generator<[place: string, form: ModelForm]> {
  for (const formset of formsets) {
    for (const form of formset.initialForms as readonly ModelForm[]) {
      if (!form.instance._state.adding) yield [`${formset.prefix}:${keyOf(form)}`, form];
    }
  }
}

/** What the hidden field says of forms as they are now. */
export async function versionOf({ form, formsets }: VersionedForms): Promise<string> {
  const version: Record<string, string> = Object.create(null) as Record<string, string>;
  version[OPENED] = Math.floor(Date.now() / 1000).toString(36);
  if (form !== null) version[OBJECT] = await formDigests(form);
  for (const [place, row] of rowsOf(formsets)) version[place] = await rowDigest(row);
  return JSON.stringify(version);
}

/** What was sent; null for nothing, or for what no page has said: then nothing is compared, as in Django. */
export function readVersion(sent: string | null | undefined): Version | null {
  if (!sent) return null;
  try {
    const read: unknown = JSON.parse(sent);
    if (typeof read !== 'object' || read === null) return null;
    return new Map(
      Object.entries(read).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
    );
  } catch {
    return null;
  }
}
