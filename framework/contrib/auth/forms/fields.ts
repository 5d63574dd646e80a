/** Fields and widgets of forms of users. */

import { ValueError } from '../../../core/exceptions';
import * as forms from '../../../forms';
import type { Attrs, WidgetContext } from '../../../forms/widgets/base';
import { textLength } from '../../../python/text';
import { type MaybePromise, then } from '../../../utils/maybe_promise';
import { gettext } from '../../../utils/translation';
import { identifyHasher, isPasswordUsable } from '../hashers';

/** What a hash is shown as: what may be told of it, line by line. */
interface SummaryEntry {
  label: string;
  value?: string | number;
}

/** Shows what may be told of a hash, and a link to where it is changed. */
export class ReadOnlyPasswordHashWidget extends forms.Widget {
  override templateName = 'auth/widgets/read_only_password_hash.html';
  /** Pages of the admin for those who may only look show it by this, too, and not by its value. */
  readonly readOnly = true;

  override getContext(
    name: string,
    value: unknown,
    attrs: Attrs | null,
  ): { widget: WidgetContext; summary: SummaryEntry[]; button_label: string } {
    const hash = typeof value === 'string' ? value : '';
    const isUsable = hash !== '' && isPasswordUsable(hash);
    return {
      ...super.getContext(name, value, attrs),
      summary: isUsable ? summaryOf(hash) : [{ label: gettext('No password set.') }],
      button_label: gettext(isUsable ? 'Reset password' : 'Set password'),
    };
  }

  /** There is nothing that a label could lead to. */
  override idForLabel(_id: string): string {
    return '';
  }
}

function summaryOf(hash: string): SummaryEntry[] {
  try {
    const summary = Object.entries(identifyHasher(hash).safeSummary(hash));
    return summary.map(([label, value]) => ({ label, value }));
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    return [{ label: gettext('Invalid password format or unknown hashing algorithm.') }];
  }
}

/** A hash, which is shown and not changed. */
export class ReadOnlyPasswordHashField extends forms.Field<string> {
  static override widget = ReadOnlyPasswordHashWidget;

  constructor(options: forms.FieldOptions = {}) {
    super({ required: false, disabled: true, ...options });
  }
}

/** A user name, in one of the ways that Unicode has for it. */
export class UsernameField<
  const O extends forms.CharFieldOptions = forms.CharFieldOptions,
> extends forms.CharField<O> {
  override toPython(value: unknown): MaybePromise<forms.TextValue<O>> {
    return then(super.toPython(value), (text) => {
      // What is too long is refused in any case, and this takes its time.
      const isTooLong = this.maxLength !== null && textLength(String(text ?? '')) > this.maxLength;
      return typeof text === 'string' && !isTooLong ? (text.normalize('NFKC') as forms.TextValue<O>) : text;
    });
  }

  override widgetAttrs(widget: forms.Widget): Attrs {
    return { ...super.widgetAttrs(widget), autocapitalize: 'none', autocomplete: 'username' };
  }
}
