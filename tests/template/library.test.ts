import { configure, resetSettings } from 'tsango/conf';
import { Context } from 'tsango/template/context';
import { Library } from 'tsango/template/library';
import { Node, type NodeList } from 'tsango/template/node';
import { markSafe } from 'tsango/utils/safestring';
import { engineOf, errorOf } from './support';

beforeAll(() => configure({ SECRET_KEY: 'test', USE_TZ: false }));
afterAll(() => resetSettings());

const register = new Library();
register.filter('cut_out', (value: unknown, argument: unknown) =>
  String(value).replaceAll(String(argument), ''),
);
register.filter('shout', (value: unknown) => `${value}!`, { isSafe: true });
register.filter(
  'mode',
  (value: unknown, _argument: unknown, autoescape: boolean) => `${value}${autoescape}`,
  {
    needsAutoescape: true,
    argument: 'none',
  },
);
register.simpleTag('no_params', () => '<plain>');
register.simpleTag('safe_params', (one: unknown) => markSafe(`<b>${one}</b>`));
register.simpleTag('all', (one: unknown, two = 2, kwargs: Record<string, unknown> = {}, ...args: unknown[]) =>
  JSON.stringify([one, two, { ...kwargs }, args]).replaceAll('"', ''),
);
register.simpleTag('declared', (...args: unknown[]) => JSON.stringify(args).replaceAll('"', ''), {
  signature: 'one, two=1, *, three',
});
register.simpleTag('from_context', (context: Context) => context.get('user'), { takesContext: true });
register.simpleBlockTag('box', (content: unknown, { title = 'none' }: { title?: string }) =>
  markSafe(`<div title="${title}">${content}</div>`),
);
register.inclusionTag('row.html', 'row', (item: unknown) => ({ item }));
register.inclusionTag('row.html', 'user_row', (context: Context) => ({ item: context.get('user') }), {
  takesContext: true,
});

class RepeatNode extends Node {
  constructor(
    private readonly times: { resolve(context: Context): unknown },
    readonly nodelist: NodeList,
  ) {
    super();
  }
  override render(context: Context): string {
    let text = '';
    for (let i = 0; i < Number(this.times.resolve(context)); i++) {
      context.push({ round: i });
      text += this.nodelist.render(context);
      context.pop();
    }
    context.set('repeated', true);
    return text;
  }
}
register.tag('repeat', (parser, token) => {
  const [, times] = token.splitContents();
  const nodelist = parser.parse(['endrepeat']);
  parser.deleteFirstToken();
  return new RepeatNode(parser.compileFilter(times as string), nodelist);
});

const engine = () =>
  engineOf({ 'row.html': '<li>{{ item }}{{ hidden }}</li>' }, { libraries: { own: register } });
const render = (source: string, values = {}) =>
  engine().fromString(`{% load own %}${source}`).render(new Context(values));

describe('filters', () => {
  it('are functions of the value and an argument', () => {
    expect(render('{{ "banana"|cut_out:"an" }} {{ x|shout }} {{ "<"|shout }}', { x: '<' })).toBe(
      'ba &lt;! <!',
    );
    expect(render('{{ "a"|mode }}{% autoescape off %}{{ "a"|mode }}{% endautoescape %}')).toBe('atrueafalse');
  });

  it('are checked when the template is compiled', () => {
    expect(errorOf(() => render('{{ x|cut_out }}')).message).toBe('cut_out requires 2 arguments, 1 provided');
    expect(errorOf(() => render('{{ x|shout:1 }}')).message).toBe('shout requires 1 arguments, 2 provided');
    expect(errorOf(() => render('{{ x|nope }}')).message).toBe("Invalid filter: 'nope'");
    expect(errorOf(() => render('{{ "x"|cut_out:missing }}'))).toMatchObject({
      name: 'VariableDoesNotExist',
    });
  });
});

describe('simple tags', () => {
  it('print escaped, or keep their result', () => {
    expect(render('{% no_params %} {% safe_params 1 %} {% no_params as x %}[{{ x }}]')).toBe(
      '&lt;plain&gt; <b>1</b> [&lt;plain&gt;]',
    );
    expect(render('{% from_context %}', { user: 'me' })).toBe('me');
  });

  it('take positional and keyword arguments', () => {
    expect(render('{% all 1 %} {% all 1 two=3 %} {% all 1 2 3 4 %} {% all one=5 x=6 %}')).toBe(
      '[1,2,{},[]] [1,3,{},[]] [1,2,{},[3,4]] [5,2,{x:6},[]]',
    );
    expect(render('{% declared 1 three=3 %}')).toBe('[1,null,{three:3}]');
  });

  it.each([
    ['{% no_params 1 %}', "'no_params' received too many positional arguments"],
    ['{% safe_params %}', "'safe_params' did not receive value(s) for the argument(s): 'one'"],
    ['{% safe_params two=2 %}', "'safe_params' received unexpected keyword argument 'two'"],
    ['{% safe_params one=1 one=2 %}', "'safe_params' received multiple values for keyword argument 'one'"],
    ['{% all one=1 2 %}', "'all' received some positional argument(s) after some keyword argument(s)"],
    ['{% no_params as %}', "'no_params' tag requires a variable name after 'as'"],
    ['{% declared 1 %}', "'declared' did not receive value(s) for the argument(s): 'three'"],
  ])('%s: %s', (source, message) => {
    expect(errorOf(() => render(source)).message).toBe(message);
  });

  it('can have contents', () => {
    expect(render('{% box title="T" %}<i>{{ x }}</i>{% endbox %}', { x: '<' })).toBe(
      '<div title="T"><i>&lt;</i></div>',
    );
    expect(render('{% box as b %}in{% endbox %}[{{ b }}]')).toBe('[<div title="none">in</div>]');
  });
});

describe('inclusion tags', () => {
  it('render a template with a context of their own', () => {
    expect(render('{% row "<a>" %}{% user_row %}', { user: 'me', hidden: 'no' })).toBe(
      '<li><a></li><li>me</li>',
    );
  });
});

describe('nodes', () => {
  it('render their contents as often as they like, and set variables', () => {
    expect(render('{% repeat n %}{{ round }}{% endrepeat %}{{ repeated }}', { n: 3 })).toBe('012True');
    expect(
      render('{% for x in "ab" %}{% repeat 2 %}{{ x }}{{ forloop.counter }} {% endrepeat %}{% endfor %}'),
    ).toBe('a1 a1 b2 b2 ');
    expect(
      render('{% with x=1 %}{% repeat 1 %}{{ x }}{% endrepeat %}{{ repeated }}{% endwith %}[{{ repeated }}]'),
    ).toBe('1True[]');
  });
});

describe('load', () => {
  it('takes single tags and filters', () => {
    const template = engine().fromString('{% load shout row from own %}{{ "x"|shout }}{% row 1 %}');
    expect(template.render(new Context())).toBe('x!<li>1</li>');
    expect(errorOf(() => engine().fromString('{% load nope from own %}')).message).toBe(
      "'nope' is not a valid tag or filter in tag library 'own'",
    );
    expect(errorOf(() => engine().fromString('{% load nope %}')).message).toBe(
      "'nope' is not a registered tag library. Must be one of:\ncache\ni18n\nl10n\nown\nstatic\ntz",
    );
  });
});
