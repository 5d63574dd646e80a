/** Forms and validators: Django's advisories, and the worst that somebody can send to each field. */
import { configure } from 'tsango/conf';
import { SimpleUploadedFile } from 'tsango/core/files/uploadedfile';
import { validateIpv4Address, validateIpv46Address } from 'tsango/core/validators';
import * as forms from 'tsango/forms';
import { QueryDict } from 'tsango/http';
import { MultiValueDict } from 'tsango/utils/datastructures';
import { cleanIpv6Address } from 'tsango/utils/ipv6';
import { expectLinear } from './support';

configure({ SECRET_KEY: 'x', USE_TZ: false, USE_I18N: false });

const refused = async (form: forms.Form): Promise<string> => {
  expect(await form.isValid()).toBe(false);
  return form.errors.asText().value;
};

describe('Django’s advisories', () => {
  it('CVE-2013-0306: however many forms are said to be sent, absoluteMax are made', async () => {
    class LineForm extends forms.form({ title: new forms.CharField() }) {}
    const LineFormSet = forms.formsetFactory(LineForm, { maxNum: 3, absoluteMax: 5 });
    const formset = new LineFormSet({
      data: new QueryDict('form-TOTAL_FORMS=3000&form-INITIAL_FORMS=0'),
    });
    expect(await formset.isValid()).toBe(false);
    expect(formset.forms).toHaveLength(5);
    expect(formset.nonFormErrors().asText().value).toBe('* Please submit at most 3 forms.');
  });

  it.each(['010.8.8.8', '10.08.8.8', '1.2.3.00'])(
    'CVE-2021-33571: an IPv4 address with leading zeros, which some read as octal, is none: %s',
    async (address) => {
      expect(() => validateIpv4Address(address)).toThrow('Enter a valid IPv4 address.');
      expect(() => validateIpv46Address(address)).toThrow('Enter a valid IPv4 or IPv6 address.');
      class HostForm extends forms.form({ host: new forms.GenericIPAddressField() }) {}
      expect(await refused(new HostForm({ data: { host: address } }))).toContain(
        'Enter a valid IPv4 or IPv6',
      );
    },
  );

  it('CVE-2023-31047: a field for one file takes no several, of which only the last would be looked at', async () => {
    expect(() => new forms.FileInput({ attrs: { multiple: true } })).toThrow(
      "FileInput doesn't support uploading multiple files.",
    );
    class FileForm extends forms.form({ file: new forms.FileField() }) {}
    const files = new MultiValueDict<unknown>([
      [
        'file',
        [
          new SimpleUploadedFile('bad.exe', Buffer.from('x')),
          new SimpleUploadedFile('good.txt', Buffer.from('y')),
        ],
      ],
    ]);
    const form = new FileForm({ data: {}, files });
    expect(await form.isValid()).toBe(true);
    expect(form.cleanedData.file.name).toBe('good.txt');
    expect(form.get('file').data).not.toEqual(expect.any(Array));
  });

  it('CVE-2024-56374: an IPv6 address has at most 39 characters, and no more are taken apart', async () => {
    class HostForm extends forms.form({ host: new forms.GenericIPAddressField() }) {}
    // It would be one, if somebody read all of it.
    const long = '0000:0000:0000:0000:0000:ffff:192.168.100.228';
    expect(() => cleanIpv6Address(long)).toThrow('This is not a valid IPv6 address.');
    expect(cleanIpv6Address(long, { maxLength: 45 })).toBe('::ffff:192.168.100.228');
    expect(await refused(new HostForm({ data: { host: long } }))).toContain(
      'This is not a valid IPv6 address.',
    );
    for (const part of [':', '0', ':0', '1.']) {
      expectLinear((size) => {
        expect(() => validateIpv46Address(part.repeat(size))).toThrow();
      }, 500_000);
    }
  });
});

/** What readers of numbers, dates, addresses, JSON and markup stumble over. */
const PIECES = [
  ...[
    'a',
    '0',
    '1',
    '9',
    '-',
    '+',
    '.',
    ',',
    ':',
    '/',
    '@',
    '%',
    ' ',
    '\t',
    '\n',
    '(',
    '[',
    '{',
    '"',
    '\\',
    '&',
    '<',
  ],
  ...[
    '1.',
    '1e',
    '0.0',
    '1_',
    'a@',
    'a.',
    'a-',
    '::',
    '1:',
    'http://',
    'http://a:',
    '@a.',
    '%41',
    '٣',
    '１',
    'ß',
    '́',
  ],
  ...[
    '{"a":',
    '[1,',
    '\\u',
    'P1D',
    '1 day, ',
    'a"b',
    '--',
    '<a',
    '&#',
    '﷽',
    '¾',
    '℀',
    '\u{1d7ce}',
    'xn--',
    '.-',
  ],
];

const FIELDS: Readonly<Record<string, forms.Field>> = {
  CharField: new forms.CharField(),
  IntegerField: new forms.IntegerField(),
  'IntegerField with limits': new forms.IntegerField({ minValue: 0, maxValue: 9, stepSize: 3 }),
  FloatField: new forms.FloatField(),
  DecimalField: new forms.DecimalField({ maxDigits: 5, decimalPlaces: 2 }),
  'DecimalField without limits': new forms.DecimalField({ stepSize: 1 }),
  DateField: new forms.DateField(),
  TimeField: new forms.TimeField(),
  DateTimeField: new forms.DateTimeField(),
  DurationField: new forms.DurationField(),
  EmailField: new forms.EmailField(),
  URLField: new forms.URLField({ assumeScheme: 'https' }),
  SlugField: new forms.SlugField(),
  'SlugField of any letters': new forms.SlugField({ allowUnicode: true }),
  GenericIPAddressField: new forms.GenericIPAddressField(),
  UUIDField: new forms.UUIDField(),
  JSONField: new forms.JSONField(),
  BooleanField: new forms.BooleanField(),
  NullBooleanField: new forms.NullBooleanField(),
  ChoiceField: new forms.ChoiceField({ choices: [['a', 'A']] }),
  TypedChoiceField: new forms.TypedChoiceField({ choices: [[1, 'A']], coerce: Number }),
};

it('texts longer than any number are none', async () => {
  class NumberForm extends forms.form({
    decimal: new forms.DecimalField(),
    float: new forms.FloatField(),
    integer: new forms.IntegerField(),
    json: new forms.JSONField(),
  }) {}
  const sent = (figures: number, whole: number): NumberForm => {
    const [fraction, integer] = [`0.${'9'.repeat(figures)}`, '9'.repeat(whole)];
    return new NumberForm({ data: { decimal: fraction, float: fraction, integer, json: `[${integer}]` } });
  };
  expect(await sent(8598, 4300).isValid()).toBe(true);
  const form = sent(8599, 4301);
  expect(await form.isValid()).toBe(false);
  expect([...form.errors.values()].flat()).toEqual([
    'Enter a number.',
    'Enter a number.',
    'Enter a whole number.',
    'Enter a valid JSON.',
  ]);
});

describe('a megabyte of the worst', () => {
  it.each(Object.entries(FIELDS))(
    'is read in linear time: %s',
    async (_name, field) => {
      class OneForm extends forms.form({ field }) {}
      for (const piece of PIECES) {
        for (const ends of ['', '!']) {
          const work = (size: number): void => {
            const form = new OneForm({
              data: { field: piece.repeat(Math.ceil(size / piece.length)) + ends },
            });
            void form.errors;
          };
          expectLinear(work, 1_000_000);
        }
      }
    },
    120_000,
  );
});

describe('names of a prototype', () => {
  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('are ordinary: %s', async (name) => {
    const fields = Object.defineProperty({}, name, { value: new forms.CharField(), enumerable: true });
    class OddForm extends forms.form(fields as Record<string, forms.CharField>) {}
    const unbound = String(new OddForm({ prefix: name }));
    expect(unbound).toContain(`name="${name}-`);
    const none = new OddForm({ data: {} });
    expect(await none.isValid()).toBe(false);
    expect([...none.errors.keys()]).toEqual([name]);
    const key = none.get(name).htmlName;
    const form = new OddForm({ data: new QueryDict(`${key}=x`), initial: {} });
    expect(await form.isValid()).toBe(true);
    expect(Object.getPrototypeOf(form.cleanedData)).toBeNull();
    expect(form.cleanedData[name]).toBe('x');
    form.addError(name, 'No.');
    expect(JSON.parse(form.errors.asJson())).toEqual(
      JSON.parse(`{"${key}": [{"message": "No.", "code": ""}]}`),
    );
  });
});
