import fc from 'fast-check';
import { configure } from 'tsango/conf';
import {
  camelCaseToSpaces,
  getTextList,
  getValidFilename,
  slugify,
  smartSplit,
  Truncator,
  unescapeStringLiteral,
  wrap,
} from 'tsango/utils/text';
import { override, registerCatalog } from 'tsango/utils/translation';

configure({});

describe('Truncator', () => {
  const text = 'The quick brown fox';

  it('counts characters, the ellipsis among them', () => {
    expect(new Truncator(text).chars(10)).toBe('The quick…');
    expect(new Truncator(text).chars(19)).toBe(text);
    expect(new Truncator(text).chars(0)).toBe('');
    expect(new Truncator('🎸🎸🎸').chars(2)).toBe('🎸…');
    expect(new Truncator('oo\u0323oo\u0323').chars(3)).toBe('oọ…');
    expect(new Truncator(text).chars(8, { truncate: ' [%(truncated_text)s]' })).toBe(' [The q]');
  });

  it('counts words', () => {
    expect(new Truncator(`${text}\n`).words(2)).toBe('The quick…');
    expect(new Truncator(text).words(2, { truncate: ' …' })).toBe('The quick …');
  });

  it('closes the elements of HTML', () => {
    const html = '<p>one <a href="#">two - three <br>four</a> five</p>';
    expect(new Truncator(html).words(3, { html: true, truncate: ' …' })).toBe(
      '<p>one <a href="#">two - …</a></p>',
    );
    expect(new Truncator('<b>Tom &amp; Jerry</b>').chars(6, { html: true })).toBe('<b>Tom &amp;…</b>');
  });

  it('never gives more characters than asked for', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 20 }), (value, length) => {
        const normal = value.normalize('NFC');
        const result = new Truncator(value).chars(length);
        if (result !== normal) expect([...result.replace(/\p{M}/gu, '')].length).toBeLessThanOrEqual(length);
      }),
    );
  });

  it('takes its mark from the active language', () => {
    const forget = registerCatalog('xx', {
      messages: new Map([
        ['String to return when truncating text\u0004%(truncated_text)s…', '%(truncated_text)s->'],
      ]),
    });
    expect(override('xx', () => new Truncator(text).words(1))).toBe('The->');
    forget();
  });
});

describe('wrap', () => {
  it('breaks at spaces, and leaves long words alone', () => {
    expect(wrap('a looooong word here', 6)).toBe('a\nlooooong\nword\nhere');
    expect(wrap('x\ty', 20)).toBe('x       y');
    expect(() => wrap('a', 0)).toThrow('invalid width 0 (must be > 0)');
  });

  it('loses no word, and keeps to the width', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'bb', 'cccc', ' ', '  ', '\n'), { maxLength: 40 }),
        fc.integer({ min: 1, max: 12 }),
        (parts, width) => {
          const text = parts.join('');
          const wrapped = wrap(text, width);
          expect(wrapped.split(/\s+/).filter(Boolean)).toEqual(text.split(/\s+/).filter(Boolean));
          for (const line of wrapped.split('\n')) {
            if (line.trim().includes(' ')) expect(line.length).toBeLessThanOrEqual(width);
          }
        },
      ),
    );
  });

  it('is linear', () => {
    const start = process.hrtime.bigint();
    for (const part of [' ', 'a ', 'a', '\t', '\n ', '\u00a0']) wrap(part.repeat(200_000 / part.length), 10);
    expect(Number(process.hrtime.bigint() - start) / 1e9).toBeLessThan(10);
  });
});

describe('smartSplit', () => {
  it.each([
    ['This is "a person" test.', ['This', 'is', '"a person"', 'test.']],
    [`a "\\"funky\\" style" b`, ['a', `"\\"funky\\" style"`, 'b']],
    [`url 'x y'|join:", " z`, ['url', `'x y'|join:", "`, 'z']],
    [`"a'b c`, [`"a'b`, 'c']],
    [`"a""b c`, [`"a"`, `"b`, 'c']],
  ])('%p', (text, parts) => {
    expect(smartSplit(text)).toEqual(parts);
  });

  it('is linear in quotes that are never closed', () => {
    const start = process.hrtime.bigint();
    for (const part of ['\\" ', '"', `"'`, '\\', `'\\\n" `]) smartSplit(part.repeat(200_000 / part.length));
    expect(Number(process.hrtime.bigint() - start) / 1e9).toBeLessThan(5);
  });
});

describe('names', () => {
  it('are made of letters, digits and hyphens', () => {
    expect(slugify(' Hello,  Wörld_-  ')).toBe('hello-world');
    expect(slugify('你好 Wörld', true)).toBe('你好-wörld');
    expect(getValidFilename("john's portrait in 2004.jpg")).toBe('johns_portrait_in_2004.jpg');
    expect(() => getValidFilename('..')).toThrow("Could not derive file name from '..'");
    expect(camelCaseToSpaces('someCamelCaseHTML')).toBe('some camel case html');
  });

  it('stand in lists and quotes', () => {
    expect(getTextList(['a', 'b', 3])).toBe('a, b or 3');
    expect(getTextList([])).toBe('');
    expect(unescapeStringLiteral(`'it\\'s'`)).toBe("it's");
    expect(() => unescapeStringLiteral('x')).toThrow("Not a string literal: 'x'");
  });
});
