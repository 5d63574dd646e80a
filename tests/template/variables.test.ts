import { configure, resetSettings } from 'tsango/conf';
import { SessionStore } from 'tsango/contrib/sessions/backends/signed_cookies';
import { markSafe } from 'tsango/utils/safestring';
import { errorOf, render } from './support';

beforeAll(() => configure({ SECRET_KEY: 'test', USE_TZ: false }));
afterAll(() => resetSettings());

class Person {
  firstName = 'Ada';
  constructor(readonly age = 36) {}
  getFullName(): string {
    return `${this.firstName} Lovelace`;
  }
  get initials(): string {
    return 'AL';
  }
  greet(name: string): string {
    return `hello ${name.trim()}`;
  }
  deleteEverything(): string {
    throw new Error('a template deleted something');
  }
  save(): string {
    throw new Error('a template saved something');
  }
}

describe('the parts of a dotted name', () => {
  it('are keys before attributes, and indexes last', () => {
    expect(render('{{ d.items }} {{ d.keys.0 }}', { d: { items: 'mine', x: 'y' } })).toBe('mine items');
    expect(render('{{ l.0 }}{{ l.2 }}{{ s.1 }}', { l: ['a', 'b', 'c'], s: 'xyz' })).toBe('acy');
    expect(render('[{{ l.3 }}][{{ l.x }}]', { l: [1] })).toBe('[][]');
    expect(
      render('{{ m.key }} {{ m.1 }}', {
        m: new Map<unknown, unknown>([
          ['key', 'v'],
          [1, 'one'],
        ]),
      }),
    ).toBe('v one');
  });

  it('are called where they can be', () => {
    expect(render('{{ p.getFullName }} {{ p.initials }} {{ f }}', { p: new Person(), f: () => 3 })).toBe(
      'Ada Lovelace AL 3',
    );
    expect(render('{{ f.x }}', { f: () => ({ x: 'of the result' }) })).toBe('of the result');
  });

  it('are found in camelCase when Python would write them with underscores', () => {
    expect(render('{{ p.first_name }} {{ p.get_full_name }}', { p: new Person() })).toBe('Ada Ada Lovelace');
    expect(render('{{ page_title }}', { pageTitle: 'Home' })).toBe('Home');
    expect(render('{{ d.a_b }}', { d: { a_b: 'exact', aB: 'camel' } })).toBe('exact');
  });

  it('give string_if_invalid where a callable wants an argument', () => {
    expect(render('[{{ p.greet }}]', { p: new Person() })).toBe('[]');
    expect(render('[{{ p.greet }}]', { p: new Person() }, { string_if_invalid: 'NO' })).toBe('[NO]');
  });

  it('are not called where that would change data', () => {
    const flagged = Object.assign(() => 'called', { altersData: true });
    const shown = Object.assign(() => 'called', { doNotCallInTemplates: true });
    const values = { p: new Person(), flagged, shown };
    expect(render('[{{ p.save }}{{ p.delete_everything }}{{ flagged }}]', values)).toBe('[]');
    expect(render('{{ shown }}', values)).toBe('&lt;function &gt;');
  });

  it('pass errors of getters and callables on', () => {
    const broken = {
      get x(): string {
        throw new Error('broken getter');
      },
    };
    expect(errorOf(() => render('{{ o.x }}', { o: broken })).message).toBe('broken getter');
    class Silent extends Error {
      readonly silentVariableFailure = true;
    }
    const silent = () => {
      throw new Silent();
    };
    expect(render('[{{ f }}]', { f: silent })).toBe('[]');
  });

  it('have Python attributes of text, dictionaries and dates', () => {
    expect(render('{{ s.upper }} {{ s.title }} {{ s.split.1 }}', { s: 'two words' })).toBe(
      'TWO WORDS Two Words words',
    );
    expect(render('{% for k, v in d.items %}{{ k }}={{ v }};{% endfor %}', { d: { a: 1, b: 2 } })).toBe(
      'a=1;b=2;',
    );
    expect(render('{{ d.keys }} {{ d.values }}', { d: { a: 1 } })).toBe(
      'dict_keys([&#x27;a&#x27;]) dict_values([1])',
    );
    expect(render('{{ d.year }}-{{ d.month }}', { d: new Date('2026-03-04T00:00:00Z') })).toBe('2026-3');
  });
});

describe('a session', () => {
  const open = () => {
    const session = new SessionStore() as unknown as Record<string, unknown>;
    session['name'] = 'amrit <panta>';
    session['cart'] = ['a', 'b'];
    return session;
  };

  it('is a dictionary', () => {
    const request = { session: open() };
    expect(render('{{ request.session.name }}', { request })).toBe('amrit &lt;panta&gt;');
    expect(render('{{ request.session.cart.1 }}[{{ request.session.nothing }}]', { request })).toBe('b[]');
    expect(
      render('{% for key, value in request.session.items %}{{ key }}: {{ value|safe }}; {% endfor %}', {
        request,
      }),
    ).toBe("name: amrit <panta>; cart: ['a', 'b']; ");
    expect(render('{% if "name" in request.session %}in{% endif %}', { request })).toBe('in');
    expect(render('{{ request.session.get_expiry_age }}', { request })).toBe('1209600');
  });

  it('is not changed by a template', () => {
    const session = open();
    const source =
      '{{ s.flush }}{{ s.cycle_key }}{{ s.delete }}{{ s.save }}{{ s.clear }}{{ s.set_expiry }}{{ s.pop }}';
    expect(render(source, { s: session })).toBe('');
    expect(session['name']).toBe('amrit <panta>');
  });

  it('prints as an object', () => {
    expect(render('{{ s }}', { s: open() })).toBe('&lt;SessionStore object&gt;');
  });
});

describe('what a template cannot reach', () => {
  const values = {
    o: {},
    f: () => 'x',
    l: [1],
    s: 'text',
    n: 1,
    d: new Date(),
    m: new Map(),
    p: new Person(),
    c: Person,
    g: (function* () {})(),
  };

  it.each([
    'o.constructor',
    'o.constructor.constructor',
    'o.toString',
    'o.valueOf.constructor',
    'o.hasOwnProperty',
    'f.constructor',
    'f.call',
    'f.bind',
    'f.prototype',
    'l.constructor.constructor',
    'l.map',
    'l.length',
    's.constructor',
    's.length',
    's.sub.constructor',
    'n.constructor',
    'd.constructor',
    'd.getTime',
    'm.constructor',
    'm.set',
    'p.constructor',
    'p.constructor.constructor',
    'c.prototype',
    'g.constructor',
    'g.next',
    'constructor',
    'toString',
    'hasOwnProperty.constructor',
    'range.constructor',
    'cycler.constructor',
    'joiner.constructor',
    'request.constructor',
    'globalThis',
    'process',
    'require',
    'env',
    'ctx',
    'rt',
    'k0',
    'runtime',
    'arguments',
  ])('%s', (expression) => {
    expect(render(`[{{ ${expression} }}]`, values)).toBe('[]');
    expect(render(`{% if ${expression} %}reached{% endif %}`, values)).toBe('');
  });

  it.each(['o.__proto__', '__proto__', 'o.__defineGetter__', 'f._x'])(
    '%s, not even in the source',
    (expression) => {
      expect(errorOf(() => render(`{{ ${expression} }}`, values)).message).toBe(
        `Variables and attributes may not begin with underscores: '${expression}'`,
      );
    },
  );

  it("a dictionary's own keys of such names are ordinary keys", () => {
    const d = Object.fromEntries([
      ['constructor', 'mine'],
      ['toString', 'too'],
    ]);
    expect(render('{{ d.constructor }} {{ d.toString }} {{ constructor }}', { d, constructor: 'top' })).toBe(
      'mine too top',
    );
    expect(render('{% for constructor in l %}{{ constructor }}{% endfor %}', { l: [1, 2] })).toBe('12');
    expect(render('{% with __proto__=1 valueOf=2 %}{{ valueOf }}{% endwith %}')).toBe('2');
  });

  it.each([
    "'+globalThis.hacked+'",
    '"+globalThis.hacked+"',
    '$' + '{globalThis.hacked}',
    '`+globalThis.hacked+`',
    "\\'+globalThis.hacked//",
    '\\"+globalThis.hacked//',
    '\u2028globalThis.hacked\u2029',
    '*/globalThis.hacked/*',
    '</script>',
    '{}globalThis.hacked',
  ])('text that looks like JavaScript stays text: %j', (text) => {
    (globalThis as Record<string, unknown>)['hacked'] = 'HACKED';
    expect(render(text)).toBe(text);
    expect(render(`{% verbatim %}${text}{% endverbatim %}`)).toBe(text);
    const literal = text.replace(/\\/g, '\\\\').replace(/"/g, '\\"');
    expect(render(`{% autoescape off %}{{ "${literal}" }}{% endautoescape %}`)).toBe(text);
    expect(render(`{{ x|default:"${literal}" }}`)).toBe(text);
    expect(render(`{% firstof "${literal}" %}`)).toBe(text);
    delete (globalThis as Record<string, unknown>)['hacked'];
  });
});

describe('printing', () => {
  it('is as Python prints', () => {
    const values = {
      t: true,
      n: null,
      f: 1.5,
      l: ['a', 1, null],
      d: { a: [true] },
      big: 12345678901234567890n,
    };
    expect(render('{{ t }} {{ n }} {{ f }} {{ l|safe }} {{ d|safe }} {{ big }}', values)).toBe(
      "True None 1.5 ['a', 1, None] {'a': [True]} 12345678901234567890",
    );
    expect(render('{{ 1 }} {{ 1.0 }} {{ -2.5 }} {{ "x" }} {{ True }} {{ None }}')).toBe(
      '1 1.0 -2.5 x True None',
    );
  });

  it('escapes, unless the text is safe', () => {
    expect(render('{{ a }} {{ b }} {{ "<" }}', { a: `<&>"'`, b: markSafe('<b>') })).toBe(
      '&lt;&amp;&gt;&quot;&#x27; <b> <',
    );
    expect(
      render('{% autoescape off %}{{ a }}{% autoescape on %}{{ a }}{% endautoescape %}{% endautoescape %}', {
        a: '<',
      }),
    ).toBe('<&lt;');
    expect(render('{{ a|upper }} {{ b|upper }} {{ b|default:a }}', { a: '<a>', b: markSafe('<b>') })).toBe(
      '&lt;A&gt; &lt;B&gt; <b>',
    );
  });

  it('shows string_if_invalid', () => {
    const options = { string_if_invalid: 'no %s!' };
    expect(render('{{ a.b }}{{ a|upper }}{% if a %}x{% endif %}', {}, options)).toBe('no a.b!no a!');
  });
});

describe('truth', () => {
  it.each<[unknown, boolean]>([
    [[], false],
    [[0], true],
    [{}, false],
    [new Map(), false],
    [new Set([1]), true],
    ['', false],
    ['0', true],
    [0, false],
    [Number.NaN, true],
    [null, false],
    [markSafe(''), false],
  ])('of %p is %p', (value, expected) => {
    expect(render('{% if x %}true{% else %}false{% endif %}', { x: value })).toBe(String(expected));
  });
});
