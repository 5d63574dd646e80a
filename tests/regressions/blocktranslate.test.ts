// {% blocktranslate %}: `count` is read after `with`; `asvar` keeps safe text.
import { configure } from 'tsango/conf';
import { makeContext } from 'tsango/template/context';
import { Engine } from 'tsango/template/engine';
import { markSafe } from 'tsango/utils/safestring';

configure({ SECRET_KEY: 'x' });
const engine = new Engine({ libraries: { i18n: 'tsango.templatetags.i18n' } });
const render = (source: string, values: Record<string, unknown>) =>
  engine.fromString(`{% load i18n %}${source}`).render(makeContext(values, null, { autoescape: true }));

// Django 5.2.18 prints each of these.
it.each([
  [
    'with before count',
    '{% blocktranslate with n=rows|length count c=n %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}',
    { rows: [1, 2] },
    '2 rows',
  ],
  [
    'with hides an outer name',
    '{% blocktranslate with n=two count c=n %}one{% plural %}many{% endblocktranslate %}',
    { two: 2, n: 1 },
    'many',
  ],
  [
    'count before with',
    '{% blocktranslate count c=n with n=two %}one{% plural %}many{% endblocktranslate %}',
    { two: 2, n: 1 },
    'many',
  ],
  [
    'the counter’s own name in with',
    '{% blocktranslate with c=two count c=c %}one{% plural %}many{% endblocktranslate %}',
    { two: 2 },
    'many',
  ],
])('count sees the names of with: %s', (_name, source, values, expected) => {
  expect(render(source, values)).toBe(expected);
});

it.each([
  [
    'markup of the message',
    '{% blocktranslate asvar m %}a <b>b</b>{% endblocktranslate %}{{ m }}',
    {},
    'a <b>b</b>',
  ],
  [
    'an escaped value is not escaped again',
    '{% blocktranslate with u=who asvar m %}{{ u }} saved{% endblocktranslate %}{{ m }}',
    { who: '<b>' },
    '&lt;b&gt; saved',
  ],
  [
    'a safe value',
    '{% blocktranslate with u=who asvar m %}{{ u }} saved{% endblocktranslate %}{{ m }}',
    { who: markSafe('<b>') },
    '<b> saved',
  ],
  [
    'a plural',
    '{% blocktranslate count n=two asvar m %}one{% plural %}many <i>{% endblocktranslate %}{{ m }}',
    { two: 2 },
    'many <i>',
  ],
  ['an apostrophe', "{% blocktranslate asvar m %}You don't{% endblocktranslate %}{{ m }}", {}, "You don't"],
])('asvar keeps safe text: %s', (_name, source, values, expected) => {
  expect(render(source, values)).toBe(expected);
});
