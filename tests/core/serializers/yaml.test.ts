/** YAML beside PyYAML, which Django writes and reads it with: any text, any shape. */
import fc from 'fast-check';
import type { YamlStyle } from 'tsango/core/serializers/yaml_output';
import { YamlWriter } from 'tsango/core/serializers/yaml_text';
import { YAML_TYPES } from 'tsango/core/serializers/yaml_types';
import { parseDocument } from 'yaml';
import { python } from '../../support/python';
import { describeWith } from '../../support/services';

const PIECES = [
  ...'abc  :#-?,[]{}&*!|>\'"%@`~=\n\t01.é\u00a0\u2028😀\x07\x85/\\_',
  'yes',
  'null',
  '1e3',
  ' word  word ',
  'a longer text that goes on ',
  '12:30',
  '- ',
  '2020-01-01',
  '0o7',
  '0x1F',
  '.inf',
];
const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((parts) => parts.join(''));
const scalar = fc.oneof(text, text, fc.constant(null), fc.boolean(), fc.integer());
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(text, tie('value'), { maxKeys: 3 }),
  ),
}));
const object = fc.record({
  model: fc.constant('a.b'),
  pk: fc.constantFrom(1, 'x'),
  fields: fc.dictionary(fc.constantFrom('f', 'g', 'h'), value),
});
const documents = fc.array(object, { maxLength: 3 });
const STYLES: YamlStyle[] = [
  {},
  {},
  { indent: 4 },
  { allowUnicode: false },
  { flow: null },
  { flow: true },
  { width: 30 },
];

function write(items: readonly unknown[], style: YamlStyle): string {
  let out = '';
  const writer = new YamlWriter(
    {
      write: (part) => {
        out += part;
      },
    },
    style,
  );
  items.forEach((item, at) => {
    if (at === 0) writer.beginItems();
    writer.item(item);
  });
  writer.endList(items.length > 0);
  return out;
}

const DUMP = `
import yaml
class Dumper(getattr(yaml, 'CSafeDumper', yaml.SafeDumper)):
    def ignore_aliases(self, data): return True
Dumper.add_representer(dict, lambda dumper, data: dumper.represent_mapping('tag:yaml.org,2002:map', data.items()))
NAMES = {'allowUnicode': 'allow_unicode', 'flow': 'default_flow_style'}
result = [yaml.dump(doc, Dumper=Dumper, **{'allow_unicode': True, **{NAMES.get(k, k): v for k, v in style.items()}}) for doc, style in data]
`;

describeWith('PyYAML', 'YAML', () => {
  it('is what PyYAML writes', () => {
    const samples = fc.sample(fc.tuple(documents, fc.constantFrom(...STYLES)), { numRuns: 1500, seed: 42 });
    // Objects with integers as keys come in another order here.
    const cases = samples.filter(([items]) => !/"\d+":/.test(JSON.stringify(items)));
    const expected = python<string[]>(DUMP, cases);
    expect(cases.map(([items, style]) => write(items, style))).toEqual(expected);
    expect(cases.length).toBeGreaterThan(1000);
  });
});

describe('YAML', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(documents, fc.constantFrom(...STYLES), (items, style) => {
        // What ends a line in YAML 1.1 alone is another matter.
        const known = JSON.parse(JSON.stringify(items).replaceAll('\u2028', '')) as unknown[];
        const document = parseDocument(write(known, style), {
          version: '1.1',
          schema: 'failsafe',
          customTags: (tags) => [...tags, ...YAML_TYPES],
          uniqueKeys: false,
        });
        expect(document.errors).toEqual([]);
        expect(document.toJS()).toEqual(known);
      }),
      { numRuns: 300 },
    );
  });
});

describeWith('PyYAML', 'plain words of YAML', () => {
  it('are what PyYAML takes them for', () => {
    const words = [
      'yes',
      'No',
      'oN',
      'OFF',
      'true',
      '~',
      'null',
      '',
      '0',
      '-0',
      '+12',
      '012',
      '0o12',
      '0b101',
      '0x1F',
      '1_000',
      '1:30',
      '-1:30:00',
      '1.',
      '.5',
      '1e3',
      '1.5e+3',
      '-.inf',
      '.NaN',
      '+.5',
      '1:30.5',
      '2020-01-01',
      '2020-1-1',
      '2001-12-14t21:59:43.10-05:00',
      '2001-12-14 21:59:43.1 -5',
      '2001-12-15 2:59:43',
      '9007199254740993',
      '=',
      '<<',
      '08',
      '1__0',
      '12e03',
      'nan',
    ];
    const READ = `
import yaml, datetime
def show(v):
    if isinstance(v, bool) or v is None: return repr(v)
    if isinstance(v, (datetime.date, datetime.datetime)): return v.isoformat()
    return type(v).__name__ + ' ' + str(v)
result = []
for w in data:
    try: result.append(show(yaml.safe_load('- ' + w)[0]))
    except Exception: result.append('error')
`;
    const ours = words.map((word) => {
      const document = parseDocument(`- ${word}`, {
        version: '1.1',
        schema: 'failsafe',
        customTags: (tags) => [...tags, ...YAML_TYPES],
      });
      const [read] = document.toJS() as unknown[];
      if (read === null || typeof read === 'boolean')
        return { null: 'None', true: 'True', false: 'False' }[String(read)];
      if (typeof read === 'string') return `str ${read}`;
      if (typeof read === 'bigint') return `int ${read}`;
      if (typeof read === 'number') return read;
      return (read as { isoformat(): string }).isoformat();
    });
    const expected = python<string[]>(READ, words).map((shown) =>
      /^(?:int|float) /.test(shown) && !/9007199254740993/.test(shown)
        ? Number(shown.replace(/^\w+ /, '').replace('inf', 'Infinity'))
        : shown,
    );
    // Two that PyYAML's types say are something, and that it has no value of.
    expect(ours.map((each, at) => (expected[at] === 'error' ? 'error' : each))).toEqual(expected);
    expect(expected.filter((each) => each === 'error').length).toBeLessThanOrEqual(2);
  });
});
