/** Django's templates as files, and what is written out in TypeScript in their stead: the same bytes. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setup } from 'tsango';
import { configure, overrideSettings } from 'tsango/conf';
import * as forms from 'tsango/forms';
import { DjangoTemplates, Jinja2, TemplatesSetting } from 'tsango/forms/renderers';
import { QueryDict } from 'tsango/http';
import { engines } from 'tsango/template';
import { SafeString } from 'tsango/utils/safestring';
import { type Json, read, surrounded, widgetOf } from '../support/vector_forms';
import { describeVectors, vectors } from '../support/vectors';

const DJANGO = 'django.template.backends.django.DjangoTemplates';
const folder = mkdtempSync(path.join(tmpdir(), 'tsango-forms-'));
afterAll(() => rmSync(folder, { recursive: true }));

configure({
  SECRET_KEY: 'not a secret',
  USE_TZ: false,
  INSTALLED_APPS: ['django.forms'],
  STATIC_URL: '/static/',
  TEMPLATES: [{ BACKEND: DJANGO, DIRS: [folder], APP_DIRS: true }],
});

beforeAll(() => setup());

/** Renders everything from the files. */
class Files extends DjangoTemplates {
  override isBuiltin(): boolean {
    return false;
  }
}
const files = new Files();
const written = new DjangoTemplates();

const CHOICES = [
  ['', '---'],
  ['a&b', 'A & B'],
  [
    'Group <1>',
    [
      [1, new SafeString('<b>One</b>')],
      [2, 'Two'],
    ],
  ],
] as const;

class EveryForm extends forms.form({
  text: new forms.CharField({ helpText: 'Some <em>help</em>', label: 'Text <b>' }),
  area: new forms.CharField({ widget: new forms.Textarea({ attrs: { rows: 3 } }), required: false }),
  secret: new forms.CharField({ widget: forms.PasswordInput, label: '' }),
  hidden: new forms.CharField({ widget: forms.HiddenInput, initial: '"quoted"' }),
  hiddenMany: new forms.MultipleChoiceField({ choices: CHOICES, widget: forms.MultipleHiddenInput }),
  integer: new forms.IntegerField({ minValue: 1, maxValue: 1000, disabled: true, initial: 1000 }),
  decimal: new forms.DecimalField({ decimalPlaces: 2, showHiddenInitial: true }),
  email: new forms.EmailField(),
  url: new forms.URLField({ assumeScheme: 'https' }),
  date: new forms.DateField({ widget: new forms.DateInput({ attrs: { type: 'date' } }) }),
  when: new forms.SplitDateTimeField({ helpText: 'In <UTC>' }),
  whenHidden: new forms.SplitDateTimeField({ widget: forms.SplitHiddenDateTimeWidget }),
  birthday: new forms.DateField({ widget: new forms.SelectDateWidget({ years: [2025, 2026] }) }),
  time: new forms.TimeField({ required: false }),
  agree: new forms.BooleanField(),
  maybe: new forms.NullBooleanField(),
  one: new forms.ChoiceField({ choices: CHOICES }),
  many: new forms.MultipleChoiceField({ choices: CHOICES }),
  radio: new forms.ChoiceField({ choices: CHOICES, widget: forms.RadioSelect, helpText: 'Pick' }),
  boxes: new forms.MultipleChoiceField({ choices: CHOICES, widget: forms.CheckboxSelectMultiple }),
  file: new forms.FileField({
    initial: { url: '/media/a?b&c', toString: () => 'a <file>' },
    required: false,
  }),
}) {
  override errorCssClass = 'error';
  override requiredCssClass = 'required';
}

const LAYOUTS = ['asDiv', 'asP', 'asTable', 'asUl', 'toString'] as const;
const bodies = (renderer: DjangoTemplates, data: QueryDict | null): string[] => {
  const form = new EveryForm({ data, renderer });
  const parts = [...form].flatMap((bound) => [
    ...bound.subwidgets.map(String),
    String(bound.errors),
    String(bound.errors.asText()),
    String(bound.legendTag()),
  ]);
  const { errors } = form;
  return [
    ...LAYOUTS.map((layout) => String(form[layout]())),
    ...parts,
    String(errors),
    String(errors.asText()),
  ];
};

describe('templates of files and of code', () => {
  const sent = new QueryDict(
    'text=%3Cx%3E&many=1&many=2&boxes=a%26b&radio=1&email=no&hidden_many=&birthday_year=x',
  );
  it.each([
    ['unbound', null],
    ['bound, with errors', sent],
    ['bound to nothing', new QueryDict('')],
  ])('are the same bytes: %s', (_name, data) => {
    const [ours, theirs] = [bodies(written, data), bodies(files, data)];
    expect(ours.length).toBeGreaterThan(100);
    expect(theirs).toEqual(ours);
  });

  it('are the same bytes of formsets', () => {
    class EverySet extends forms.formsetFactory(EveryForm, { extra: 2, canDelete: true, canOrder: true }) {}
    for (const layout of LAYOUTS) {
      const [ours, theirs] = [written, files].map((renderer) => {
        const formset = new EverySet({ formKwargs: { renderer } });
        formset.renderer = renderer;
        return String(formset[layout]());
      });
      expect(theirs).toBe(ours);
    }
  });

  it('are the same bytes of a form that has hidden fields alone, or nothing', () => {
    class Hidden extends forms.form({ key: new forms.CharField({ widget: forms.HiddenInput }) }) {}
    class Nothing extends forms.form({}) {}
    for (const layout of LAYOUTS) {
      for (const data of [null, new QueryDict('')]) {
        for (const Each of [Hidden, Nothing]) {
          const html = (renderer: DjangoTemplates) => String(new Each({ data, renderer })[layout]());
          expect(html(files)).toBe(html(written));
        }
      }
    }
  });
});

class PollForm extends forms.form({ question: new forms.CharField({ helpText: 'Ask' }) }) {}

describe('a site’s own templates', () => {
  const put = (name: string, text: string): void => {
    mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  };
  const shown = (renderer = new TemplatesSetting()): string => String(new PollForm({ renderer }));
  const plain = shown(written as unknown as TemplatesSetting);
  afterEach(() => {
    rmSync(path.join(folder, 'django'), { recursive: true, force: true });
    engines.reset();
  });

  it('are not there: everything is Django’s', () => {
    expect(shown()).toBe(plain);
  });

  it('extend and include Django’s of the same name', () => {
    put('django/forms/widgets/text.html', '<b>{% include "django/forms/widgets/input.html" %}</b>');
    expect(shown()).toBe(plain.replace(/<input[^>]*>/, '<b>$&\n</b>'));
    engines.reset();
    put('django/forms/div.html', '<section>{{ form.question }}</section>');
    expect(shown()).toMatch(/^<section><b><input [^>]*>\n<\/b><\/section>$/);
  });

  it.each([
    ['django/forms/widgets/attrs.html', ' data-x', /<input type="text" name="question" data-x>/],
    ['django/forms/widgets/input.html', '<i>', /<i>/],
    ['django/forms/attrs.html', ' data-y', /<label data-y>Question:<\/label>/],
    ['django/forms/field.html', '[{{ field.html_name }}]', /^<div>\s*\[question\]\s*<\/div>$/],
    ['django/forms/label.html', '[{{ label }}]', /\[Question:\]/],
  ])('take the place of Django’s wherever it is included: %s', (name, text, found) => {
    expect(plain).not.toMatch(found);
    put(name, text);
    expect(shown()).toMatch(found);
  });

  it('show errors', async () => {
    put('django/forms/errors/list/ul.html', '{% for error in errors %}<em>{{ error }}</em>{% endfor %}');
    const form = new PollForm({ data: {}, renderer: new TemplatesSetting() });
    expect(await form.isValid()).toBe(false);
    expect(String(form.get('question').errors)).toBe('<em>This field is required.</em>');
    expect(String(new PollForm({ renderer: new TemplatesSetting() }).get('question').errors)).toBe('');
  });

  it('are named by a form, a field, a call', () => {
    put('poll.html', '<form>{{ form.question.as_field_group }}</form>');
    put('question.html', '<p>{{ field }}</p>');
    class Poll extends forms.form({ question: new forms.CharField({ templateName: 'question.html' }) }) {
      override get templateName(): string {
        return 'poll.html';
      }
    }
    const renderer = new TemplatesSetting();
    const html = '<form><p><input type="text" name="question" required id="id_question"></p></form>';
    expect(String(new Poll({ renderer }))).toBe(html);
    expect(new PollForm({ renderer }).render('poll.html').value).toContain('<form>');
    rmSync(path.join(folder, 'poll.html'));
    rmSync(path.join(folder, 'question.html'));
  });

  it('say what they need where Django’s files are not among the site’s', async () => {
    put('django/forms/widgets/attrs.html', ' data-x');
    await overrideSettings({ TEMPLATES: [{ BACKEND: DJANGO, DIRS: [folder] }] }, () => {
      expect(() => shown()).toThrow(
        /widgets\/text\.html \(this site .* add 'django\.forms' to INSTALLED_APPS/,
      );
    });
  });

  it('may be nunjucks’', () => {
    expect(shown(new Jinja2() as unknown as TemplatesSetting)).toBe(plain);
  });
});

describeVectors('forms/widgets', 'widgets from the files', () => {
  it('are Django’s, to the byte', async () => {
    let count = 0;
    for (const row of vectors<Json>('forms/widgets')) {
      if (row['call'] !== 'render' || row['opaque'] === true || row['locale'] !== undefined) continue;
      // Python's texts have methods that are named as the ends of a range.
      if (row['widget'] === 'postgres.RangeWidget' && read(row['value']) !== null) continue;
      const html = await surrounded(row, async () => {
        try {
          const widget = widgetOf(row);
          return widget.render(
            String(row['name']),
            read(row['value']),
            read(row['attrs']) as forms.Attrs,
            files,
          ).value;
        } catch {
          return null; // of another part of Django, or refused: the replay of everything says which
        }
      });
      if (html === null) continue;
      count++;
      expect(html).toBe(row['result']);
    }
    expect(count).toBeGreaterThan(1000);
  }, 60_000);
});
