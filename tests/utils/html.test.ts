import fc from 'fast-check';
import { configure } from 'tsango/conf';
import { SuspiciousOperation } from 'tsango/core/exceptions';
import { unescapeHtml } from 'tsango/python/html';
import { PlainDate, tuple } from 'tsango/python/types';
import {
  conditionalEscape,
  escapeHtml,
  escapejs,
  escape as escapeValue,
  formatHtml,
  formatHtmlJoin,
  jsonScript,
  linebreaks,
  smartUrlquote,
  stripSpacesBetweenTags,
  stripTags,
  urlize,
} from 'tsango/utils/html';
import { markSafe, SafeString } from 'tsango/utils/safestring';

configure({});

describe('escaping', () => {
  it('replaces the five characters', () => {
    expect(escapeValue(`<a href="x" title='y'>&`).value).toBe(
      '&lt;a href=&quot;x&quot; title=&#x27;y&#x27;&gt;&amp;',
    );
  });

  it('escapes safe text again only when told to', () => {
    expect(escapeValue(markSafe('&amp;')).value).toBe('&amp;amp;');
    expect(conditionalEscape(markSafe('&amp;')).value).toBe('&amp;');
    expect(conditionalEscape({ toHTML: () => '<b>' }).value).toBe('<b>');
    expect(conditionalEscape([`<`]).value).toBe('[&#x27;&lt;&#x27;]');
  });

  it('is undone by unescapeHtml', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const escaped = escapeHtml(text);
        expect(unescapeHtml(escaped)).toBe(text);
        expect(escaped).not.toMatch(/[<>"']/);
      }),
    );
  });

  it('resolves references as browsers do', () => {
    expect(unescapeHtml('&notit; &#128; &#xD800; &AElig &lt &fjlig; &unknown;')).toBe(
      '¬it; € \ufffd Æ < fj &unknown;',
    );
  });

  it('behaves as a string where JavaScript wants one', () => {
    const safe = new SafeString('<b>');
    expect(`${safe}!`).toBe('<b>!');
    expect(JSON.stringify({ safe })).toBe('{"safe":"<b>"}');
    expect(safe.length).toBe(3);
    expect(markSafe(() => 'x')()).toBeInstanceOf(SafeString);
  });
});

describe('formatHtml', () => {
  it('escapes the values and not the pattern', () => {
    expect(formatHtml('<b title="{}">{name}{{}}</b>', '"', { name: markSafe('<i>') }).value).toBe(
      '<b title="&quot;"><i>{}</b>',
    );
    expect(formatHtml('{1}{0}', 'a', '<').value).toBe('&lt;a');
    for (const value of ['a', '&'])
      expect(formatHtml('{}}}-{{{}', value, 1).value).toBe(`${escapeHtml(value)}}-{1`);
  });

  it('refuses a pattern without values, and a field without a value', () => {
    expect(() => formatHtml('<b>')).toThrow(new TypeError('args or kwargs must be provided.'));
    expect(() => formatHtml('{} {}', 1)).toThrow(
      'Replacement index 1 out of range for positional args tuple',
    );
    expect(() => formatHtml('{name}', 1)).toThrow("'name'");
    expect(() => formatHtml('{', 1)).toThrow("Single '{' encountered in format string");
  });

  it('joins rows', () => {
    expect(formatHtmlJoin('<', '<i>{}</i>', [['&'], tuple([2])]).value).toBe('<i>&amp;</i>&lt;<i>2</i>');
    expect(formatHtmlJoin('\n', '{a}', [{ a: 1 }, { a: 2 }]).value).toBe('1\n2');
  });
});

describe('text in scripts', () => {
  it('escapes for JavaScript strings', () => {
    expect(escapejs('</script>\n"`\u2028').value).toBe('\\u003C/script\\u003E\\u000A\\u0022\\u0060\\u2028');
  });

  it('writes JSON as Python does', () => {
    const value = { a: '</é>', d: new PlainDate(2026, 1, 2), n: [1.5, null, true], f: Number.NaN };
    expect(jsonScript(value, 'x"y').value).toBe(
      '<script id="x&quot;y" type="application/json">{"a": "\\u003C/\\u00e9\\u003E", "d": "2026-01-02", ' +
        '"n": [1.5, null, true], "f": NaN}</script>',
    );
    expect(() => jsonScript(new Set())).toThrow('Object of type set is not JSON serializable');
  });
});

describe('tags', () => {
  it('are removed until none is left', () => {
    expect(stripTags('<b>x</b> <<b>b>y &amp; &#62; <!-- <i> -->z<script>1 < 2</script>')).toBe(
      'x y &amp; &#62; z1 < 2',
    );
    expect(() => stripTags(`${'<'.repeat(51)}${'a>'.repeat(51)}`)).toThrow(SuspiciousOperation);
  });

  it('are all that goes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('<b>', '</b>', '<br/>', '<p class="x">')),
        fc.string(),
        (tags, text) => {
          const plain = text.replace(/[<>&]/g, '');
          expect(stripTags(tags.map((tag) => tag + plain).join(''))).toBe(plain.repeat(tags.length));
        },
      ),
    );
  });

  it('lose the white space between them', () => {
    expect(stripSpacesBetweenTags('<p> <b> x </b>\n</p>')).toBe('<p><b> x </b></p>');
  });

  it('stand around paragraphs', () => {
    expect(linebreaks('a<\r\nb\n\n\nc', true)).toBe('<p>a&lt;<br>b</p>\n\n<p>c</p>');
  });
});

describe('links', () => {
  it('are found, with the punctuation around them left out', () => {
    expect(urlize('(see www.example.com/a_(b), or me@example.com!)', { nofollow: true })).toBe(
      '(see <a href="http://www.example.com/a_(b)" rel="nofollow">www.example.com/a_(b)</a>, ' +
        'or <a href="mailto:me@example.com">me@example.com</a>!)',
    );
    expect(urlize('javascript:alert(1) http://a.b.c@d', {})).toBe(
      'javascript:alert(1) <a href="http://a.b.c@d">http://a.b.c@d</a>',
    );
  });

  it('are quoted once', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (url) => {
        const quoted = smartUrlquote(url);
        expect(smartUrlquote(quoted)).toBe(quoted);
      }),
    );
    expect(smartUrlquote('http://öäü.com/ö?a=ö b&c')).toBe(
      'http://%C3%B6%C3%A4%C3%BC.com/%C3%B6?a=%C3%B6+b&c=',
    );
  });
});

const SIZE = 200_000;
const fill = (part: string) => part.repeat(SIZE / part.length);

describe.each(
  [
    '<',
    '<a',
    '<a b="',
    "<a b='>",
    '<a x="">',
    '<!--',
    '<!-- -->',
    '<![CDATA[',
    ']',
    '<?',
    '</',
    '</ ',
    '&',
    '&#',
    '&a',
    '<script></',
    '<a ="> ',
    '<a b=="',
  ].map((part) => [part, fill(part)] as const),
)('%p, again and again', (part, text) => {
  it('takes no longer than its length', () => {
    const start = process.hrtime.bigint();
    for (const input of [text, `>${text}`, `${text}>`, `<p>${text}</p>`]) {
      try {
        stripTags(input);
      } catch (error) {
        expect(error).toBeInstanceOf(SuspiciousOperation);
      }
      urlize(input, { autoescape: true });
      unescapeHtml(input);
    }
    expect(Number(process.hrtime.bigint() - start) / 1e9).toBeLessThan(10);
    expect(part).not.toBe('');
  });
});

it.each(
  [').', '(', '&amp;', '&;', '.;', 'www.', 'a@', 'http://', '[http://168.192.0.1]('].map((part) => [part]),
)('finds links in %p, again and again', (part) => {
  const start = process.hrtime.bigint();
  urlize(`http://a${fill(part)}`);
  urlize(`${fill(part)} x`);
  expect(Number(process.hrtime.bigint() - start) / 1e9).toBeLessThan(5);
});
