import fc from 'fast-check';
import { configure, overrideSettings, resetSettings } from 'tsango/conf';
import { ValueError } from 'tsango/core/exceptions';
import { HttpResponse } from 'tsango/http/response';
import {
  type Converter,
  clearScriptPrefix,
  include,
  NoReverseMatch,
  path,
  registerConverter,
  rePath,
  resolve,
  reverse,
  reverseLazy,
  setScriptPrefix,
} from 'tsango/urls';

const view = () => new HttpResponse('');
const other = () => new HttpResponse('');

class YearConverter implements Converter<{ year: number }> {
  readonly regex = '[0-9]{4}';
  toPython(value: string) {
    if (value === '0000') throw new ValueError('no such year');
    return { year: Number(value) };
  }
  toUrl({ year }: { year: number }) {
    if (year < 0) throw new ValueError('no such year');
    return String(year).padStart(4, '0');
  }
}
registerConverter(YearConverter, 'yyyy');

const urlconf = [
  path('', view, { name: 'home' }),
  path('articles/<int:year>/<slug:slug>/', view, { name: 'article' }),
  path('articles/<int:year>/', view, { name: 'article' }),
  path('files/<path:name>', other, { name: 'file' }),
  path('100%/<str:x>', view, { name: 'percent' }),
  path('y/<yyyy:year>/', view, { name: 'year' }),
  rePath('^(.+)/security/$', view, { name: 'security' }),
  path('blog/<int:blog>/', include([path('post/<int:post>/', view, { name: 'post' })])),
];

afterEach(() => clearScriptPrefix());

describe('reverse', () => {
  it.each<[string, object, string]>([
    ['home', {}, '/'],
    ['article', { args: [2003] }, '/articles/2003/'],
    ['article', { kwargs: { year: 2003, slug: 'a-b' } }, '/articles/2003/a-b/'],
    ['file', { kwargs: { name: 'a/b c?#é' } }, '/files/a/b%20c%3F%23%C3%A9'],
    ['file', { args: ["!$&'()*+,;=:@~-._"] }, "/files/!$&'()*+,;=:@~-._"],
    ['percent', { args: ['%41'] }, '/100%25/%2541'],
    ['year', { args: [{ year: 7 }] }, '/y/0007/'],
    ['post', { kwargs: { blog: 1, post: 2 } }, '/blog/1/post/2/'],
    ['post', { args: [1, 2] }, '/blog/1/post/2/'],
    ['home', { query: { q: 'a b', page: [1, 2] } }, '/?q=a+b&page=1&page=2'],
    ['home', { query: {} }, '/'],
    ['home', { query: { urlencode: () => 'x=1' }, fragment: 'é/!' }, '/?x=1#%C3%A9/%21'],
    ['home', { fragment: '' }, '/#'],
  ])('%s %j is %s', (name, options, expected) => {
    expect(reverse(name, { urlconf, ...options })).toBe(expected);
  });

  it('finds a view itself', () => {
    expect(reverse(other, { urlconf, args: ['x'] })).toBe('/files/x');
  });

  it('never makes a URL that leads to another host', () => {
    expect(reverse('security', { urlconf, args: ['/example.com'] })).toBe('/%2Fexample.com/security/');
  });

  it('puts the script prefix in front', async () => {
    setScriptPrefix('/mounted');
    expect(reverse('article', { urlconf, args: [1] })).toBe('/mounted/articles/1/');
    clearScriptPrefix();
    configure({});
    try {
      await overrideSettings({ FORCE_SCRIPT_NAME: '/forced' }, () => {
        expect(reverse('home', { urlconf })).toBe('/forced/');
      });
      expect(reverse('home', { urlconf })).toBe('/');
    } finally {
      resetSettings();
    }
  });

  it('waits where it is told to', () => {
    const later: { name: string; args?: unknown[] }[] = [];
    const lazy = reverseLazy('home', { urlconf });
    later.push({ name: String(lazy) });
    expect(`${lazy}`).toBe('/');
    expect(JSON.stringify({ lazy })).toBe('{"lazy":"/"}');
  });

  it.each<[string, object, string]>([
    [
      'nothing',
      {},
      "Reverse for 'nothing' not found. 'nothing' is not a valid view function or pattern name.",
    ],
    [
      'article',
      { args: ['x'] },
      "Reverse for 'article' with arguments '('x',)' not found. 2 pattern(s) tried: " +
        "['articles/(?P<year>[0-9]+)/\\\\Z', 'articles/(?P<year>[0-9]+)/(?P<slug>[-a-zA-Z0-9_]+)/\\\\Z']",
    ],
    [
      'year',
      { kwargs: { year: { year: -1 } } },
      "Reverse for 'year' with keyword arguments '{'year': {'year': -1}}' not found. 1 pattern(s) tried: " +
        "['y/(?P<year>[0-9]{4})/\\\\Z']",
    ],
    [
      'post',
      {},
      "Reverse for 'post' with no arguments not found. 1 pattern(s) tried: ['blog/(?P<blog>[0-9]+)/post/(?P<post>[0-9]+)/\\\\Z']",
    ],
    ['no:home', {}, "'no' is not a registered namespace"],
  ])('%s %j is told to be none', (name, options, message) => {
    const attempt = () => reverse(name, { urlconf, ...options });
    expect(attempt).toThrow(NoReverseMatch);
    expect(attempt).toThrow(message);
  });

  it('does not mix args and kwargs', () => {
    expect(() => reverse('article', { urlconf, args: [1], kwargs: { year: 1 } })).toThrow(
      "Don't mix *args and **kwargs in call to reverse()!",
    );
  });

  it('does not take inherited names for arguments', () => {
    expect(() => reverse('toString', { urlconf })).toThrow(NoReverseMatch);
    expect(() => reverse('__proto__:home', { urlconf })).toThrow("'__proto__' is not a registered namespace");
  });
});

describe('a custom converter', () => {
  it('refuses text by a ValueError', () => {
    expect({ ...resolve('/y/2003/', urlconf).kwargs }).toEqual({ year: { year: 2003 } });
    expect(() => resolve('/y/0000/', urlconf)).toThrow();
    expect(() => resolve('/y/20030/', urlconf)).toThrow();
  });
});

describe('namespaces', () => {
  const app = { app_name: 'app', urlpatterns: [path('n/', view, { name: 'n' })] };
  const outer = {
    appName: 'outer',
    urlpatterns: [path('in/', include(app, 'in1')), path('in2/', include(app, 'in2'))],
  };
  const site = [
    path('one/', include(app, 'one')),
    path('two/<int:id>/', include(app, 'two')),
    path('default/', include(app)),
    path('o/', include(outer)),
    path('bare/', include([path('deep/', include([[path('x/', view, { name: 'x' })], 'deep']))])),
  ];
  it.each<[string, object, string]>([
    ['one:n', {}, '/one/n/'],
    ['two:n', { args: [5] }, '/two/5/n/'],
    ['app:n', {}, '/default/n/'],
    ['app:n', { currentApp: 'one' }, '/one/n/'],
    ['app:n', { currentApp: 'two', kwargs: { id: 3 } }, '/two/3/n/'],
    ['app:n', { currentApp: 'unknown' }, '/default/n/'],
    ['outer:in1:n', {}, '/o/in/n/'],
    ['outer:app:n', {}, '/o/in2/n/'],
    ['outer:app:n', { currentApp: 'outer:in1' }, '/o/in/n/'],
    ['deep:x', {}, '/bare/deep/x/'],
  ])('%s %j is %s', (name, options, expected) => {
    expect(reverse(name, { urlconf: site, ...options })).toBe(expected);
  });
  it('are named where they do not exist', () => {
    expect(() => reverse('outer:no:n', { urlconf: site })).toThrow(
      "'no' is not a registered namespace inside 'outer'",
    );
    expect(() => reverse('n', { urlconf: site })).toThrow(NoReverseMatch);
  });
});

describe('a round trip', () => {
  it('of any values ends where it began', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 });
    fc.assert(
      fc.property(
        fc.nat(),
        text.filter((s) => !s.includes('/')),
        fc.stringMatching(/^[-a-zA-Z0-9_]+$/),
        text.filter((s) => !s.includes('\n')),
        (n, s, slug, p) => {
          const conf = [path('a/<int:n>/<str:s>/<slug:slug>/<path:p>', view, { name: 'x' })];
          const url = reverse('x', { urlconf: conf, kwargs: { n, s, slug, p } });
          expect(url).toMatch(/^[A-Za-z0-9_.\-~!$&'()*+,;=:@/%]+$/);
          expect({ ...resolve(decodeURIComponent(url), conf).kwargs }).toEqual({ n, s, slug, p });
        },
      ),
    );
  });
});
