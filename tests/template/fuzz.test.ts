import fc from 'fast-check';
import { configure, resetSettings } from 'tsango/conf';
import { Context } from 'tsango/template/context';
import { Lexer } from 'tsango/template/lexer';
import { engineOf, errorOf } from './support';

beforeAll(() => configure({ SECRET_KEY: 'test', USE_TZ: false }));
afterAll(() => resetSettings());

const engine = engineOf({ other: '{{ a }}{% block b %}{% endblock %}' });
const PIECES = [
  '{{',
  '}}',
  '{%',
  '%}',
  '{#',
  '#}',
  ' ',
  '\n',
  '|',
  ':',
  '.',
  ',',
  '"',
  "'",
  '\\',
  '=',
  '_(',
  ')',
  '`',
  '${',
  '\u2028',
  '//',
  '/*',
  'a',
  'b.c',
  'x',
  '1',
  '-2.5',
  '1e9',
  'if ',
  'elif ',
  'else',
  'endif',
  'for ',
  ' in ',
  'endfor',
  'empty',
  'with ',
  'endwith',
  'block b',
  'endblock',
  'extends "other"',
  'include "other"',
  'cycle a b',
  'ifchanged',
  'endifchanged',
  'upper',
  'default',
  'and ',
  'or ',
  'not ',
  '==',
  '<',
  'as ',
  'verbatim',
  'endverbatim',
  'autoescape off',
  'endautoescape',
  'filter upper',
  'endfilter',
  'load i18n',
  'translate "x"',
  'blocktranslate',
  'endblocktranslate',
  'partialdef p',
  'endpartialdef',
  'partial p',
  'regroup a by b as c',
  'firstof a b',
  'now "Y"',
  'spaceless',
  'endspaceless',
  'widthratio a b 1',
  'templatetag openblock',
  'comment',
  'endcomment',
  '__proto__',
  'constructor',
  'forloop.counter',
  'block.super',
  'é',
  '😀',
  '\0',
];
const source = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 4 })), { maxLength: 40 })
  .map((parts) => parts.join(''));
const tags = fc
  .array(
    fc.tuple(fc.constantFrom('{{ ', '{% ', ''), fc.array(fc.constantFrom(...PIECES), { maxLength: 5 })),
    { maxLength: 12 },
  )
  .map((all) =>
    all
      .map(([open, parts]) => open + parts.join('') + (open === '{{ ' ? ' }}' : open === '{% ' ? ' %}' : ''))
      .join(''),
  );

/** Django's own errors while rendering; anything else is the engine's fault. */
const EXPECTED = new Set([
  'TemplateSyntaxError',
  'TemplateDoesNotExist',
  'VariableDoesNotExist',
  'ValueError',
  'RecursionError',
  'TypeError',
  'NoReverseMatch',
]);

function survive(text: string): void {
  const values = { a: ['<', 1, null], b: { c: 'deep' }, x: 'y', c: [] };
  let template: ReturnType<typeof engine.fromString>;
  try {
    template = engine.fromString(text);
  } catch (error) {
    // A template that extends one that does not exist says so only while it renders.
    expect((error as Error).name).toBe('TemplateSyntaxError');
    return;
  }
  try {
    void template.render(new Context(values));
  } catch (error) {
    expect(EXPECTED).toContain((error as Error).name);
    // JavaScript that does not compile would show as this.
    expect(error).not.toBeInstanceOf(SyntaxError);
    expect(error).not.toBeInstanceOf(ReferenceError);
  }
}

describe('any source', () => {
  it('parses and renders, or is a TemplateSyntaxError', () => {
    fc.assert(fc.property(fc.oneof(source, tags), survive), {
      numRuns: Number(process.env['FUZZ_RUNS'] ?? 1500),
    });
  });

  it('says the same where every value is promised', async () => {
    const outcome = async (text: string, values: Record<string, unknown>): Promise<string> => {
      try {
        return await engine.fromString(text).render(new Context(values));
      } catch (error) {
        return `${(error as Error).name}: ${(error as Error).message}`;
      }
    };
    await fc.assert(
      fc.asyncProperty(tags, async (text) => {
        // The time goes on between the two.
        fc.pre(!text.includes('now'));
        const values = { a: ['<', 1, null], b: { c: 'deep' }, x: 'y', c: [] };
        const promised = Object.fromEntries(
          Object.entries(values).map(([name, value], i) => [
            name,
            i % 2 === 0 ? Promise.resolve(value) : async () => value,
          ]),
        );
        expect(await outcome(text, promised)).toBe(await outcome(text, values));
      }),
      { numRuns: 500 },
    );
  });

  it('is lexed without loss', () => {
    fc.assert(
      fc.property(source, (text) => {
        const tokens = new Lexer(text).tokenize();
        expect(tokens.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it('without delimiters is its own output', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200, unit: 'binary' }), (text) => {
        fc.pre(!/\{[{%#]/.test(text));
        expect(engine.fromString(text).render(new Context())).toBe(text);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps literals and values as they are', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60, unit: 'grapheme' }), (text) => {
        fc.pre(!/[\n\r]|%\}|\}\}/.test(text));
        const literal = `"${text.replace(/[\\"]/g, '\\$&')}"`;
        const show = (code: string) =>
          engine.fromString(`{% autoescape off %}${code}{% endautoescape %}`).render(new Context({ text }));
        expect(show(`{{ ${literal} }}`)).toBe(text);
        expect(show(`{% with v=${literal} %}{{ v }}{% endwith %}`)).toBe(text);
        expect(show('{{ text }}')).toBe(text);
        expect(show(`{% if text == ${literal} %}same{% endif %}`)).toBe('same');
      }),
      { numRuns: 500 },
    );
  });
});

describe('the worst source', () => {
  const SIZE = 100_000;
  it.each([
    ['open variables', '{{'],
    ['open tags', '{%'],
    ['open comments', '{#'],
    ['braces', '{'],
    ['spaces in a variable', ' '],
    ['pipes', '|'],
    ['filters without names', '| '],
    ['quotes', '"'],
    ['escapes', '\\"'],
    ['dots', 'a.'],
    ['translations', '_('],
    ['digits', '1'],
  ])('%s takes linear time', (_name, piece) => {
    const text = piece.repeat(SIZE / piece.length);
    for (const whole of [
      text,
      `{{ ${text} }}`,
      `{% if ${text} %}`,
      `{{ x${text} }}`,
      `{{ "${text} }}`,
      `{% with a=${text} %}`,
    ]) {
      const start = performance.now();
      try {
        engine.fromString(whole);
      } catch (error) {
        expect((error as Error).name).toBe('TemplateSyntaxError');
      }
      expect(performance.now() - start).toBeLessThan(2000);
    }
  });

  it.each([
    '{% if a %}',
    '{% for x in y %}',
    '{% with a=1 %}',
    '{% filter upper %}',
    '{% spaceless %}',
    '{% block b %}',
  ])('nested without end is a TemplateSyntaxError: %s', (tag) => {
    expect(errorOf(() => engine.fromString(tag.repeat(20_000))).name).toBe('TemplateSyntaxError');
  });

  it('operators without end are a TemplateSyntaxError, or are evaluated', () => {
    expect(errorOf(() => engine.fromString(`{% if ${'not '.repeat(20_000)}a %}{% endif %}`)).name).toBe(
      'TemplateSyntaxError',
    );
    const long = engine.fromString(`{% if ${'a and '.repeat(300)}a %}yes{% endif %}`);
    expect(long.render(new Context({ a: 1 }))).toBe('yes');
  });

  it.each([
    ['operators', `{% if ${'a or '.repeat(20_000)}a %}x{% endif %}`],
    ['filters', `{{ a${'|upper'.repeat(20_000)} }}`],
    ['dots', `{{ a${'.a'.repeat(20_000)} }}`],
    ['elif', `{% if a %}${'{% elif a %}'.repeat(5_000)}{% endif %}`],
  ])('%s without end either render or are a TemplateSyntaxError', (_name, text) => {
    try {
      expect(typeof engine.fromString(text).render(new Context({ a: 'A' }))).toBe('string');
    } catch (error) {
      expect((error as Error).name).toBe('TemplateSyntaxError');
    }
  });

  it('10,000 tags in a row compile', () => {
    const template = engine.fromString('{% if a %}{{ a }}{% endif %}'.repeat(10_000));
    expect((template.render(new Context({ a: 1 })) as string).length).toBe(10_000);
  });
});
