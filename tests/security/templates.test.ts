/** Django's advisories about templates, their filters and the text utilities below them. */
import { configure, overrideSettings, resetSettings } from 'tsango/conf';
import { intcomma } from 'tsango/contrib/humanize/templatetags/humanize';
import { SuspiciousOperation } from 'tsango/core/exceptions';
import { Decimal } from 'tsango/python/decimal';
import { Context, Engine } from 'tsango/template';
import {
  dictsort,
  dictsortreversed,
  first,
  floatformat,
  last,
  truncatecharsHtml,
  truncatewordsHtml,
  urlizetrunc,
  wordwrap,
} from 'tsango/template/defaultfilters';
import { format as formatDate } from 'tsango/utils/dateformat';
import { getFormat } from 'tsango/utils/formats';
import { isEmailSimple, stripTags, urlize } from 'tsango/utils/html';
import { format } from 'tsango/utils/numberformat';
import { Truncator } from 'tsango/utils/text';
import { expectLinear } from './support';

beforeAll(() => configure({ SECRET_KEY: 'test' }));
afterAll(() => resetSettings());

const HOSTILE_LINKS: [string, string, string][] = [
  ['CVE-2018-7536', '(', 'http://example.com/('],
  ['CVE-2018-7536', ';', '&'],
  ['CVE-2018-7536', ';', 'a.b&'],
  ['CVE-2018-7536', ')', 'http://example.com/('],
  ['CVE-2024-38875', '[', 'www.example.com'],
  ['CVE-2024-38875', '(', 'a@'],
  ['CVE-2024-38875', '[(', ''],
  ['CVE-2024-38875', ')]', '('],
  ['CVE-2024-38875', ')]', 'www.example.com/('],
  ['CVE-2024-41990', ':', 'www.a'],
  ['CVE-2024-41990', '.;', 'a@b'],
  ['CVE-2024-41990', '&:', ''],
  ['CVE-2024-41991', '\u{1f600}', 'http://'],
  ['CVE-2024-41991', '\u00bd', 'www.'],
  ['CVE-2024-45230', '&;', ''],
  ['CVE-2024-45230', ';&;', 'a'],
  ['CVE-2024-45230', '&#', 'a;'],
  ['CVE-2024-45230', '&lt;', 'www.a.com'],
  ['CVE-2024-45230', ':;', '&'],
  ['CVE-2024-45230', ';', 'www.a.com&'],
];

it.each(HOSTILE_LINKS)('%s: urlize of many %j is linear', (_id, repeated, before) => {
  expectLinear((size) => urlize(before + repeated.repeat(size / repeated.length)));
  expectLinear((size) => urlizetrunc(`${before}${repeated.repeat(size / repeated.length)}a`, 10));
});

it('CVE-2024-41991: a word too long to be an address is not quoted', () => {
  const long = '\u{1f600}'.repeat(2048);
  for (const start of ['http://a.example/', 'www.a.example/']) {
    expect(urlize(start + long)).toBe(start + long);
    expect(urlize(`${start}\u{1f600}`)).toContain('<a href="http://');
  }
});

const HOSTILE_HTML: [string, string][] = [
  ['CVE-2018-7537', '<'],
  ['CVE-2018-7537', '&'],
  ['CVE-2018-7537', '_X<<<<<<<<<<<>'],
  ['CVE-2019-14232', '</'],
  ['CVE-2019-14232', '<a '],
  ['CVE-2019-14232', '<a b="'],
  ['CVE-2023-43665', '</a>'],
  ['CVE-2023-43665', '<a>'],
  ['CVE-2023-43665', '<!--'],
  ['CVE-2023-43665', '&#'],
  ['CVE-2024-27351', ' '],
  ['CVE-2024-27351', '<a\u2003'],
  ['CVE-2024-27351', '\u00e9<'],
  ['CVE-2026-1285', '</p>'],
  ['CVE-2026-1285', '<b></i>'],
];

it.each(HOSTILE_HTML)('%s: truncating HTML of many %j is linear', (_id, repeated) => {
  for (const before of ['', 'a<b>']) {
    expectLinear((size) => truncatewordsHtml(before + repeated.repeat(size / repeated.length), 1000));
    expectLinear((size) => truncatecharsHtml(before + repeated.repeat(size / repeated.length), 90_000));
    expectLinear((size) =>
      new Truncator(before + repeated.repeat(size / repeated.length)).words(1000, { html: true }),
    );
  }
});

it('CVE-2026-1285: end tags that close nothing are skipped', () => {
  expect(String(truncatewordsHtml('<b>one</i></i> two</b> three', 2))).toBe('<b>one</i></i> two</b> …');
});

it.each([
  ['CVE-2019-14233', '<', ''],
  ['CVE-2019-14233', '<a><', '>'],
  ['CVE-2024-53907', '<<', '>'],
  ['CVE-2024-53907', '&gt;<a ', ''],
  ['CVE-2025-32873', '<a', ''],
  ['CVE-2025-32873', '</', ''],
  ['CVE-2025-32873', '<!', ''],
  ['CVE-2025-32873', '<?', ''],
  ['CVE-2025-32873', '<![', ''],
])('%s: stripping tags of many %j ends soon', (_id, repeated, after) => {
  expectLinear((size) => {
    try {
      return stripTags((repeated + after).repeat(size / repeated.length));
    } catch (error) {
      if (!(error instanceof SuspiciousOperation)) throw error;
      return undefined;
    }
  });
});

it.each(['</', '<!', '<?', '<![', '&#', '<a '])(
  'CVE-2025-32873: stripping many %j behind a tag that is complete is linear',
  (repeated) => {
    expectLinear((size) => {
      try {
        return stripTags(`<b>${repeated.repeat(size / repeated.length)}`);
      } catch (error) {
        if (!(error instanceof SuspiciousOperation)) throw error;
        return undefined;
      }
    }, 200_000);
  },
);

it('CVE-2024-53907: tags nested in tags have a limit', () => {
  expect(() => stripTags(`<a${'<a'.repeat(1000)}`)).toThrow(SuspiciousOperation);
});

it('CVE-2025-26699: wordwrap of one long line is linear', () => {
  expectLinear((size) => wordwrap('d'.repeat(size), 5));
  expectLinear((size) => wordwrap('a '.repeat(size), 5));
  expectLinear((size) => wordwrap(`${' '.repeat(size)}a`, 5));
  expectLinear((size) => wordwrap('\t'.repeat(size / 10), 5));
});

it.each(['CVE-2019-6975', 'CVE-2024-41989'])('%s: numbers of very many digits are not written out', (_id) => {
  expect(String(format(Decimal.from('1e200000000'), { decimalSep: '.' })).length).toBeLessThan(50);
  for (const number of ['1e200000000', '1e-200000000', '-1E+500000000', Decimal.from('1e9000')]) {
    expect(String(floatformat(number)).length).toBeLessThan(400);
    expect(String(floatformat(number, 2)).length).toBeLessThan(400);
  }
  expectLinear((size) => floatformat('1'.repeat(size)));
  expectLinear((size) => floatformat(`${'1'.repeat(size)}x`));
});

it('CVE-2024-24680: intcomma is linear', () => {
  for (const useL10n of [true, false]) {
    expectLinear((size) => intcomma('1'.repeat(size), useL10n));
    expectLinear((size) => intcomma(`${'1'.repeat(size)}.5x`, useL10n));
  }
});

it('CVE-2021-45116: sorting neither calls methods nor reads private data', () => {
  let called = false;
  class User {
    constructor(readonly name: string) {}
    _password = 'x';
    delete(): number {
      called = true;
      return 0;
    }
  }
  const users = [new User('b'), new User('a')];
  expect(dictsort(users, 'name')).toEqual([users[1], users[0]]);
  for (const path of ['_password', 'delete', '__proto__', 'constructor.name', 'name._x']) {
    expect([dictsort(users, path), dictsortreversed(users, path)]).toEqual(['', '']);
  }
  expect(called).toBe(false);
  expect([dictsort(['ab', 'ba'], 1), first([]), last([])]).toEqual([['ba', 'ab'], '', '']);
});

describe('the debug tag', () => {
  const render = (debug: boolean): Promise<string> =>
    Promise.resolve(
      overrideSettings({ DEBUG: debug }, () =>
        new Engine({ debug })
          .fromString('{% debug %}')
          .render(new Context({ hostile: '<script>alert(1)</script>' })),
      ),
    );

  it('CVE-2022-22818: is escaped', async () => {
    const page = String(await render(true));
    expect(page).toContain('&lt;script&gt;');
    expect(page).not.toContain('<script>');
  });

  it('CVE-2022-22818: shows nothing with DEBUG off', async () =>
    expect(String(await render(false))).toBe(''));
});

it('CVE-2023-36053: an e-mail address has at most 320 characters', () => {
  const domain = `${'a'.repeat(60)}.`.repeat(4);
  expect(isEmailSimple(`a@${domain}example`)).toBe(true);
  expect(isEmailSimple(`${'a'.repeat(80)}@${domain}example`)).toBe(false);
  expectLinear((size) => urlize(`a@${'a.'.repeat(size)}`));
  expectLinear((size) => urlize(`${'a.'.repeat(size)}@a.example`));
});

it('CVE-2015-8213: a date format cannot name a setting', async () => {
  await overrideSettings({ SECRET_KEY: 'hidden' }, () => {
    expect(getFormat('SECRET_KEY')).toBe('SECRET_KEY');
    expect(formatDate(new Date(0), 'SECRET_KEY')).not.toContain('hidden');
  });
});
