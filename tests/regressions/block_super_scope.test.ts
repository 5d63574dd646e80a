// {{ block.super }} inside {% with %} or {% for %}: the parent's block sees the local names, as everything in Django does.
import { configure } from 'tsango/conf';
import { Engine } from 'tsango/template/engine';

configure({ SECRET_KEY: 'x' });

function render(parent: string, child: string, values: Record<string, unknown>) {
  const templates = { parent, child: `{% extends "parent" %}{% block b %}${child}{% endblock %}` };
  const engine = new Engine({ loaders: [['tsango.template.loaders.locmem.Loader', templates]] });
  return engine.renderToString('child', values);
}

const PARENT = '{% block b %}<{{ title }}>{% endblock %}';
const VALUES = { title: 'outer', x: 'inner', rows: ['r1', 'r2'] };

// Every value is what Django 5.2.18 and 6.1.1 print.
it.each([
  ['with', '{% with title=x %}{{ block.super }}{% endwith %}', '<inner>'],
  ['with … as', '{% with x as title %}{{ block.super }}{% endwith %}', '<inner>'],
  ['for', '{% for title in rows %}{{ block.super }}{% endfor %}', '<r1><r2>'],
  ['with around if', '{% with title=x %}{% if x %}{{ block.super }}{% endif %}{% endwith %}', '<inner>'],
  [
    'with around filter',
    '{% with title=x %}{% filter upper %}{{ block.super }}{% endfilter %}{% endwith %}',
    '<INNER>',
  ],
  ['filtered super', '{% with title=x %}{{ block.super|upper }}{% endwith %}', '&lt;INNER&gt;'],
  [
    'super kept by with',
    '{% with title=x %}{% with s=block.super %}{{ s }}{% endwith %}{% endwith %}',
    '<inner>',
  ],
])('block.super inside %s', (_name, child, expected) => {
  expect(render(PARENT, child, VALUES)).toBe(expected);
});

it('forloop is seen in the parent block', () => {
  const parent = '{% block b %}{{ forloop.counter }}{% endblock %}';
  expect(render(parent, '{% for r in rows %}{{ block.super }}{% endfor %}', VALUES)).toBe('12');
});

it('an include within the parent block sees the names, too', () => {
  const templates = {
    part: '[{{ title }}]',
    parent: '{% block b %}{% include "part" %}{% endblock %}',
    child:
      '{% extends "parent" %}{% block b %}{% with title=x %}{{ block.super }}{% endwith %}{% endblock %}',
  };
  const engine = new Engine({ loaders: [['tsango.template.loaders.locmem.Loader', templates]] });
  expect(engine.renderToString('child', VALUES)).toBe('[inner]');
});
