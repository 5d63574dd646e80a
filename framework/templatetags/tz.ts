/** `{% load tz %}`: time zones. Django: `django.templatetags.tz`. */

import { repr, splitWords } from '../python';
import { isDatetime, PlainDateTime } from '../python/datetime';
import type { Emitter } from '../template/compile/emitter';
import { TemplateSyntaxError } from '../template/exceptions';
import { Library } from '../template/library';
import { OverrideNode } from '../template/tags/flow';
import { ValueNode } from '../template/tags/values';
import { SafeString } from '../utils/safestring';
import {
  atZone,
  getCurrentTimezone,
  getCurrentTimezoneName,
  getDefaultTimezone,
  isNaive,
  makeAware,
  override,
  localtime as toLocaltime,
} from '../utils/timezone';
import { ContextFlagNode } from './l10n';

export const register = new Library();

/** A time in a zone; it is not converted once more when it is printed. */
export function doTimezone(value: unknown, zone: unknown): unknown {
  if (!isDatetime(value)) return '';
  const name = zone instanceof SafeString ? zone.value : zone;
  if (typeof name !== 'string') return '';
  try {
    const aware =
      value instanceof PlainDateTime && isNaive(value) ? makeAware(value, getDefaultTimezone()) : value;
    const local = toLocaltime(aware as Date, name);
    // A value of its own: the one in the context stays convertible.
    const result = local === aware ? atZone(local.epochSeconds, local.microsecond, name) : local;
    Object.defineProperty(result, 'convertToLocalTime', { value: false, configurable: true });
    return result;
  } catch {
    return '';
  }
}

/** A time in the current zone. */
export const localtime = register.filter('localtime', (value: unknown) =>
  doTimezone(value, getCurrentTimezone()),
);

/** A time in UTC. */
export const utc = register.filter('utc', (value: unknown) => doTimezone(value, 'UTC'));

register.filter('timezone', doTimezone);

class GetCurrentTimezoneNode extends ValueNode {
  constructor(protected override readonly asVar: string) {
    super();
  }

  protected override code(emitter: Emitter): string {
    return `${emitter.constant(getCurrentTimezoneName)}()`;
  }
}

register.tag('localtime', (parser, token) => {
  const bits = token.splitContents();
  const setting = bits[1] ?? 'on';
  if (bits.length > 2 || (setting !== 'on' && setting !== 'off')) {
    throw new TemplateSyntaxError("'localtime' argument should be 'on' or 'off'");
  }
  const nodelist = parser.parse(['endlocaltime']);
  parser.deleteFirstToken();
  return new ContextFlagNode('useTz', setting === 'on', nodelist);
});

register.tag('timezone', (parser, token) => {
  const bits = token.splitContents();
  if (bits.length !== 2) throw new TemplateSyntaxError("'timezone' takes one argument (timezone)");
  const zone = parser.compileFilter(bits[1] as string);
  const nodelist = parser.parse(['endtimezone']);
  parser.deleteFirstToken();
  return new OverrideNode(override, zone, nodelist);
});

register.tag('get_current_timezone', (_parser, token) => {
  const words = splitWords(token.contents);
  if (words.length !== 3 || words[1] !== 'as') {
    throw new TemplateSyntaxError(`'get_current_timezone' requires 'as variable' (got ${repr(words)})`);
  }
  return new GetCurrentTimezoneNode(words[2] as string);
});
