// Percent signs of translated texts: filters see them doubled, {% translate %} prints them once.
import { configure } from 'tsango/conf';
import { makeContext } from 'tsango/template/context';
import { Engine } from 'tsango/template/engine';
import { markSafe } from 'tsango/utils/safestring';
import { registerCatalog } from 'tsango/utils/translation';

configure({ SECRET_KEY: 'x' });
const engine = new Engine({ libraries: { i18n: 'tsango.templatetags.i18n' } });
const render = (source: string, values: Record<string, unknown>) =>
  engine.fromString(`{% load i18n %}${source}`).render(makeContext(values, null, { autoescape: true }));

// Django 5.2 prints each of these.
it.each([
  ['{% trans x|length %}', { x: '1234567890%' }, '12'],
  ['{% trans "50%"|length noop %}', {}, '3'],
  ['{% trans "50%" %}', {}, '50%'],
  ['{% trans "50%%" %}', {}, '50%%'],
  ['{% trans "50%%" noop %}', {}, '50%'],
  ['{% trans x|add:"%" %}', { x: 'a%' }, 'a%%'],
  ['{% trans x|slice:":2" %}', { x: 'a%b' }, 'a%'],
  ['{% trans x|upper as m %}[{{ m|length }}]{{ m }}', { x: 'a%b<' }, '[7]A%B&lt;'],
  ['{% trans x %}', { x: markSafe('%<b>') }, '%<b>'],
  ['{% trans x|default:_("5%")|length %}', {}, '3'],
  ['{% trans "%"|length context "m%" %}', {}, '2'],
  ['{% trans x noop %}', { x: ['%%'] }, '[&#x27;%&#x27;]'],
  ['{{ _("50%") }}', {}, '50%%'],
  ['{{ x|default:_("50%")|length }}', {}, '4'],
  ['{% blocktrans with a=_("5%")|length %}{{ a }}%{% endblocktrans %}', {}, '3%'],
])('%s with %j is %s', (source, values, expected) => {
  expect(render(source, values)).toBe(expected);
});

it('a catalog has them doubled, the names of languages as they are', () => {
  const remove = registerCatalog('en-us', {
    messages: new Map([
      ['50%%', 'halb: 50%%'],
      ['German', '100%% deutsch'],
    ]),
  });
  try {
    expect(render('{% trans "50%" %} {{ "de"|language_name_translated }}', {})).toBe(
      'halb: 50% 100%% deutsch',
    );
  } finally {
    remove();
  }
});
