/** How templates print values, for what is rendered without one. */
import { escapeHtml } from '../python/html';
import { toStr } from '../python/str';
import { localize } from '../utils/formats';
import { escapeToText } from '../utils/html';
import { SafeString } from '../utils/safestring';
import { templateLocaltime } from '../utils/timezone';

/** `{{ value }}`. */
export function show(value: unknown): string {
  if (typeof value === 'string') return escapeHtml(value);
  if (value instanceof SafeString) return value.value;
  return escapeToText(localize(templateLocaltime(value)));
}

/** `{{ value|stringformat:"s" }}`. */
export function showString(value: unknown): string {
  if (typeof value === 'string') return escapeHtml(value);
  if (value instanceof SafeString) return value.value;
  return escapeHtml(toStr(value));
}

/** `django/forms/attrs.html`: attributes in their order; `true` has no value, `false` is left out. */
export function showAttrs(attrs: Readonly<Record<string, unknown>> | null | undefined): string {
  let html = '';
  for (const name in attrs) {
    const value = attrs[name];
    if (value === true) html += ` ${escapeHtml(name)}`;
    else if (value !== false) html += ` ${escapeHtml(name)}="${showString(value)}"`;
  }
  return html;
}
