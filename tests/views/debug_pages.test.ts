/** The pages that developers see, of errors that sites make: through real requests, templates, URLs and databases. */
import { configure, resetSettings, type Settings } from 'tsango/conf';
import { connections } from 'tsango/db';
import type { HttpRequest } from 'tsango/http';
import { render } from 'tsango/shortcuts';
import { Library } from 'tsango/template';
import { Client } from 'tsango/test';
import { path as route } from 'tsango/urls';
import { ExceptionReporter } from 'tsango/views/debug';
import { describeWith, SERVICES } from '../support/services';

const register = new Library();
register.simpleTag('explode', () => {
  throw new RangeError('the tag failed');
});

const TEMPLATES = {
  'unknown_tag.html': '<h1>\nTitle\n{% foo %}\n</h1>',
  'unclosed.html': 'one\n{% if x %}\ntwo',
  'missing_argument.html': '{{ x|add }}',
  'throws.html': '<p>\n{% explode %}\n</p>',
  'method.html': 'a\nb\n{{ thing.fail }}\n',
  'base.html': '<body>\n{% block main %}{% endblock %}',
  'child.html': '{% extends "base.html" %}\n{% block main %}\n{% explode %}\n{% endblock %}',
  'includes.html': 'x\n{% include "throws.html" %}',
  'lost.html': '{% include "nowhere.html" %}',
};

const thing = {
  fail() {
    throw new TypeError('the method failed');
  },
};

async function listOfNothing(): Promise<never> {
  await connections.get().execute('SELECT * FROM no_such_table');
  throw new Error('not reached');
}

function site(more: Partial<Settings> = {}): void {
  configure({
    SECRET_KEY: 'x',
    DEBUG: true,
    ALLOWED_HOSTS: ['*'],
    LOGGING_CONFIG: null,
    DATABASES: { default: { ENGINE: 'sqlite3', NAME: ':memory:' } },
    TEMPLATES: [
      {
        BACKEND: 'tsango.template.backends.django.DjangoTemplates',
        OPTIONS: {
          loaders: [['tsango.template.loaders.locmem.Loader', TEMPLATES]],
          builtins: ['tsango.template.defaulttags', 'tsango.template.defaultfilters', register],
        },
      },
    ],
    ROOT_URLCONF: {
      urlpatterns: [
        route('database/', () => listOfNothing()),
        route('articles/<int:year>/', () => undefined as never, { name: 'archive' }),
        route('page/<path:name>', (request: HttpRequest, { name }) => render(request, name, { x: 1, thing })),
      ],
    },
    ...more,
  } as never);
  const { getLogger } = require('tsango/utils/log') as typeof import('tsango/utils/log');
  getLogger('tsango').handlers = [
    {
      level: 0,
      handle: (record: { extra: { error?: unknown } }) => logged.push(record.extra.error),
    } as never,
  ];
}

let logged: unknown[] = [];
beforeEach(() => {
  logged = [];
});
afterEach(async () => {
  await connections.closeAll();
  resetSettings();
});

async function page(target: string, accept = 'text/html'): Promise<string> {
  const response = await new Client({ raiseRequestException: false }).get(
    target,
    {},
    { headers: { accept } },
  );
  expect(response.statusCode).toBe(target.startsWith('/missing') ? 404 : 500);
  // Without the lines around each frame: among them are this file's own, with all that it expects.
  return response.text.replace(
    /(<details class="frame"[^>]*><summary>[\s\S]*?<\/summary>)<pre[\s\S]*?<\/pre>/g,
    '$1',
  );
}

describe('an error in a template', () => {
  it.each([
    ['unknown_tag.html', 'unknown_tag.html', 3, 'Invalid block tag on line 3: &#x27;foo&#x27;', '{% foo %}'],
    ['unclosed.html', 'unclosed.html', 2, 'Unclosed tag on line 2: &#x27;if&#x27;', '{% if x %}'],
    [
      'missing_argument.html',
      'missing_argument.html',
      1,
      'add requires 2 arguments, 1 provided',
      '{{ x|add }}',
    ],
    ['throws.html', 'throws.html', 2, 'the tag failed', '{% explode %}'],
    ['method.html', 'method.html', 3, 'the method failed', '{{ thing.fail }}'],
    ['child.html', 'child.html', 3, 'the tag failed', '{% explode %}'],
    ['includes.html', 'throws.html', 2, 'the tag failed', '{% explode %}'],
  ])(
    '%s: the page names the template %s, line %i, and the message',
    async (name, template, line, message, source) => {
      site();
      const text = await page(`/page/${name}`);
      expect(text).toContain('Error during template rendering');
      expect(text).toContain(`In template <code>${template}</code>, error at line <strong>${line}</strong>`);
      expect(text).toContain(message);
      expect(text).toMatch(
        new RegExp(`<span class="here"[^>]*><i>${line}</i> [^<]*${source.replace(/[|{}.]/g, '\\$&')}`),
      );
    },
  );

  it('a template that is not there: every place that was tried', async () => {
    site();
    for (const name of ['nowhere.html', 'lost.html']) {
      const text = await page(`/page/${name}`);
      expect(text).toContain('TemplateDoesNotExist');
      expect(text).toContain('<h2 id="loader">Template-loader postmortem</h2>');
      expect(text).toContain('<p>Using engine <code>django</code>:</p>');
      expect(text).toContain('<li><code>nowhere.html (Source does not exist)</code></li>');
    }
    // Where it was asked for, too, if that was in a template.
    expect(await page('/page/lost.html')).toContain('In template <code>lost.html</code>, error at line');
    expect(await page('/page/nowhere.html', 'text/plain')).toContain(
      'Template-loader postmortem, using engine django:\n    * nowhere.html (Source does not exist)\n',
    );
  });

  it('is text where HTML is not taken', async () => {
    site();
    expect(await page('/page/throws.html', 'application/json')).toMatch(/^RangeError: the tag failed/);
  });
});

async function namesTheLine(database: object): Promise<void> {
  site({ DATABASES: { default: database } } as never);
  const text = await page('/database/');
  expect(text).toContain('no_such_table');
  expect(text).toMatch(/Exception Location:.*debug_pages\.test\.ts, line \d+, in listOfNothing/s);
  // The framework's and the driver's frames are one line, the site's is open.
  expect(text).toMatch(/<details class="folded"><summary>\d+ frames? of tsango, packages and Node/);
  expect(text.match(/<details class="frame" open>/g)).toHaveLength(1);
}

it.each(['sqlite3', 'better-sqlite3'])('an error of %s names the line of the site that asked', (ENGINE) =>
  namesTheLine({ ENGINE, NAME: ':memory:' }),
);
for (const engine of ['postgresql', 'mysql'] as const) {
  describeWith(engine, engine, () => {
    it('an error names the line of the site that asked', () => {
      const { host: HOST, port: PORT, user: USER, database: NAME } = SERVICES[engine];
      return namesTheLine({ ENGINE: engine, HOST, PORT, USER, NAME });
    });
  });
}

it('a view that returns nothing is told so in the words of JavaScript', async () => {
  site();
  expect(await page('/articles/2026/')).toContain('It returned undefined instead.');
});

it('a path that nothing answers: the patterns that were tried', async () => {
  site();
  const text = await page('/missing/');
  expect(text).toContain('articles/&lt;int:year&gt;/ [name=&#x27;archive&#x27;]');
  expect(text).toContain('page/&lt;path:name&gt;');
});

it('META, the settings and the text are behind their titles', async () => {
  site();
  const text = await page('/page/throws.html');
  for (const id of ['meta', 'settings', 'text']) {
    expect(text).toContain(`aria-labelledby="${id}"><details class="more"><summary><h2 id="${id}">`);
  }
});

it('when the page itself fails, the first error is logged before the second, and both are shown', async () => {
  class Broken extends ExceptionReporter {
    override getTracebackHtml(): string {
      throw new Error('the reporter failed');
    }
  }
  site({ DEFAULT_EXCEPTION_REPORTER: Broken } as never);
  const text = await page('/page/throws.html');
  expect(text).toContain('the tag failed');
  expect(text).toContain('the reporter failed');
  expect(logged.slice(0, 2).map(String)).toEqual([
    'RangeError: the tag failed',
    'Error: the reporter failed',
  ]);
});

it('a site without URLs is welcomed, with the way on', async () => {
  site({ ROOT_URLCONF: { urlpatterns: [] } } as never);
  const response = await new Client().get('/');
  expect(response.statusCode).toBe(200);
  for (const name of ['docs/tutorial/01.md', 'README.md', 'CHANGELOG.md'])
    expect(response.text).toContain(name);
});
