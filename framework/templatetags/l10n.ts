/** `{% load l10n %}`: formats of the active language, on and off. Django: `django.templatetags.l10n`. */

import { toStr } from '../python';
import type { Emitter } from '../template/compile/emitter';
import { TemplateSyntaxError } from '../template/exceptions';
import { Library } from '../template/library';
import type { NodeList } from '../template/node';
import { EnclosingNode } from '../template/tags/flow';
import { localize as localizeValue } from '../utils/formats';
import { SafeString } from '../utils/safestring';

export const register = new Library();

/** Python's `str()` of a localized value: a safe text is itself, and stays safe. */
function localizedText(value: unknown, useL10n: boolean): unknown {
  const localized: unknown = localizeValue(value, useL10n);
  return localized instanceof SafeString ? localized : toStr(localized);
}

/** A value as the active language writes it. */
export const localize = register.filter('localize', (value: unknown): unknown => localizedText(value, true), {
  isSafe: false,
});

/** A value as a program writes it. */
export const unlocalize = register.filter(
  'unlocalize',
  (value: unknown): unknown => localizedText(value, false),
  {
    isSafe: false,
  },
);

/** A tag that changes a property of the context for what stands in it. */
export class ContextFlagNode extends EnclosingNode {
  constructor(
    private readonly flag: 'useL10n' | 'useTz',
    private readonly setting: boolean,
    nodelist: NodeList,
  ) {
    super(nodelist);
  }

  override emit(emitter: Emitter): void {
    const before = emitter.variable();
    emitter.line(`${before} = ctx.${this.flag}; ctx.${this.flag} = ${this.setting};`);
    emitter.body(this.nodelist);
    emitter.line(`ctx.${this.flag} = ${before};`);
  }
}

register.tag('localize', (parser, token) => {
  const bits = token.splitContents();
  const setting = bits[1] ?? 'on';
  if (bits.length > 2 || (setting !== 'on' && setting !== 'off')) {
    throw new TemplateSyntaxError("'localize' argument should be 'on' or 'off'");
  }
  const nodelist = parser.parse(['endlocalize']);
  parser.deleteFirstToken();
  return new ContextFlagNode('useL10n', setting === 'on', nodelist);
});
