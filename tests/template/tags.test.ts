import { configure, overrideSettings, resetSettings, settings } from 'tsango/conf';
import { caches } from 'tsango/core/cache';
import { LocMemCache } from 'tsango/core/cache/backends/locmem';
import { QueryDict } from 'tsango/http';
import { PlainDateTime } from 'tsango/python/datetime';
import { Context, RequestContext } from 'tsango/template/context';
import { overrideUrlconf, path } from 'tsango/urls';
import { registerCatalog } from 'tsango/utils/translation';
import { engineOf, errorOf, render } from './support';

/** A cache that answers later, as one over the network does. */
class SlowCache extends LocMemCache {
  override get(key: string): never {
    const value = super.get(key);
    return new Promise((resolve) => setImmediate(() => resolve(value))) as never;
  }
}

const LOCMEM = 'tsango.core.cache.backends.locmem.LocMemCache';

beforeAll(() =>
  configure({
    SECRET_KEY: 'test',
    USE_TZ: true,
    TIME_ZONE: 'America/Chicago',
    STATIC_URL: '/static/',
    CACHES: {
      default: { BACKEND: LOCMEM },
      other: { BACKEND: LOCMEM, LOCATION: 'other' },
      slow: { BACKEND: SlowCache, LOCATION: 'slow' },
    },
  }),
);
afterAll(async () => {
  await caches.closeAll();
  resetSettings();
});

const withRequest = (source: string, request: object, values = {}) =>
  engineOf()
    .fromString(source)
    .render(new RequestContext(request as never, values));

describe('loops', () => {
  it('know where they are', () => {
    const source =
      '{% for x in l %}{{ forloop.counter }}{{ forloop.counter0 }}{{ forloop.revcounter }}{{ forloop.revcounter0 }}{{ forloop.first }}{{ forloop.last }}{{ forloop.length }};{% endfor %}';
    expect(render(source, { l: 'ab' })).toBe('1021TrueFalse2;2110FalseTrue2;');
    expect(
      render(
        '{% for a in "ab" %}{% for b in "cd" %}{{ forloop.parentloop.counter }}{{ forloop.counter }} {% endfor %}{% endfor %}',
      ),
    ).toBe('11 12 21 22 ');
    expect(render('{% for x in "a" %}{{ forloop|safe }}{% endfor %}')).toBe(
      "{'parentloop': {}, 'length': 1, 'counter0': 0, 'counter': 1, 'revcounter': 1, 'revcounter0': 0, 'first': True, 'last': True}",
    );
    const nested = engineOf({
      part: '{{ forloop.counter }}{% for y in "z" %}{{ forloop.parentloop.counter }}{% endfor %}',
    });
    expect(
      nested.fromString('{% for x in "ab" %}{% include "part" %}{% endfor %}').render(new Context()),
    ).toBe('1122');
  });

  it('take anything that has items', () => {
    const all = '{% for x in l %}{{ x }},{% empty %}none{% endfor %}';
    const generator = (function* () {
      yield 1;
      yield 2;
    })();
    expect(render(all, { l: generator })).toBe('1,2,');
    expect(render(all, { l: new Set([1]) })).toBe('1,');
    expect(render(all, { l: { a: 1, b: 2 } })).toBe('a,b,');
    expect(render(all, { l: new Map([['k', 1]]) })).toBe('k,');
    expect(render(all, { l: [] }) + render(all, { l: null }) + render(all)).toBe('nonenonenone');
    expect(errorOf(() => render(all, { l: 5 })).message).toBe("'int' object is not iterable");
    expect(render('{% for a, b in l reversed %}{{ a }}{{ b }};{% endfor %}', { l: [[1, 2], 'xy'] })).toBe(
      'xy;12;',
    );
  });

  it('keep the state of cycle and ifchanged apart', () => {
    expect(render('{% for a in "xy" %}{% for b in "pq" %}{% cycle 1 2 3 %}{% endfor %}{% endfor %}')).toBe(
      '1231',
    );
    expect(
      render(
        '{% for a in "ab" %}{% for b in l %}{% ifchanged b %}{{ b }}{% else %}={% endifchanged %}{% endfor %} {% endfor %}',
        { l: [1, 1, 2] },
      ),
    ).toBe('1=2 1=2 ');
    const engine = engineOf({ part: '{% cycle "a" "b" %}{% ifchanged %}{{ x }}{% endifchanged %}' });
    expect(
      engine
        .fromString('{% for x in l %}{% include "part" %}{% endfor %}')
        .render(new Context({ l: [1, 1, 2] })),
    ).toBe('a1aa2');
  });

  it('render what changed to nothing once more, as Django does', () => {
    expect(render('{% ifchanged %}{% cycle 1 2 as c silent %}{% endifchanged %}{{ c }}')).toBe('2');
  });

  it('leave their variables behind them', () => {
    expect(render('{% for x in "ab" %}{% endfor %}[{{ x }}{{ forloop }}]')).toBe('[]');
    expect(
      render(
        '{% with a=1 b="<" %}{{ a }}{{ b }}{% with a=2 %}{{ a }}{% endwith %}{{ a }}{% endwith %}[{{ a }}]',
      ),
    ).toBe('1<21[]');
    expect(render('{% for x in "ab" %}{% firstof x as y %}{{ y }}{% endfor %}[{{ y }}]')).toBe('ab[]');
  });
});

describe('url', () => {
  const urlpatterns = [path('a/<int:id>/', () => undefined as never, { name: 'detail' })];

  it('reverses', async () => {
    const show = (source: string) =>
      overrideUrlconf({ urlpatterns }, () => render(source, { n: 'detail', i: 7 }));
    expect(show('{% url "detail" 5 %} {% url n id=i %}')).toBe('/a/5/ /a/7/');
    expect(show('{% url "detail" 5 as u %}[{{ u }}]{% url "none" as u %}[{{ u }}]')).toBe('[/a/5/][]');
    expect(errorOf(() => show('{% url "none" %}')).name).toBe('NoReverseMatch');
  });
});

describe('csrf_token', () => {
  it('is a hidden field with the token of the context', () => {
    expect(render('{% csrf_token %}', { csrf_token: 'a"b' })).toBe(
      '<input type="hidden" name="csrfmiddlewaretoken" value="a&quot;b">',
    );
    expect(render('[{% csrf_token %}]', { csrf_token: 'NOTPROVIDED' }) + render('[{% csrf_token %}]')).toBe(
      '[][]',
    );
  });
});

describe('querystring', () => {
  it('changes the query string of the request', () => {
    const show = (source: string, values = {}) =>
      withRequest(
        `{% autoescape off %}${source}{% endautoescape %}`,
        { GET: new QueryDict('a=1&b=2&b=3') },
        values,
      );
    expect(show('{% querystring %}')).toBe('?a=1&b=2&b=3');
    expect(show('{% querystring a=2 c="x y" %}')).toBe('?a=2&b=2&b=3&c=x+y');
    expect(show('{% querystring b=None %}')).toBe('?a=1');
    expect(show('{% querystring a=None b=l %}', { l: [7, 8] })).toBe('?b=7&b=8');
    expect(show('{% querystring d a=1 %}', { d: { x: 'y' } })).toBe('?x=y&a=1');
    expect(show('{% querystring a=None b=None %}')).toBe('?');
    expect(show('{% querystring page=2 as q %}{{ q }}')).toBe('?a=1&b=2&b=3&page=2');
  });
});

describe('debug', () => {
  it('shows the context, escaped, only while DEBUG is on', async () => {
    expect(render('[{% debug %}]', { a: '<' })).toBe('[]');
    await overrideSettings({ DEBUG: true }, () => {
      expect(render('{% debug %}', { a: '<' })).toContain('{&#x27;a&#x27;: &#x27;&lt;&#x27;}');
    });
  });
});

describe('now', () => {
  beforeEach(() => jest.useFakeTimers({ now: new Date('2026-03-04T05:06:07Z') }));
  afterEach(() => jest.useRealTimers());

  it('is the time in the current zone', async () => {
    expect(render('{% now "Y-m-d H:i" %} {% now "jS F" as d %}{{ d }}')).toBe('2026-03-03 23:06 3rd March');
    await overrideSettings({ USE_TZ: false }, () => {
      expect(render('{% now "H:i" %}')).toBe('23:06');
    });
  });
});

describe('cache', () => {
  it('keeps what it rendered', async () => {
    await caches.get('default').clear();
    let calls = 0;
    const values = { f: () => ++calls, who: 'a' };
    const source = '{% load cache %}{% cache 60 part who %}{{ f }}<b>{% endcache %}';
    expect(render(source, values)).toBe('1<b>');
    expect(render(source, values)).toBe('1<b>');
    expect(render(source, { ...values, who: 'b' })).toBe('2<b>');
    expect(render('{% load cache %}{% cache 60 part who using="other" %}{{ f }}{% endcache %}', values)).toBe(
      '3',
    );
    expect(
      errorOf(() => render('{% load cache %}{% cache x part %}{% endcache %}', { x: 'soon' })).message,
    ).toBe(`"cache" tag got a non-integer timeout value: 'soon'`);
  });

  it('waits for a cache that is slow', async () => {
    let calls = 0;
    const template = engineOf().fromString(
      '{% load cache %}{% cache 60 part using="slow" %}{{ f }}{% endcache %}',
    );
    const show = () => template.render(new Context({ f: () => ++calls }));
    expect(await show()).toBe('1');
    expect(await show()).toBe('1');
    expect(calls).toBe(1);
  });
});

describe('time zones', () => {
  const d = new Date('2026-01-02T03:04:05Z');

  it('are those of the tags', () => {
    const source = (inner: string) => `{% load tz %}${inner}`;
    expect(render(source('{{ d|date:"H:i e" }}'), { d })).toBe('21:04 CST');
    expect(
      render(
        source(
          '{{ d|timezone:"Europe/Paris"|date:"H:i" }} {{ d|utc|date:"H:i" }} {{ d|localtime|date:"H:i" }}',
        ),
        { d },
      ),
    ).toBe('04:04 03:04 21:04');
    expect(
      render(source('{% timezone "Asia/Tokyo" %}{{ d|date:"H:i" }}{% endtimezone %} {{ d|date:"H:i" }}'), {
        d,
      }),
    ).toBe('12:04 21:04');
    expect(render(source('{% localtime off %}{{ d|date:"H:i" }}{% endlocaltime %}'), { d })).toBe('03:04');
    expect(render(source('{% get_current_timezone as z %}{{ z }}'))).toBe('America/Chicago');
    expect(render(source('[{{ x|timezone:"UTC" }}]'), { x: 'no date' })).toBe('[]');
    expect(render('{{ d }}', { d: new PlainDateTime(2026, 1, 2, 3, 4, 5, 0) })).toBe(
      'Jan. 2, 2026, 3:04 a.m.',
    );
  });
});

describe('translation', () => {
  const source = (inner: string) => `{% load i18n %}${inner}`;

  it('leaves texts as they are where there is no catalog', () => {
    expect(
      render(source('{% translate "50% <b>" %} {% translate x %} {% trans "a" noop %}'), { x: '<' }),
    ).toBe('50% <b> &lt; a');
    expect(
      render(source('{% blocktranslate with n=x|upper %}Hi {{ n }}, 100%{% endblocktranslate %}'), {
        x: 'a<',
      }),
    ).toBe('Hi A&lt;, 100%');
    const count = '{% blocktranslate count n=l|length %}one{% plural %}{{ n }} many{% endblocktranslate %}';
    expect(render(source(count), { l: [1] }) + render(source(count), { l: [1, 2] })).toBe('one2 many');
    expect(
      render(source('{% blocktranslate trimmed asvar t %}\n  a\n  b\n{% endblocktranslate %}[{{ t }}]')),
    ).toBe('[a b]');
    expect(render(source('{% translate "x" as t %}{{ t }}{{ _("y") }}{{ z|default:_("z") }}'))).toBe('xyz');
    expect(
      errorOf(() => render(source('{% blocktranslate %}{% if a %}{% endblocktranslate %}'))).message,
    ).toBe("'blocktranslate' doesn't allow other block tags (seen 'if a') inside it");
  });

  it('uses the catalog of the active language', () => {
    const remove = registerCatalog('de', {
      messages: new Map<string, string | readonly string[]>([
        ['yes', 'ja'],
        ['menu\u0004open', 'öffnen'],
        ['Hi %(n)s', 'Hallo %(n)s'],
        ['one', ['eins', '%(n)s viele']],
        ['broken %(n)s', 'kaputt %(m)s'],
      ]),
    });
    try {
      const german = (inner: string, values = {}) =>
        render(source(`{% language "de" %}${inner}{% endlanguage %}`), values);
      expect(german('{% translate "yes" %} {{ _("yes") }} {% translate "open" context "menu" %}')).toBe(
        'ja ja öffnen',
      );
      expect(german('{% blocktranslate %}Hi {{ n }}{% endblocktranslate %}', { n: 'x' })).toBe('Hallo x');
      expect(german('{% blocktranslate count n=2 %}one{% plural %}{{ n }} many{% endblocktranslate %}')).toBe(
        '2 viele',
      );
      expect(german('{% blocktranslate %}broken {{ n }}{% endblocktranslate %}', { n: 'x' })).toBe(
        'broken x',
      );
      expect(german('{% get_current_language as l %}{{ l }}')).toBe('de');
      expect(render('{{ _("yes") }}')).toBe('yes');
    } finally {
      remove();
    }
  });
});

describe('static and localize', () => {
  it('make addresses below STATIC_URL', async () => {
    expect(render('{% load static %}{% static "a b/c&d.js" %} {% static "x.js" as u %}{{ u }}')).toBe(
      '/static/a%20b/c%26d.js /static/x.js',
    );
    await overrideSettings({ STATIC_URL: 'https://cdn.example.com/s/' }, () => {
      expect(settings.STATIC_URL).toBe('https://cdn.example.com/s/');
      expect(render('{% load static %}{% static "x.js" %}')).toBe('https://cdn.example.com/s/x.js');
    });
  });

  it('write numbers as a program does, or as people do', async () => {
    await overrideSettings({ USE_THOUSAND_SEPARATOR: true, NUMBER_GROUPING: 3 }, () => {
      expect(
        render('{% load l10n %}{{ n }} {{ n|unlocalize }} {% localize off %}{{ n }}{% endlocalize %}', {
          n: 1234567,
        }),
      ).toBe('1,234,567 1234567 1234567');
    });
  });
});

describe('lorem, regroup, widthratio, firstof, spaceless', () => {
  it('do what they say', () => {
    expect(render('{% lorem 4 w %}')).toBe('lorem ipsum dolor sit');
    expect(render('{% lorem 1 p %}')).toMatch(/^<p>Lorem ipsum dolor sit amet, .*<\/p>$/s);
    expect(
      render(
        '{% regroup l by k as g %}{% for key, items in g %}{{ key }}:{{ items|length }} {% endfor %}{{ g.0.grouper }}',
        { l: [{ k: 'a' }, { k: 'a' }, { k: 'b' }] },
      ),
    ).toBe('a:2 b:1 a');
    expect(
      render('{% widthratio 175 200 100 %} {% widthratio 1 0 100 %} {% widthratio a 2 3 as w %}[{{ w }}]', {
        a: 'x',
      }),
    ).toBe('88 0 []');
    expect(render('{% firstof a b "<" %} {% firstof a %} {% firstof 0 b as v %}[{{ v }}]', { b: '' })).toBe(
      '<  []',
    );
    expect(render('{% firstof as v %}[{{ v }}]')).toBe('[]');
    expect(render('{% spaceless %} <p>\n <a> x </a>\n</p> {% endspaceless %}')).toBe('<p><a> x </a></p>');
  });
});
