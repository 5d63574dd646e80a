/** The colours that commands print in. Django: `django.core.management.color`. */
import { colorize, parseColorSetting, ROLES, type Role } from '../../utils/termcolors';

/** Dresses a text up for the terminal. */
export type StyleFunction = (text: string) => string;
/** A function for each role: `style.SUCCESS('OK')`. */
export type Style = Readonly<Record<Role | 'ERROR_OUTPUT', StyleFunction>>;

const plain: StyleFunction = (text) => text;

/**
 * Whether a stream is a terminal that shows colours. NO_COLOR (https://no-color.org) and TERM=dumb say that it
 * is not.
 */
export function supportsColor(stream: { isTTY?: boolean | undefined } = process.stdout): boolean {
  return stream.isTTY === true && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';
}

/** The style that a colour setting describes; see `parseColorSetting`. */
export function makeStyle(config = ''): Style {
  const palette = parseColorSetting(config);
  const style = {} as Record<Role | 'ERROR_OUTPUT', StyleFunction>;
  for (const role of ROLES) {
    const format = palette?.[role];
    style[role] = format ? (text) => colorize(text, format) : plain;
  }
  style.ERROR_OUTPUT = style.ERROR;
  return style;
}

/** The style that leaves everything plain. */
export function noStyle(): Style {
  return makeStyle('nocolor');
}

/** The style of TSANGO_COLORS or DJANGO_COLORS where the terminal shows colours, or `force` says so. */
export function colorStyle(force = false, stream?: { isTTY?: boolean | undefined }): Style {
  if (!force && !supportsColor(stream)) return noStyle();
  return makeStyle(process.env['TSANGO_COLORS'] ?? process.env['DJANGO_COLORS'] ?? '');
}
