import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { configure, overrideSettings, resetSettings } from 'tsango/conf';
import { Context, RequestContext } from 'tsango/template/context';
import { Engine } from 'tsango/template/engine';
import type { TemplateDoesNotExist } from 'tsango/template/exceptions';
import { getTemplate, renderToString, selectTemplate } from 'tsango/template/loader';
import { SimpleTemplateResponse } from 'tsango/template/response';
import { engines } from 'tsango/template/utils';
import { engineOf, errorOf, render } from './support';

let folder: string;

function write(name: string, text: string): void {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'templates-'));
  write('django/page.html', 'page {{ x }}{% include "part.njk" %}');
  write('django/part.html', '<{{ x }}{{ y|upper }}>');
  write('jinja/part.njk', '[{{ x }}{% if x %}{{ x | upper }}{% endif %}{% include "part.html" %}]');
  write('jinja/own.njk', '{% for i in l %}{{ loop.index }}{{ i }}{% endfor %}{{ safe }}{{ raw }}');
  write('secret.txt', 'secret');
  configure({
    SECRET_KEY: 'test',
    USE_TZ: false,
    TEMPLATES: [
      { BACKEND: 'tsango.template.backends.django.DjangoTemplates', DIRS: [path.join(folder, 'django')] },
      { BACKEND: 'tsango.template.backends.jinja2.Jinja2', DIRS: [path.join(folder, 'jinja')] },
    ],
  });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  engines.reset();
  resetSettings();
});

describe('engines', () => {
  it('are found by alias, the backend’s module unless they have a NAME', () => {
    expect(engines.all().map((engine) => engine.name)).toEqual(['django', 'jinja2']);
    expect(errorOf(() => engines.get('x')).message).toBe(
      "Could not find config for 'x' in settings.TEMPLATES",
    );
  });

  it('render by name, the first that has the template', () => {
    expect(renderToString('part.html', { x: 1, y: 'y' })).toBe('<1Y>');
    expect(renderToString(['none.html', 'own.njk'], { l: ['a', 'b'], safe: '<', raw: '' })).toBe('1a2b&lt;');
    expect(errorOf(() => getTemplate('none.html'))).toMatchObject({
      name: 'TemplateDoesNotExist',
      message: 'none.html',
    });
    expect(errorOf(() => selectTemplate(['a', 'b'])).message).toBe('a, b');
    expect(errorOf(() => renderToString('own.njk', {}, null, 'django')).name).toBe('TemplateDoesNotExist');
  });

  it('pass over names that are known to be missing, and name all of them once none is left', async () => {
    const entry = {
      BACKEND: 'tsango.template.backends.django.DjangoTemplates',
      DIRS: [path.join(folder, 'django')],
    };
    await overrideSettings({ TEMPLATES: [entry] }, () => {
      const { engine } = engines.all()[0] as unknown as { engine: Engine };
      for (let i = 0; i < 2; i++) {
        expect(renderToString(['none.html', 'part.html'], { x: 1, y: 'y' })).toBe('<1Y>');
        expect(engine.selectTemplate(['none.html', 'part.html']).name).toBe('part.html');
      }
      expect(engine.lacks('none.html')).toBe(true);
      expect(engine.lacks('part.html')).toBe(false);
      for (const select of [selectTemplate, (names: string[]) => engine.selectTemplate(names)]) {
        const failure = errorOf(() => select(['none.html', 'nor.html'])) as unknown as TemplateDoesNotExist;
        expect(failure.message).toBe('none.html, nor.html');
        expect(failure.chain.map(({ message, tried }) => [message, tried.length])).toEqual([
          ['none.html', 1],
          ['nor.html', 1],
        ]);
      }
      engine.reset();
      expect(engine.lacks('none.html')).toBe(false);
    });
  });

  it('include templates of one another', () => {
    expect(renderToString('page.html', { x: 'a', y: 'b' })).toBe('page a[aA<aB>]');
  });

  it('refuse options that they do not have', async () => {
    const entry = {
      BACKEND: 'tsango.template.backends.django.DjangoTemplates',
      OPTIONS: { autoescap: true },
    };
    await overrideSettings({ TEMPLATES: [entry] }, () => {
      expect(errorOf(() => engines.all()).message).toBe(
        "Unknown option 'autoescap' in OPTIONS of the template engine 'django'.",
      );
    });
  });
});

describe('loaders', () => {
  it('say where they looked', () => {
    const error = errorOf(() =>
      new Engine({ dirs: [folder, '/nowhere'] }).getTemplate('x.html'),
    ) as unknown as {
      tried: [{ name: string }, string][];
    };
    expect(error.tried.map(([origin, why]) => [origin.name, why])).toEqual([
      [path.join(folder, 'x.html'), 'Source does not exist'],
      ['/nowhere/x.html', 'Source does not exist'],
    ]);
  });

  it.each(['../secret.txt', '/etc/passwd', 'a/../../secret.txt', 'x\0y', '..'])(
    'never leave their folders: %j',
    (name) => {
      const engine = new Engine({ dirs: [path.join(folder, 'django')] });
      expect(errorOf(() => engine.getTemplate(name)).name).toBe('TemplateDoesNotExist');
    },
  );

  it('keep templates, unless DEBUG is on', () => {
    write('django/changing.html', 'one');
    const dirs = [path.join(folder, 'django')];
    const [kept, fresh] = [new Engine({ dirs }), new Engine({ dirs, debug: true })];
    const show = (engine: Engine) => engine.getTemplate('changing.html').render(new Context());
    expect([show(kept), show(fresh)]).toEqual(['one', 'one']);
    write('django/changing.html', 'two');
    expect([show(kept), show(fresh)]).toEqual(['one', 'two']);
    kept.reset();
    expect(show(kept)).toBe('two');
  });

  it('take app_dirs or loaders, not both', () => {
    expect(errorOf(() => new Engine({ app_dirs: true, loaders: [] })).message).toBe(
      'app_dirs must not be set when loaders is defined.',
    );
  });
});

describe('errors', () => {
  it('carry the lines of the template', () => {
    const source = 'one\ntwo {% if x %}\nthree {{ y|nope }} end\nfour';
    const error = errorOf(() => engineOf({ 'a.html': source }).getTemplate('a.html'));
    expect(error.templateDebug).toMatchObject({
      message: "Invalid filter: 'nope'",
      name: 'a.html',
      line: 3,
      before: 'three ',
      during: '{{ y|nope }}',
      after: ' end\n',
      source_lines: [
        [1, 'one\n'],
        [2, 'two {% if x %}\n'],
        [3, 'three {{ y|nope }} end\n'],
        [4, 'four'],
      ],
    });
  });

  it('while rendering name the innermost template', () => {
    const boom = () => {
      throw new Error('boom');
    };
    const engine = engineOf({
      main: '{% block b %}{% include "part" %}{% endblock %}',
      part: 'x\n{{ boom }}',
    });
    const error = errorOf(() => engine.getTemplate('main').render(new Context({ boom })));
    expect(error.message).toBe('boom');
    expect(error.templateDebug).toMatchObject({ name: 'part', line: 2, during: '{{ boom }}' });
  });

  it('leave the context usable', () => {
    const context = new Context({
      l: [1],
      f: () => {
        throw new Error('x');
      },
    });
    const template = engineOf().fromString(
      '{% autoescape off %}{% for x in l %}{% include "none" %}{% endfor %}{% endautoescape %}',
    );
    errorOf(() => template.render(context));
    expect([context.template, context.dicts.length, context.autoescape]).toEqual([null, 2, true]);
  });

  it.each([
    ['{{ }}', 'Empty variable tag on line 1'],
    ['{% %}', 'Empty block tag on line 1'],
    ['{{ a b }}', "Could not parse the remainder: ' b' from 'a b'"],
    ['{{ |upper }}', 'Could not find variable at start of |upper.'],
    ['{{ a|default:x b|lower }}', 'Could not parse some characters: a|default:x| b||lower'],
    ['{% if a b %}{% endif %}', "Unused 'b' at end of if expression."],
    ['{% if == %}{% endif %}', "Not expecting '==' in this position in if tag."],
    ['{% for x %}{% endfor %}', "'for' statements should have at least four words: for x"],
    ['{% for x of y z %}{% endfor %}', "'for' statements should use the format 'for x in y': for x of y z"],
    ['{% endif %}', "Invalid block tag on line 1: 'endif'. Did you forget to register or load this tag?"],
    [
      '{% if a %}\n{% foo %}',
      "Invalid block tag on line 2: 'foo', expected 'elif', 'else' or 'endif'. Did you forget to register or load this tag?",
    ],
    ['{% cycle %}', "'cycle' tag requires at least two arguments"],
    ['{% url %}', "'url' takes at least one argument, a URL pattern name."],
    [
      '{% templatetag x %}',
      "Invalid templatetag argument: 'x'. Must be one of: ['openblock', 'closeblock', 'openvariable', 'closevariable', 'openbrace', 'closebrace', 'opencomment', 'closecomment']",
    ],
    ['{% include "a" nope %}', "Unknown argument for 'include' tag: 'nope'."],
    ['{% comment %}', "Unclosed tag on line 1: 'comment'. Looking for one of: endcomment."],
  ])('%s: %s', (source, message) => {
    const error = errorOf(() => render(source));
    expect([error.name, error.message]).toEqual(['TemplateSyntaxError', message]);
  });
});

describe('a template response', () => {
  it('renders when it is told to, once', () => {
    const response = new SimpleTemplateResponse('part.html', { x: 1 });
    expect(errorOf(() => response.content).message).toBe(
      'The response content must be rendered before it can be accessed.',
    );
    response.contextData = { x: 2 };
    const seen: string[] = [];
    void response.addPostRenderCallback((rendered) => {
      seen.push(rendered.text);
      return undefined;
    });
    expect(response.render()).toBe(response);
    expect(String(response.content)).toBe('<2>');
    response.contextData = { x: 3 };
    void response.render();
    expect(String(response.content)).toBe('<2>');
    expect(seen).toEqual(['<2>']);
  });
});

describe('context processors', () => {
  it('add to the context of a request, and promises are awaited', async () => {
    const request = { path: '/x/' } as never;
    const engine = engineOf(
      {},
      {
        context_processors: [
          'tsango.template.context_processors.request',
          'tsango.template.context_processors.static',
          () => ({ own: 'mine', hidden: 'processor' }),
        ],
      },
    );
    const show = (source: string, extra = {}) =>
      engine.fromString(source).render(new RequestContext(request, extra));
    expect(show('{{ request.path }} {{ own }} {{ hidden }}', { hidden: 'view' })).toBe('/x/ mine view');
    const slow = engineOf({}, { context_processors: [async () => ({ late: 'here' })] });
    expect(await slow.fromString('{{ late }}').render(new RequestContext(request))).toBe('here');
  });
});
