import { makeStyle, noStyle, supportsColor } from 'tsango/core/management';
import { colorize, PALETTES, parseColorSetting } from 'tsango/utils/termcolors';

describe('colorize', () => {
  it('wraps text in the codes of its format', () => {
    expect(colorize('hello', { fg: 'red', bg: 'blue', opts: ['blink'] })).toBe('\x1b[31;44;5mhello\x1b[0m');
    expect(colorize()).toBe('\x1b[m\x1b[0m');
    expect(colorize('x', { fg: 'red', opts: ['noreset'] })).toBe('\x1b[31mx');
    expect(colorize('', { opts: ['reset'] })).toBe('\x1b[0m');
  });
});

describe('parseColorSetting', () => {
  it('reads what Django reads', () => {
    expect(parseColorSetting('')).toBe(PALETTES.dark);
    expect(parseColorSetting('light')).toEqual(PALETTES.light);
    expect(parseColorSetting('light;error=yellow/blue,blink;notice=magenta')).toEqual({
      ...PALETTES.light,
      ERROR: { fg: 'yellow', bg: 'blue', opts: ['blink'] },
      NOTICE: { fg: 'magenta' },
    });
    expect(parseColorSetting('nocolor;http_info=red/white,bold,underscore;x')).toEqual({
      HTTP_INFO: { fg: 'red', bg: 'white', opts: ['underscore', 'bold'] },
    });
    expect(parseColorSetting('error=/blue')).toEqual({ ERROR: { bg: 'blue' } });
    expect(parseColorSetting('ERROR=Red')).toEqual({ ERROR: { fg: 'red' } });
  });

  it.each(['nocolor', 'bogus=green', 'error=bogus', 'light;nocolor', '=;;;', '__proto__=red'])(
    'colours nothing by %j',
    (text) => {
      expect(parseColorSetting(text)).toBeNull();
      expect(makeStyle(text).ERROR('x')).toBe('x');
    },
  );
});

describe('styles', () => {
  it('have a function for each role', () => {
    expect(makeStyle('dark').SUCCESS('OK')).toBe('\x1b[32;1mOK\x1b[0m');
    expect(makeStyle('dark').ERROR_OUTPUT('no')).toBe('\x1b[31;1mno\x1b[0m');
    expect(makeStyle('dark').HTTP_SUCCESS('200')).toBe('200');
    expect(noStyle().ERROR('x')).toBe('x');
  });

  it('are for terminals that show them', () => {
    const { NO_COLOR, TERM } = process.env;
    try {
      delete process.env['NO_COLOR'];
      process.env['TERM'] = 'xterm';
      expect(supportsColor({ isTTY: true })).toBe(true);
      expect(supportsColor({})).toBe(false);
      process.env['TERM'] = 'dumb';
      expect(supportsColor({ isTTY: true })).toBe(false);
      process.env['TERM'] = 'xterm';
      process.env['NO_COLOR'] = '1';
      expect(supportsColor({ isTTY: true })).toBe(false);
    } finally {
      delete process.env['NO_COLOR'];
      delete process.env['TERM'];
      Object.assign(
        process.env,
        NO_COLOR === undefined ? {} : { NO_COLOR },
        TERM === undefined ? {} : { TERM },
      );
    }
  });
});
