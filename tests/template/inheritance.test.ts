import { configure, resetSettings } from 'tsango/conf';
import { Context } from 'tsango/template/context';
import { engineOf, errorOf, render, renderAmong } from './support';

beforeAll(() => configure({ SECRET_KEY: 'test', USE_TZ: false }));
afterAll(() => resetSettings());

describe('extends and block', () => {
  const templates = {
    base: '<{% block a %}A{% block inner %}i{% endblock %}{% endblock %}|{% block b %}B{% endblock b %}>',
    child: '{% extends "base" %}{% block a %}a({{ block.super }}){% endblock %}',
    grandchild:
      '{% extends "child" %}{% block a %}g({{ block.super }}){% endblock %}{% block inner %}I{% endblock %}',
  };

  it('fills blocks from the outermost template inwards', () => {
    expect(renderAmong(templates, 'base')).toBe('<Ai|B>');
    expect(renderAmong(templates, 'child')).toBe('<a(Ai)|B>');
    expect(renderAmong(templates, 'grandchild')).toBe('<g(a(AI))|B>');
  });

  it('gives a block the variables of where it stands', () => {
    const loop = {
      base: '{% for x in l %}{% block b %}{% endblock %}{% endfor %}',
      c: '{% extends "base" %}{% block b %}{{ x }}{{ forloop.counter }};{% endblock %}',
    };
    expect(renderAmong(loop, 'c', { l: 'ab' })).toBe('a1;b2;');
  });

  it('takes a template, or the name of one, from a variable', () => {
    const engine = engineOf(templates);
    const values = { name: 'base', template: engine.getTemplate('base') };
    for (const parent of ['name', 'template']) {
      const template = engine.fromString(`{% extends ${parent} %}{% block b %}!{% endblock %}`);
      expect(template.render(new Context(values))).toBe('<Ai|!>');
    }
  });

  it('says what is wrong', () => {
    expect(errorOf(() => render('x{{ y }}{% extends "base" %}')).message).toBe(
      '{% extends "base" %} must be the first tag in the template.',
    );
    expect(errorOf(() => renderAmong({ a: '{% extends "a" %}' }, 'a')).name).toBe('TemplateDoesNotExist');
    expect(errorOf(() => renderAmong({ a: '{% extends "./../x" %}' }, 'a')).message).toBe(
      `The relative path '"./../x"' points outside the file hierarchy that template 'a' is in.`,
    );
    expect(errorOf(() => render('{% block a %}{{ block.super }}{% endblock %}')).message).toBe(
      "'BlockNode' object has no attribute 'context'. Did you use {{ block.super }} in a base template?",
    );
  });

  it('finds relative names, and templates of the same name further down', () => {
    const files = {
      'x/y/a': '{% extends "../b" %}{% block c %}{% include "./d" %}{% endblock %}',
      'x/b': '[{% block c %}{% endblock %}]',
      'x/y/d': 'D',
    };
    expect(renderAmong(files, 'x/y/a')).toBe('[D]');
    const locmem = 'tsango.template.loaders.locmem.Loader';
    const engine = engineOf(
      {},
      {
        loaders: [
          [locmem, { a: '{% extends "a" %}{% block b %}new {{ block.super }}{% endblock %}' }],
          [locmem, { a: '{% block b %}old{% endblock %}' }],
        ],
      },
    );
    expect(engine.getTemplate('a').render(new Context())).toBe('new old');
  });
});

describe('include', () => {
  it('sees the variables around it, and those that it is given', () => {
    const files = { p: '{{ a }}{{ b }}{{ x }}' };
    const among = (source: string, values = {}) => renderAmong({ ...files, main: source }, 'main', values);
    expect(among('{% include "p" %}', { a: 1, b: 2 })).toBe('12');
    expect(among('{% for x in "yz" %}{% include "p" with b=x %}{% endfor %}', { a: 1 })).toBe('1yy1zz');
    expect(among('{% with a=3 %}{% include "p" with b=4 only %}{% endwith %}')).toBe('4');
    expect(among('{% include names %}', { names: ['missing', 'p'], a: 5 })).toBe('5');
    expect(
      among('{% autoescape off %}{% include "p" only %}{% include "p" with a="<"|safe %}{% endautoescape %}'),
    ).toBe('<');
  });

  it('does not leak what it sets', () => {
    expect(
      renderAmong({ p: '{% firstof "in" as v %}{{ v }}', main: '{% include "p" %}[{{ v }}]' }, 'main'),
    ).toBe('in[]');
  });

  it('has an end', () => {
    const error = errorOf(() => renderAmong({ a: '{% include "a" %}' }, 'a'));
    expect([error.name, error.message]).toEqual(['RecursionError', 'maximum recursion depth exceeded']);
    const tree = '{{ n.v }}{% for c in n.c %}({% include "t" with n=c %}){% endfor %}';
    expect(
      renderAmong({ t: tree }, 't', {
        n: {
          v: 1,
          c: [
            { v: 2, c: [{ v: 3, c: [] }] },
            { v: 4, c: [] },
          ],
        },
      }),
    ).toBe('1(2(3))(4)');
  });
});

describe('partials', () => {
  const page =
    '{% partialdef row %}<{{ x }}>{% endpartialdef row %}{% for x in l %}{% partial row %}{% endfor %}{% partialdef foot inline %}F{% endpartialdef %}';

  it('are rendered where they are used', () => {
    expect(render(page, { l: 'ab' })).toBe('<a><b>F');
    expect(render('{% partial later %}{% partialdef later %}L{% endpartialdef %}')).toBe('L');
  });

  it('are templates of their own', () => {
    const engine = engineOf({ page, main: '{% include "page#row" with x=9 %}' });
    expect(engine.getTemplate('page#row').render(new Context({ x: 1 }))).toBe('<1>');
    expect(engine.getTemplate('main').render(new Context())).toBe('<9>');
    expect(errorOf(() => engine.getTemplate('page#none'))).toMatchObject({
      name: 'TemplateDoesNotExist',
      message: 'none',
    });
  });

  it('say what is wrong', () => {
    expect(errorOf(() => render('{% partial x %}')).message).toBe(
      "Partial 'x' is not defined in the current template.",
    );
    expect(errorOf(() => render('{% partialdef %}')).message).toBe("'partialdef' tag requires a name");
    expect(errorOf(() => render('{% partialdef a %}{% endpartialdef b %}')).message).toBe(
      "Invalid block tag on line 1: 'endpartialdef', expected 'endpartialdef' or 'endpartialdef a'. Did you forget to register or load this tag?",
    );
  });
});
