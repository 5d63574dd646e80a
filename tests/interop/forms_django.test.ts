/**
 * The same forms on a real Django and here: byte for byte the same HTML, and the same errors and values of what is sent to
 * them, so that a page may be served by either. DJANGO_PATHS: folders with a Django each.
 */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { configure } from 'tsango/conf';
import { SimpleUploadedFile } from 'tsango/core/files/uploadedfile';
import * as forms from 'tsango/forms';
import { QueryDict } from 'tsango/http';
import { toStr } from 'tsango/python/str';
import { SafeString } from 'tsango/utils/safestring';
import { describeWith, SERVICES } from '../support/services';

configure({ USE_TZ: false, LANGUAGE_CODE: 'en', SECRET_KEY: 'x', FORMS_URLFIELD_ASSUME_HTTPS: true });

const CHOICES = [
  ['', '---'],
  ['a&b', 'A & B'],
  [
    'Group <1>',
    [
      ['1', new SafeString('<b>One</b>')],
      ['2', 'Two'],
    ],
  ],
] as const;
const PLAIN = [
  ['r', 'Red'],
  ['g', 'Green <&>'],
  ['b', 'Blue'],
] as const;

class EveryForm extends forms.form({
  text: new forms.CharField({
    maxLength: 20,
    minLength: 2,
    helpText: 'Some <em>help</em>',
    label: 'Text <b>',
  }),
  area: new forms.CharField({ widget: new forms.Textarea({ attrs: { rows: 3 } }), required: false }),
  secret: new forms.CharField({ widget: forms.PasswordInput, label: '' }),
  hidden: new forms.CharField({ widget: forms.HiddenInput, initial: '"quoted"' }),
  ccMyself: new forms.BooleanField({ required: false }),
  integer: new forms.IntegerField({ minValue: 1, maxValue: 1000 }),
  step: new forms.IntegerField({ stepSize: 5, required: false }),
  real: new forms.FloatField({ required: false }),
  decimal: new forms.DecimalField({ decimalPlaces: 2, maxDigits: 6 }),
  email: new forms.EmailField(),
  url: new forms.URLField(),
  slug: new forms.SlugField({ required: false }),
  ip: new forms.GenericIPAddressField({ required: false }),
  uuid: new forms.UUIDField({ required: false }),
  regex: new forms.RegexField({ regex: /^[a-c]+$/, required: false }),
  json: new forms.JSONField({ required: false }),
  duration: new forms.DurationField({ required: false }),
  date: new forms.DateField({ widget: new forms.DateInput({ attrs: { type: 'date' } }) }),
  datetime: new forms.DateTimeField({ required: false }),
  when: new forms.SplitDateTimeField({ helpText: 'In <UTC>' }),
  birthday: new forms.DateField({
    widget: new forms.SelectDateWidget({ years: [2025, 2026] }),
    required: false,
  }),
  time: new forms.TimeField({ required: false }),
  agree: new forms.BooleanField(),
  maybe: new forms.NullBooleanField(),
  one: new forms.ChoiceField({ choices: CHOICES }),
  many: new forms.MultipleChoiceField({ choices: PLAIN }),
  typed: new forms.TypedChoiceField({
    choices: [
      [1, 'One'],
      [2, 'Two'],
    ],
    coerce: Number,
    emptyValue: null,
    required: false,
  }),
  radio: new forms.ChoiceField({ choices: PLAIN, widget: forms.RadioSelect, helpText: 'Pick' }),
  boxes: new forms.MultipleChoiceField({ choices: PLAIN, widget: forms.CheckboxSelectMultiple }),
  file: new forms.FileField({ maxLength: 12 }),
}) {
  override errorCssClass = 'error';
  override requiredCssClass = 'required';

  cleanSlug(slug: string): string {
    if (slug === 'taken') {
      throw new forms.ValidationError('“%(slug)s” is taken.', { code: 'taken', params: { slug: 'taken' } });
    }
    return slug;
  }

  override clean(): void {
    if ((this.cleanedData as { integer?: number }).integer === 13) {
      throw new forms.ValidationError('Thirteen & all that');
    }
  }
}

class LineForm extends forms.form({
  title: new forms.CharField({ maxLength: 10 }),
  amount: new forms.IntegerField({ minValue: 0 }),
}) {}
const LineFormSet = forms.formsetFactory(LineForm, {
  extra: 2,
  canDelete: true,
  canOrder: true,
  minNum: 1,
  validateMin: true,
});

type Layouts = Readonly<Record<string, string>>;
interface Checked {
  readonly valid: boolean;
  readonly errors: string;
  readonly cleaned: Layouts;
  readonly changed: readonly string[];
  readonly html: Layouts;
}
interface CheckedSet {
  readonly valid: boolean;
  readonly errors: readonly string[];
  readonly non_form: string;
  readonly html: Layouts;
}
interface Answer {
  readonly version: readonly [number, number];
  readonly unbound: Layouts;
  readonly prefixed: Layouts;
  readonly sent: readonly Checked[];
  readonly formset: Layouts;
  readonly sets: readonly CheckedSet[];
}

const VALID =
  'text=Tea&area=&secret=s&hidden=h&integer=7&decimal=1.50&email=a%40example.com&url=https%3A%2F%2Fexample.com%2Fa' +
  '&date=2026-11-27&when_0=2026-11-27&when_1=10%3A30&agree=on&maybe=true&one=a%26b&many=r&many=b&radio=g&boxes=b';
const FILE = { name: 'tea.txt', text: 'leaves' };
const SENT: readonly { readonly text: string; readonly file?: typeof FILE }[] = [
  { text: '' },
  { text: VALID, file: FILE },
  {
    text: `${VALID}&cc_myself=on&step=10&real=1.5&slug=a-b&ip=%3A%3Affff%3A1.2.3.4&uuid=12345678123456781234567812345678&regex=abc&json=%7B%22a%22%3A1%7D&duration=1+02%3A03%3A04&datetime=2026-11-27+10%3A30&birthday_month=2&birthday_day=3&birthday_year=2026&time=10%3A30%3A05&typed=2`,
    file: FILE,
  },
  {
    text: 'text=%3Cx%00&area=%0D%0A&secret=&integer=0&step=7&real=nan&decimal=1.234&email=a%40b&url=http%3A%2F%2F&slug=a+b&ip=300.1.1.1&uuid=x&regex=d&json=%7B&duration=x&date=2026-02-30&datetime=x&when_0=x&when_1=&birthday_month=2&birthday_day=31&birthday_year=2026&time=25%3A00&maybe=x&one=1%3Cb&many=x&many=r&typed=3&radio=&boxes=q',
    file: { name: 'a-very-long-name.txt', text: '' },
  },
  { text: `${VALID.replace('integer=7', 'integer=13')}&slug=taken`, file: FILE },
  { text: VALID.replace('email=a%40example.com', 'email=%22quoted%22%40b%C3%BCcher.example'), file: FILE },
];
const management = 'form-TOTAL_FORMS=2&form-INITIAL_FORMS=1&form-MIN_NUM_FORMS=1&form-MAX_NUM_FORMS=1000';
const SETS = [
  '',
  `${management}&form-0-title=Tea&form-0-amount=1&form-0-ORDER=2&form-1-title=Cup&form-1-amount=2&form-1-ORDER=1`,
  `${management}&form-0-title=&form-0-amount=-1&form-1-title=x`,
  `${management}&form-0-title=Tea&form-0-amount=1&form-0-DELETE=on`,
];

const LAYOUTS = { as_div: 'asDiv', as_p: 'asP', as_table: 'asTable', as_ul: 'asUl' } as const;
type Laid = Record<(typeof LAYOUTS)[keyof typeof LAYOUTS], () => SafeString>;

function layouts(laid: Laid): Layouts {
  return Object.fromEntries(Object.entries(LAYOUTS).map(([name, method]) => [name, laid[method]().value]));
}

async function checked({ text, file }: (typeof SENT)[number]): Promise<Checked> {
  const files = file === undefined ? {} : { file: new SimpleUploadedFile(file.name, Buffer.from(file.text)) };
  const form = new EveryForm({ data: new QueryDict(text), files });
  const valid = await form.isValid();
  const cleaned = Object.entries(form.cleanedData).filter(([name]) => name !== 'json');
  return {
    valid,
    errors: form.errors.asJson(),
    cleaned: Object.fromEntries(
      cleaned.map(([name, value]) => [form.get(name).htmlName, value === undefined ? '' : toStr(value)]),
    ),
    changed: form.changedData.map((name) => form.get(name).htmlName),
    html: layouts(form),
  };
}

async function checkedSet(text: string): Promise<CheckedSet> {
  const formset = new LineFormSet({ data: new QueryDict(text) });
  return {
    valid: await formset.isValid(),
    errors: formset.errors.map((each) => each.asJson()),
    non_form: formset.nonFormErrors().asJson(),
    html: layouts(formset),
  };
}

function django(folder: string): Answer {
  const answer = execFileSync(SERVICES.python, ['run.py'], {
    cwd: path.join(__dirname, 'django_forms'),
    input: JSON.stringify({ sent: SENT, sets: SETS }),
    encoding: 'utf8',
    env: {
      ...process.env,
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONWARNINGS: 'ignore',
      // Which of two classes is the first is a matter of a set.
      PYTHONHASHSEED: '0',
      ...(folder !== '' && { PYTHONPATH: folder }),
    },
  });
  return JSON.parse(answer) as Answer;
}

/** The HTML that both know: what Django has said more since then is left out, and white space between elements. */
function withoutAria(html: Layouts): Layouts {
  return Object.fromEntries(
    Object.entries(html).map(([name, text]) => [
      name,
      text
        .replace(/ aria-(?:describedby|invalid)="[^"]*"/g, '')
        .replace(/ id="[\w-]+_(?:helptext|error)"/g, '')
        .replace(/\s+/g, ' ')
        .replace(/ ?(<|>) ?/g, '$1'),
    ]),
  );
}

describeWith('django', 'forms beside a real Django', () => {
  describe.each((process.env['DJANGO_PATHS'] ?? '').split(path.delimiter))('%s', (folder) => {
    let answer: Answer;
    beforeAll(() => {
      answer = django(folder);
    });
    const since = (major: number, minor: number): boolean =>
      answer.version[0] > major || (answer.version[0] === major && answer.version[1] >= minor);
    const compared = (html: Layouts): Layouts => (since(5, 2) ? html : withoutAria(html));
    /** Django 3.2 laid forms out otherwise, and knew no steps. */
    const isComparable = (): boolean => since(4, 1);
    const sameHtml = (ours: Layouts, theirs: Layouts): void => {
      if (isComparable()) expect(compared(ours)).toEqual(compared(theirs));
    };

    it('have the same HTML', () => {
      sameHtml(layouts(new EveryForm()), answer.unbound);
      sameHtml(layouts(new EveryForm({ prefix: 'p', autoId: false, labelSuffix: '' })), answer.prefixed);
      sameHtml(layouts(new LineFormSet()), answer.formset);
    });

    it.each(SENT.map((sent, i) => [i, sent] as const))(
      'make the same of what is sent: %d',
      async (i, sent) => {
        const { html, ...ours } = await checked(sent);
        const { html: theirHtml, ...theirs } = answer.sent[i] as Checked;
        if (isComparable()) expect(ours).toEqual(theirs);
        else {
          const names = (errors: string): string[] =>
            Object.keys(JSON.parse(errors) as object).filter((name) => name !== 'step');
          expect(names(ours.errors)).toEqual(names(theirs.errors));
        }
        sameHtml(html, theirHtml);
      },
    );

    it.each(SETS.map((sent, i) => [i, sent] as const))('make the same of a formset: %d', async (i, sent) => {
      const { html, ...ours } = await checkedSet(sent);
      const { html: theirHtml, ...theirs } = answer.sets[i] as CheckedSet;
      if (isComparable()) expect(ours).toEqual(theirs);
      else expect(ours.valid).toBe(theirs.valid);
      sameHtml(html, theirHtml);
    });
  });
});
