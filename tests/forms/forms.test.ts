/** What of forms no recording of Django's shows. */
import { configure, overrideSettings } from 'tsango/conf';
import * as forms from 'tsango/forms';
import { QueryDict } from 'tsango/http';
import { engines } from 'tsango/template';

configure({
  SECRET_KEY: 'not a secret',
  USE_TZ: false,
  TEMPLATES: [{ BACKEND: 'django.template.backends.django.DjangoTemplates' }],
});

class ContactForm extends forms.form({
  subject: new forms.CharField(),
  ccMyself: new forms.BooleanField({ required: false }),
}) {
  cleanCcMyself(value: boolean): boolean {
    return !value;
  }
}

describe('names', () => {
  it('are Django’s in HTML, in data, in JSON and in templates', async () => {
    const form = new ContactForm({ data: new QueryDict('cc_myself=on') });
    expect(await form.isValid()).toBe(false);
    expect(form.cleanedData.ccMyself).toBe(false);
    form.addError('ccMyself', 'No.');
    expect(form.errors.asJson()).toContain('"cc_myself": [{"message": "No.", "code": ""}]');
    expect(form.get('ccMyself').autoId).toBe('id_cc_myself');
    expect(form.get('ccMyself').label).toBe('Cc myself');
    const template = engines.all()[0]?.fromString('{{ form.cc_myself }}|{{ form.ccMyself.html_name }}');
    expect(template?.render({ form })).toBe(`${form.get('ccMyself')}|cc_myself`);
  });

  it('may be those of what a form itself consists of', async () => {
    class Odd extends forms.form({
      field: new forms.CharField(),
      fields: new forms.CharField(),
      form: new forms.CharField(),
      bound: new forms.CharField(),
      data: new forms.CharField(),
    }) {}
    const form = new Odd({ data: new QueryDict('field=a&fields=b&form=c&bound=d&data=e') });
    expect(await form.isValid()).toBe(true);
    expect(Object.values(form.cleanedData)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('may be those of a prototype', async () => {
    const fields = JSON.parse('{"__proto__": 0, "constructor": 0}') as Record<string, unknown>;
    for (const name of Object.keys(fields)) {
      Object.defineProperty(fields, name, { value: new forms.CharField(), enumerable: true });
    }
    const Odd = forms.form(fields as unknown as { constructor: forms.CharField });
    const form = new Odd({ data: new QueryDict('__proto__=a&constructor=b') });
    expect(await form.isValid()).toBe(true);
    expect(Object.entries(form.cleanedData)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
    expect(({} as { a?: unknown }).a).toBeUndefined();
  });
});

describe('inheritance', () => {
  it('adds and removes fields, and each form has its own', () => {
    class Longer extends forms.form(ContactForm, { phone: new forms.CharField(), ccMyself: null }) {}
    const form = new Longer();
    expect(Object.keys(form.fields)).toEqual(['subject', 'phone']);
    form.fields.subject.required = false;
    form.fields.subject.widget.attrs['class'] = 'x';
    expect(String(new Longer().subject)).toBe('<input type="text" name="subject" required id="id_subject">');
    expect(typeof form.cleanCcMyself).toBe('function');
  });
});

describe('what waits', () => {
  class Slow extends forms.form({
    name: new forms.CharField({
      validators: [
        async (value) => {
          if (value === 'root') throw new forms.ValidationError('Taken.', { code: 'taken' });
        },
      ],
    }),
  }) {
    async cleanName(value: string): Promise<string> {
      return value.toUpperCase();
    }

    override async clean(): Promise<void> {
      if (this.cleanedData.name === 'ADA') throw new forms.ValidationError('Too late.');
    }
  }

  it('is awaited', async () => {
    const taken = new Slow({ data: { name: 'root' } });
    expect(await taken.isValid()).toBe(false);
    expect(taken.hasError('name', 'taken')).toBe(true);
    const late = new Slow({ data: { name: 'ada' } });
    expect(await late.isValid()).toBe(false);
    expect([...late.nonFieldErrors()]).toEqual(['Too late.']);
    const good = new Slow({ data: { name: 'bob' } });
    expect(await good.isValid()).toBe(true);
    expect(good.cleanedData.name).toBe('BOB');
  });

  it('is not read before', () => {
    const form = new Slow({ data: { name: 'bob' } });
    expect(() => form.errors).toThrow(
      'The validation of Slow waits for something: `await form.isValid()` before its errors are read or it is rendered.',
    );
  });

  it('hands on what is no ValidationError', async () => {
    class Broken extends forms.form({ name: new forms.CharField() }) {
      async cleanName(): Promise<string> {
        throw new Error('The database is away.');
      }
    }
    await expect(new Broken({ data: { name: 'x' } }).isValid()).rejects.toThrow('The database is away.');
  });
});

describe('templates of a site', () => {
  it('take the place of Django’s with TemplatesSetting', () => {
    const restore = overrideSettings({
      FORM_RENDERER: 'django.forms.renderers.TemplatesSetting',
      TEMPLATES: [
        {
          BACKEND: 'django.template.backends.django.DjangoTemplates',
          OPTIONS: {
            loaders: [
              [
                'django.template.loaders.locmem.Loader',
                {
                  'django/forms/widgets/text.html':
                    '<my-input name="{{ widget.name }}" {{ widget.is_hidden }}>',
                  'django/forms/p.html':
                    '{% for field, errors in fields %}[{{ field }}{{ errors }}]{% endfor %}',
                },
              ],
            ],
          },
        },
      ],
    });
    try {
      expect(new ContactForm().asP().value).toBe(
        '[<my-input name="subject" False>][<input type="checkbox" name="cc_myself" id="id_cc_myself">]',
      );
    } finally {
      void restore();
    }
  });
});

describe('the worst input', () => {
  it('is refused in linear time', async () => {
    const million = (text: string): string => text.repeat(1_000_000 / text.length);
    const worst = ['9', 'a@', 'http://', '[', '1.', ' ', '-', '::', '0:', '%', '1e', '\ud83d\ude00'].map(
      million,
    );
    const fields = [
      new forms.CharField(),
      new forms.EmailField(),
      new forms.URLField(),
      new forms.IntegerField(),
      new forms.FloatField(),
      new forms.DecimalField(),
      new forms.DateField(),
      new forms.DateTimeField(),
      new forms.TimeField(),
      new forms.DurationField(),
      new forms.GenericIPAddressField(),
      new forms.SlugField(),
      new forms.UUIDField(),
      new forms.JSONField(),
      new forms.ChoiceField({ choices: [['a', 'A']] }),
    ];
    for (const field of fields) {
      for (const text of worst) {
        const start = process.cpuUsage();
        try {
          await field.clean(text);
        } catch (error) {
          if (!(error instanceof forms.ValidationError)) throw error;
        }
        const { user } = process.cpuUsage(start);
        if (user > 1_500_000)
          throw new Error(`${field.constructor.name} of ${text.slice(0, 8)}…: ${user} µs`);
      }
    }
  }, 60_000);
});

describe('errors while fields are cleaned', () => {
  const stacks: (string | undefined)[] = [];
  class Odd extends forms.form({
    refused: new forms.CharField({
      validators: [
        () => {
          const error = new forms.ValidationError('No.');
          stacks.push(error.stack);
          throw error;
        },
      ],
    }),
  }) {}
  class Broken extends forms.form({
    broken: new forms.CharField({
      validators: [
        () => {
          throw new TypeError('a fault of the site');
        },
      ],
    }),
  }) {}

  it('have no stack where they are shown beside the field', async () => {
    const limit = Error.stackTraceLimit;
    expect(await new Odd({ data: { refused: 'x' } }).isValid()).toBe(false);
    expect(stacks).toHaveLength(1);
    expect(stacks[0]).not.toContain('forms.test.ts');
    expect(Error.stackTraceLimit).toBe(limit);
    expect(new forms.ValidationError('Later.').stack).toContain('forms.test.ts');
  });

  it('keep it where they are faults', async () => {
    const limit = Error.stackTraceLimit;
    const failure = new Broken({ data: { broken: 'x' } }).isValid();
    await expect(failure).rejects.toMatchObject({
      stack: expect.stringContaining('forms.test.ts') as string,
    });
    expect(Error.stackTraceLimit).toBe(limit);
    expect(new forms.ValidationError('Later.').stack).toContain('forms.test.ts');
  });
});
