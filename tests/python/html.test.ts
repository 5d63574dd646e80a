/** Character references: Python's `html.unescape`. */
import { unescapeHtml } from 'tsango/python/html';
import { python } from '../support/python';
import { describeWith } from '../support/services';

it.each([
  ['&amp;&lt', '&<'],
  ['&notit; &notin;', '\u00acit; \u2209'],
  ['&ampx &copy1', '&x \u00a91'],
  ['&lang;', '\u27e8'],
  ['&NotEqualTilde;', '\u2242\u0338'],
  ['&#x41;&#65&#128;', 'AA\u20ac'],
  ['&#0;&#xd800;&#x110000;', '\ufffd\ufffd\ufffd'],
  ['a&#1;b', 'ab'],
  // What only nearly is a name stays as it is.
  ['&eta= a&kjcyb &PlusMinus1; &hellip &; &', '&eta= a&kjcyb &PlusMinus1; &hellip &; &'],
])('%j is %j', (text, expected) => expect(unescapeHtml(text)).toBe(expected));

describeWith('django', 'beside Python', () => {
  it('knows every name, with and without what follows it', () => {
    const names = python<string[]>('import html.entities\nresult = sorted(html.entities.html5)', null);
    expect(names.length).toBeGreaterThan(2000);
    const texts = names.flatMap((name) => {
      const bare = name.replace(';', '');
      const ends = ['', ';', 'x', '1;', '=', '\u00e9', `&${bare};`];
      return [...ends.map((end) => `&${bare}${end}`), `&${bare.slice(0, -1)};`, `a&${bare.toLowerCase()}b`];
    });
    for (let code = 0; code < 0x111000; code += code < 0x300 ? 1 : 97)
      texts.push(`&#${code};`, `&#x${code.toString(16)}`);
    const expected = python<string[]>('import html\nresult = [html.unescape(text) for text in data]', texts);
    expect(texts.map(unescapeHtml)).toEqual(expected);
  });
});
