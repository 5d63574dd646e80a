import { execFileSync } from 'node:child_process';
import { compileTranslated, escapeRegex, pythonSpelling, translateRegex } from 'tsango/python/re';
import { normalize } from 'tsango/utils/regex_helper';
import { describeWith, SERVICES } from '../support/services';

function compile(pattern: string): RegExp {
  const { source, ignoreCase } = translateRegex(pattern);
  return compileTranslated(pattern, source, ignoreCase);
}

const PATTERNS = [
  String.raw`\w+`,
  String.raw`[\w.-]+`,
  String.raw`[^\W\d_]+`,
  String.raw`\d{2,3}?\b`,
  String.raw`\s*\S`,
  '(?P<a>.)(?P=a)',
  String.raw`(a)(b)?\1`,
  '(?i)ab[c-e]',
  '(?s)a.b',
  String.raw`(?a)\w+`,
  'a.b',
  'b$',
  String.raw`b\Z`,
  'a{,2}b{2}c{x}',
  '[]a]+[[]',
  '[a-]',
  '[&&~~]+',
  String.raw`[\]\\^-]+`,
  String.raw`\u00e9|\x41|\055`,
  '(?<=a)b(?!c)',
  '(?#comment)a',
  String.raw`\Bb`,
  '<>/=:!"\'#%@`,;',
  '}]',
];
const TEXTS = [
  '',
  'ab',
  'abc',
  'a\nb',
  'b\n',
  'aa',
  'aba',
  'ABD',
  'é٣_x',
  'a-b.c',
  ' \u00a0\u2028x',
  '12 123',
  'AA',
  'bb}{',
  'bbc{x}',
  ']a[',
  '&~&',
  '\\^-]',
  'a😀b',
  '<>/=:!"\'#%@`,;',
  '}]',
  '\ufeffx\x1c',
  '𝟙₁²½',
];

describeWith('django', 'beside Python', () => {
  it('patterns match the same text', () => {
    const program = `
import json, re, sys
patterns, texts = json.load(sys.stdin)
def spans(p, t):
    m = re.search(p, t)
    return m and [m.group(0), list(m.groups())]
json.dump([[spans(p, t) for t in texts] for p in patterns], sys.stdout)`;
    const output = execFileSync(SERVICES.python, ['-W', 'ignore', '-c', program], {
      input: JSON.stringify([PATTERNS, TEXTS]),
    });
    const expected = JSON.parse(output.toString()) as unknown[][];
    const found = PATTERNS.map((pattern) =>
      TEXTS.map((text) => {
        const match = compile(pattern).exec(text);
        return match && [match[0], [...match].slice(1).map((group) => group ?? null)];
      }),
    );
    for (const [i, pattern] of PATTERNS.entries()) {
      for (const [j, text] of TEXTS.entries())
        expect([pattern, text, found[i]?.[j]]).toEqual([pattern, text, expected[i]?.[j]]);
    }
  });

  it('text is escaped the same', () => {
    const text = Array.from({ length: 127 }, (_, code) => String.fromCharCode(code + 1)).join('');
    const output = execFileSync(
      SERVICES.python,
      ['-c', 'import re, sys, json; print(json.dumps(re.escape(json.load(sys.stdin))))'],
      {
        input: JSON.stringify(text),
      },
    );
    expect(escapeRegex(text)).toBe(JSON.parse(output.toString()));
  });

  it('patterns are reversed to the same forms', () => {
    const patterns = [
      '^a$',
      'a(b)c',
      '(?P<x>.)(y)?',
      'a(?:b(?P<x>c)d)?e',
      'a(?:b)*c',
      'a{3}',
      'a{2,}',
      '[abc]x',
      String.raw`\d\w\.\Z`,
      '(a)|b',
      '(?:a|b)c',
      '(?P<x>a)(?P=x)',
      '(?=a)(?!b)(?<=c)d',
      '((?P<x>a)b)?',
      '.+?x',
      String.raw`\(\)`,
      '(?:(a)(b)?)?',
    ];
    const program = `
import json, sys
from django.utils.regex_helper import normalize
json.dump([[[form % {p: '<' + p + '>' for p in ['x', 'y', '_0', '_1', '_2']}, args] for form, args in normalize(p)] for p in json.load(sys.stdin)], sys.stdout)`;
    const output = execFileSync(SERVICES.python, ['-W', 'ignore', '-c', program], {
      input: JSON.stringify(patterns),
    });
    const forms = patterns.map((pattern) =>
      normalize(pattern).map(({ pieces, params }) => [
        pieces.map((piece) => (typeof piece === 'string' ? piece : `<${piece.param}>`)).join(''),
        params,
      ]),
    );
    expect(forms).toEqual(JSON.parse(output.toString()));
  });
});

it('a JavaScript pattern is shown in Python spelling', () => {
  expect(pythonSpelling(/^a\/(?<x>\d)(?<=\d)(?<!x)\/$/.source)).toBe(String.raw`^a/(?P<x>\d)(?<=\d)(?<!x)/$`);
});
