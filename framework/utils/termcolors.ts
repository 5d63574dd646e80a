/** Colours of a terminal. Django: `django.utils.termcolors`. */

const COLORS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;
const OPTIONS = { bold: '1', underscore: '4', blink: '5', reverse: '7', conceal: '8' } as const;

/** A colour that every terminal has. */
export type Color = (typeof COLORS)[number];
/** How text is shown besides its colour. `noreset` leaves the terminal as the text left it. */
export type ColorOption = keyof typeof OPTIONS | 'noreset' | 'reset';

/** A colour and its options. */
export interface Format {
  readonly fg?: Color;
  readonly bg?: Color;
  readonly opts?: readonly ColorOption[];
}

/** Text wrapped in the ANSI codes of a format. */
export function colorize(text = '', format: Format = {}): string {
  const { fg, bg, opts = [] } = format;
  if (text === '' && opts.length === 1 && opts[0] === 'reset') return '\x1b[0m';
  const codes: string[] = [];
  if (fg) codes.push(`3${COLORS.indexOf(fg)}`);
  if (bg) codes.push(`4${COLORS.indexOf(bg)}`);
  for (const option of opts) {
    if (option in OPTIONS) codes.push(OPTIONS[option as keyof typeof OPTIONS]);
  }
  return `\x1b[${codes.join(';')}m${text}${opts.includes('noreset') ? '' : '\x1b[0m'}`;
}

/** What a piece of output means; a palette gives each role its format. */
export const ROLES = [
  'ERROR',
  'SUCCESS',
  'WARNING',
  'NOTICE',
  'SQL_FIELD',
  'SQL_COLTYPE',
  'SQL_KEYWORD',
  'SQL_TABLE',
  'HTTP_INFO',
  'HTTP_SUCCESS',
  'HTTP_REDIRECT',
  'HTTP_NOT_MODIFIED',
  'HTTP_BAD_REQUEST',
  'HTTP_NOT_FOUND',
  'HTTP_SERVER_ERROR',
  'MIGRATE_HEADING',
  'MIGRATE_LABEL',
] as const;

/** One of the roles. */
export type Role = (typeof ROLES)[number];
/** A format for each role; a role that is missing is printed plain. */
export type Palette = Partial<Record<Role, Format>>;

const BOLD: Format = { opts: ['bold'] };

/** The named palettes. */
export const PALETTES: Readonly<Record<'nocolor' | 'dark' | 'light', Palette>> = {
  nocolor: {},
  dark: {
    ERROR: { fg: 'red', opts: ['bold'] },
    SUCCESS: { fg: 'green', opts: ['bold'] },
    WARNING: { fg: 'yellow', opts: ['bold'] },
    NOTICE: { fg: 'red' },
    SQL_FIELD: { fg: 'green', opts: ['bold'] },
    SQL_COLTYPE: { fg: 'green' },
    SQL_KEYWORD: { fg: 'yellow' },
    SQL_TABLE: BOLD,
    HTTP_INFO: BOLD,
    HTTP_REDIRECT: { fg: 'green' },
    HTTP_NOT_MODIFIED: { fg: 'cyan' },
    HTTP_BAD_REQUEST: { fg: 'red', opts: ['bold'] },
    HTTP_NOT_FOUND: { fg: 'yellow' },
    HTTP_SERVER_ERROR: { fg: 'magenta', opts: ['bold'] },
    MIGRATE_HEADING: { fg: 'cyan', opts: ['bold'] },
    MIGRATE_LABEL: BOLD,
  },
  light: {
    ERROR: { fg: 'red', opts: ['bold'] },
    SUCCESS: { fg: 'green', opts: ['bold'] },
    WARNING: { fg: 'yellow', opts: ['bold'] },
    NOTICE: { fg: 'red' },
    SQL_FIELD: { fg: 'green', opts: ['bold'] },
    SQL_COLTYPE: { fg: 'green' },
    SQL_KEYWORD: { fg: 'blue' },
    SQL_TABLE: BOLD,
    HTTP_INFO: BOLD,
    HTTP_REDIRECT: { fg: 'green', opts: ['bold'] },
    HTTP_NOT_MODIFIED: { fg: 'green' },
    HTTP_BAD_REQUEST: { fg: 'red', opts: ['bold'] },
    HTTP_NOT_FOUND: { fg: 'red' },
    HTTP_SERVER_ERROR: { fg: 'magenta', opts: ['bold'] },
    MIGRATE_HEADING: { fg: 'cyan', opts: ['bold'] },
    MIGRATE_LABEL: BOLD,
  },
};

function isColor(name: string | undefined): name is Color {
  return (COLORS as readonly (string | undefined)[]).includes(name);
}

function parseFormat(instructions: string): Format {
  const [colors = '', ...options] = instructions.split(',');
  const [fg, bg] = colors.split('/');
  const opts = options.filter((option): option is keyof typeof OPTIONS => Object.hasOwn(OPTIONS, option));
  return {
    ...(isColor(fg) && { fg }),
    ...(isColor(bg) && { bg }),
    ...(opts.length > 0 && { opts: opts.reverse() }),
  };
}

/**
 * The palette that DJANGO_COLORS describes: `light;error=yellow/blue,blink;notice=magenta`. What it cannot be
 * read as is left out.
 *
 * @returns `null` if it colours nothing.
 */
export function parseColorSetting(text: string): Palette | null {
  if (!text) return PALETTES.dark;
  const palette: Palette = {};
  for (const part of text.toLowerCase().split(';')) {
    if (Object.hasOwn(PALETTES, part)) {
      const named = PALETTES[part as keyof typeof PALETTES];
      if (part === 'nocolor') for (const role of ROLES) delete palette[role];
      Object.assign(palette, named);
      continue;
    }
    const equals = part.indexOf('=');
    if (equals < 0) continue;
    const role = part.slice(0, equals).toUpperCase() as Role;
    const format = parseFormat(part.slice(equals + 1));
    if (ROLES.includes(role) && Object.keys(format).length > 0) palette[role] = format;
  }
  return Object.keys(palette).length > 0 ? palette : null;
}
