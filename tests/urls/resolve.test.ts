import { overrideSettings } from 'tsango/conf';
import { HttpResponse } from 'tsango/http/response';
import {
  clearUrlCaches,
  getResolver,
  include,
  isValidPath,
  overrideUrlconf,
  path,
  Resolver404,
  rePath,
  resolve,
  type Urlconf,
} from 'tsango/urls';

const view = () => new HttpResponse('');
const other = () => new HttpResponse('');

function tried(urlconf: Urlconf, target: string): string[][] {
  try {
    resolve(target, urlconf);
  } catch (error) {
    if (error instanceof Resolver404) return error.tried.map((way) => way.map((entry) => entry.describe()));
  }
  throw new Error(`${target} resolves`);
}

describe('resolve', () => {
  it('takes the first pattern that matches', () => {
    const urlconf = [path('a/<str:x>/', view), path('a/b/', other), rePath('^a/', other)];
    expect(resolve('/a/b/', urlconf).func).toBe(view);
    expect(resolve('/a/', urlconf).func).toBe(other);
  });

  it('gives converted values without a prototype', () => {
    const match = resolve('/7/x-y/a/b/39da9369-838e-4750-91a5-f7805cd82839/', [
      path('<int:n>/<slug:s>/<path:p>/<uuid:u>/', view),
    ]);
    expect({ ...match.params }).toEqual({
      n: 7,
      s: 'x-y',
      p: 'a/b',
      u: '39da9369-838e-4750-91a5-f7805cd82839',
    });
    expect('toString' in match.params).toBe(false);
    expect('constructor' in match.params).toBe(false);
  });

  it('takes __proto__ for a name like any other', () => {
    const match = resolve('/x/', [path('<str:__proto__>/', view)]);
    expect(Object.keys(match.params)).toEqual(['__proto__']);
    expect(Object.values(match.params)).toEqual(['x']);
  });

  it('does not match a number that JavaScript cannot hold', () => {
    const urlconf = [path('<int:n>/', view)];
    expect(resolve(`/${Number.MAX_SAFE_INTEGER}/`, urlconf).params).toEqual({ n: Number.MAX_SAFE_INTEGER });
    expect(isValidPath('/9007199254740993/', urlconf)).toBe(false);
    expect(isValidPath(`/${'9'.repeat(5000)}/`, urlconf)).toBe(false);
  });

  it('shares one frozen object among views without params', () => {
    const urlconf = [path('a/', view), path('b/', view)];
    expect(resolve('/a/', urlconf).params).toBe(resolve('/b/', urlconf).params);
    expect(Object.isFrozen(resolve('/a/', urlconf).params)).toBe(true);
  });

  it('passes unnamed groups by number, and not where there are named ones', () => {
    expect({ ...resolve('/1/2/', [rePath('^([0-9])/([0-9])/$', view)]).params }).toEqual({ 0: '1', 1: '2' });
    expect({ ...resolve('/1/2/', [rePath('^([0-9])/(?P<b>[0-9])/$', view)]).params }).toEqual({ b: '2' });
    const nested = [rePath('^([0-9])/', include([rePath('^([0-9])/$', view)]))];
    expect(resolve('/1/2/', nested).args).toEqual(['1', '2']);
    const mixed = [rePath('^(?P<a>[0-9])/', include([rePath('^([0-9])/$', view)]))];
    // As in Django: the inner unnamed group stays, being collected before the outer name is seen.
    expect(resolve('/1/2/', mixed).args).toEqual(['2']);
  });

  it('merges the values of includes from the outside in', () => {
    const urlconf = [
      path('<int:a>/', include([path('<int:b>/', view, { kwargs: { b: 'default', c: 3 }, name: 'leaf' })]), {
        kwargs: { a: 'outer', d: 4 },
      }),
    ];
    const match = resolve('/1/2/', urlconf);
    expect({ ...match.kwargs }).toEqual({ a: 'outer', b: 'default', c: 3, d: 4 });
    expect({ ...match.capturedKwargs }).toEqual({ b: 2 });
    expect({ ...match.extraKwargs }).toEqual({ a: 'outer', d: 4, b: 'default', c: 3 });
  });

  it('names what it found', () => {
    const inner = { appName: 'polls', urlpatterns: [path('<int:pk>/', view, { name: 'detail' })] };
    const urlconf = [path('x/', include([path('polls/', include(inner, 'mine'))]))];
    const match = resolve('/x/polls/5/', urlconf);
    expect(match).toMatchObject({
      appName: 'polls',
      appNames: ['polls'],
      namespace: 'mine',
      namespaces: ['mine'],
      urlName: 'detail',
      viewName: 'mine:detail',
      route: 'x/polls/<int:pk>/',
    });
    expect(resolve('/', [path('', view)]).viewName).toBe('view');
  });

  it('reads a final $ as the end of the path, even where alternatives would stop earlier', () => {
    const urlconf = [rePath('^(?P<one>[0-9]+)|(?P<two>[0-9]+)/$', view)];
    expect({ ...resolve('/12/', urlconf).kwargs }).toEqual({ two: '12' });
    expect({ ...resolve('/12', urlconf).kwargs }).toEqual({ one: '12' });
  });

  it.each(['/a/\n', '/a/\r', '/a', '/a//', 'a/', '', '/A/'])(
    'does not match %j (CVE-2021-44420: a newline at the end)',
    (target) => {
      expect(isValidPath(target, [path('a/', view), rePath('^a/$', view)])).toBe(false);
    },
  );

  it.each(['<int:n>', '<str:n>', '<slug:n>', '<path:n>', 'a/<int:n>/', '<str:n>-<str:m>', '<uuid:n>'])(
    'CVE-2021-44420: the newline at the end of a path is no part of %j',
    (route) => {
      const uuid = '12345678-1234-1234-1234-123456789abc';
      const target = route.replace('<uuid:n>', uuid).replace(/<\w+:\w>/g, '1');
      expect(isValidPath(`/${target}`, [path(route, view)])).not.toBe(false);
      const match = isValidPath(`/${target}\n`, [path(route, view)]);
      // Only `str` takes a newline, and then as a character of the value.
      if (match !== false) expect(Object.values(match.kwargs)).toContain('1\n');
      expect(route.includes('str')).toBe(match !== false);
    },
  );

  it('knows Unicode in patterns as Python does', () => {
    const urlconf = [rePath(String.raw`^(?P<w>\w+)-(?P<d>\d+)\Z`, view)];
    expect({ ...resolve('/Юни_é-٣1', urlconf).kwargs }).toEqual({ w: 'Юни_é', d: '٣1' });
    expect(isValidPath('/a b-1', urlconf)).toBe(false);
  });

  it('takes a RegExp as JavaScript reads it', () => {
    const urlconf = [rePath(/^articles\/(?<year>\d{4})\/(?<slug>[\w-]+)\/$/i, view, { name: 'article' })];
    expect({ ...resolve('/Articles/2003/a-b/', urlconf).kwargs }).toEqual({ year: '2003', slug: 'a-b' });
    expect(isValidPath('/articles/2003/é/', urlconf)).toBe(false);
    expect(resolve('/articles/2003/x/', urlconf).route).toBe(
      String.raw`^articles/(?P<year>\d{4})/(?P<slug>[\w-]+)/$`,
    );
  });

  it('lists what it tried, in order and through includes', () => {
    const urlconf = [
      path('a/', view, { name: 'a' }),
      path('b/', include([path('c/', view), rePath('^d/$', view)])),
      path('e/', include([path('f/', view)])),
    ];
    expect(tried(urlconf, '/b/x/')).toEqual([
      ["'a/' [name='a']"],
      ["'b/'", "'c/'"],
      ["'b/'", "'^d/$'"],
      ["'e/'"],
    ]);
    expect(tried(urlconf, 'b/x/')).toEqual([]);
    expect(resolve('/b/d/', urlconf).tried.map((way) => way.map(String))).toEqual([
      ['a/'],
      ['b/', 'c/'],
      ['b/', '^d/$'],
    ]);
  });

  it('says which path it was', () => {
    expect.assertions(2);
    try {
      resolve('/nowhere/', [path('a/', view)]);
    } catch (error) {
      expect(error).toBeInstanceOf(Resolver404);
      expect((error as Resolver404).path).toBe('nowhere/');
    }
  });

  it('sees patterns that are added to a list later', () => {
    const urlconf = [path('a/', view)];
    expect(isValidPath('/b/', urlconf)).toBe(false);
    urlconf.push(path('b/', view));
    expect(isValidPath('/b/', urlconf)).toBeTruthy();
  });

  it('uses ROOT_URLCONF, or the URLconf of the request', async () => {
    const root = { urlpatterns: [path('root/', view)] };
    await overrideSettings({ ROOT_URLCONF: root }, async () => {
      expect(resolve('/root/').func).toBe(view);
      await overrideUrlconf([path('own/', other)], async () => {
        await Promise.resolve();
        expect(resolve('/own/').func).toBe(other);
        expect(isValidPath('/root/')).toBe(false);
      });
      expect(isValidPath('/own/')).toBe(false);
    });
  });

  it('keeps one resolver a URLconf until the caches are cleared', () => {
    const urlconf = { urlpatterns: [path('a/', view)] };
    const resolver = getResolver(urlconf);
    expect(getResolver(urlconf)).toBe(resolver);
    clearUrlCaches();
    expect(getResolver(urlconf)).not.toBe(resolver);
  });

  it('finds the same among 10,000 routes as one by one', () => {
    const routes = Array.from({ length: 10_000 }, (_, i) =>
      i % 3 === 0 ? `r${i}/<int:id>/` : i % 3 === 1 ? `r${i}/edit/` : `r${i}-<slug:s>/x/`,
    );
    const urlconf = [
      path('<str:early>/first/', view),
      ...routes.map((route) => path(route, view)),
      rePath('', other),
    ];
    expect(resolve('/r9999/5/', urlconf).route).toBe('r9999/<int:id>/');
    expect(resolve('/r1/edit/', urlconf).route).toBe('r1/edit/');
    expect(resolve('/r9998-a/x/', urlconf).route).toBe('r9998-<slug:s>/x/');
    expect(resolve('/r1/first/', urlconf).route).toBe('<str:early>/first/');
    expect(resolve('/r1/nothing/', urlconf).func).toBe(other);
  });

  it('visits few of 10,000 routes that fix their first segment', () => {
    const urlconf = Array.from({ length: 10_000 }, (_, i) => path(`r${i}/<int:id>/`, view));
    const match = jest.spyOn(urlconf[5000]?.pattern.constructor.prototype as { match(): void }, 'match');
    resolve('/r9999/5/', urlconf);
    expect(match).toHaveBeenCalledTimes(1);
    match.mockRestore();
  });
});

describe('mistakes in a URLconf', () => {
  it.each<[() => unknown, string]>([
    [() => path('<bad:x>/', view), "URL route '<bad:x>/' uses invalid converter 'bad'."],
    [() => path('<int: x>/', view), "URL route '<int: x>/' cannot contain whitespace in angle brackets <…>."],
    [
      () => path('<b-c>/', view),
      "URL route '<b-c>/' uses parameter name 'b-c' which isn't a valid Python identifier.",
    ],
    [() => path('<x>/<int:x>/', view), "URL route '<x>/<int:x>/' uses parameter name 'x' more than once."],
    [() => path('x/', 'view' as never), 'view must be a callable or a list/tuple in the case of include().'],
    [() => path('x/', view, { kwargs: 1 as never }), 'kwargs argument must be an object, but got number.'],
    [
      () => path('x/', view, { extra: 1 } as never),
      "path() takes the options 'name' and 'kwargs', not 'extra'. Values for the view go into kwargs.",
    ],
    [() => resolve('/', [rePath('(', view)]), '"(" is not a valid regular expression: '],
    [
      () => resolve('/', [rePath(String.raw`\y`, view)]),
      '"\\y" is not a valid regular expression: bad escape \\y',
    ],
    [
      () => resolve('/', [rePath('a++', view)]),
      '"a++" is not a valid regular expression: possessive quantifiers are not supported',
    ],
    [
      () => resolve('/', [rePath('(?x)a', view)]),
      '"(?x)a" is not a valid regular expression: the flag \'x\' is not supported',
    ],
    [
      () => resolve('/', [rePath('(?P<a>.)(?P<a>.)', view)]),
      '"(?P<a>.)(?P<a>.)" is not a valid regular expression: redefinition of group name \'a\'',
    ],
    [() => rePath(/x/g, view), "The pattern /x/g of rePath() has the flags 'g'; it may have i, s, u and v."],
    [
      () => include([path('x/', view)], 'ns'),
      'Specifying a namespace in include() without providing an app_name is not supported. Set the app_name ' +
        'attribute in the included module, or pass a 2-tuple containing the list of patterns and app_name instead.',
    ],
    [
      () => include([[path('x/', view)], 'app', 'ns'] as never),
      'Passing a 3-tuple to include() is not supported. Pass a 2-tuple containing the list of patterns and ' +
        'app_name, and provide the namespace argument to include() instead.',
    ],
    [
      () => resolve('/', { urlpatterns: undefined } as never),
      "The included URLconf 'a module' does not appear to have any patterns in it.",
    ],
  ])('%#: is told', (make, message) => {
    expect(make).toThrow(message);
  });
});
