/** URLconfs out of the reference vectors: rows of `urlconfs`, and the one that only their results show. */
import { HttpResponse } from 'tsango/http/response';
import { include, path, rePath, type UrlconfModule, type UrlEntry } from 'tsango/urls';
import { vectors } from './vectors';

interface PatternRow {
  route?: string;
  regex?: string;
  name?: string | null;
  defaults: Record<string, unknown>;
  children?: PatternRow[];
  namespace?: string | null;
  app_name?: string | null;
}

interface UrlconfRow {
  urlconf: string;
  patterns: PatternRow[];
}

function view() {
  return new HttpResponse('');
}

function build(rows: readonly PatternRow[]): UrlEntry[] {
  return rows.map(({ route, regex, name, defaults, children, namespace, app_name }) => {
    const options = {
      ...(name ? { name } : {}),
      ...(Object.keys(defaults).length > 0 ? { kwargs: defaults } : {}),
    };
    if (children) {
      const patterns = build(children);
      const included = app_name ? include([patterns, app_name], namespace ?? undefined) : include(patterns);
      return route === undefined ? rePath(regex ?? '', included, options) : path(route, included, options);
    }
    return route === undefined ? rePath(regex ?? '', view, options) : path(route, view, options);
  });
}

/** A row of `urlconfs`, as a URLconf. */
export function buildUrlconf(row: UrlconfRow): UrlconfModule {
  return { urlpatterns: build(row.patterns) };
}

/** Every URLconf of the vectors by its name. */
export function vectorUrlconfs(): Map<string, UrlconfModule> {
  const rows = vectors<UrlconfRow>('urlconfs').map((row) => [row.urlconf, buildUrlconf(row)] as const);
  return new Map([['urlpatterns_reverse.urls', reverseUrlconf()], ...rows]);
}

/**
 * The URLconf `urlpatterns_reverse.urls`: the vectors record what it answers, and in their messages the patterns.
 */
function reverseUrlconf(): UrlconfModule {
  const named = (regex: string, name: string, kwargs?: Record<string, unknown>) =>
    rePath(regex, view, kwargs ? { name, kwargs } : { name });
  const other = [named('non_path_include/$', 'non_path_include'), rePath('nested_path/$', view)];
  const extra: UrlEntry[] = [
    named('^e-places/([0-9]+)/$', 'extra-places'),
    named(String.raw`^e-people/(?P<name>\w+)/$`, 'extra-people'),
  ];
  const part = [
    named(String.raw`^part/(?P<value>\w+)/$`, 'part'),
    named(String.raw`^part2/(?:(?P<value>\w+)/)?$`, 'part2'),
  ];
  extra.push(path('', include(part)), rePath(String.raw`^prefix/(?P<prefix>\w+)/`, include(part)));
  const inner = [
    path('', view, { name: 'inner-nothing' }),
    named(String.raw`^extra/(?P<extra>\w+)/$`, 'inner-extra'),
    named('^(?P<one>[0-9]+)|(?P<two>[0-9]+)/$', 'inner-disjunction'),
  ];
  const urlpatterns: UrlEntry[] = [
    named('^places/([0-9]+)/$', 'places'),
    named('^places?/$', 'places?'),
    named('^places+/$', 'places+'),
    named('^places*/$', 'places*'),
    named('^(?:places/)?$', 'places2?'),
    named('^(?:places/)+$', 'places2+'),
    named('^(?:places/)*$', 'places2*'),
    named('^places/([0-9]+|[a-z_]+)/', 'places3'),
    named('^places/(?P<id>[0-9]+)/$', 'places4'),
    named(String.raw`^people/(?P<name>\w+)/$`, 'people'),
    named('^people/(?:name/)$', 'people2'),
    named(String.raw`^people/(?:name/(\w+)/)?$`, 'people2a'),
    named(String.raw`^people/(?P<name>\w+)-(?P=name)/$`, 'people_backref'),
    named('^optional/(?P<name>.*)/(?:.+/)?', 'optional'),
    named(String.raw`^optional/(?P<arg1>\d+)/(?:(?P<arg2>\d+)/)?`, 'named_optional'),
    named(String.raw`^optional/(?P<arg1>\d+)/(?:(?P<arg2>\d+)/)?$`, 'named_optional_terminated'),
    named(String.raw`^nested/noncapture/(?:(?P<p>\w+))$`, 'nested-noncapture'),
    named(String.raw`^nested/capture/((\w+)/)?$`, 'nested-capture'),
    named(String.raw`^nested/capture/mixed/((?P<p>\w+))$`, 'nested-mixedcapture'),
    named(String.raw`^nested/capture/named/(?P<outer>(?P<inner>\w+)/)?$`, 'nested-namedcapture'),
    named('^hardcoded/$', 'hardcoded'),
    named(String.raw`^hardcoded/doc\.pdf$`, 'hardcoded2'),
    named(String.raw`^people/(?P<state>\w\w)/(?P<name>\w+)/$`, 'people3'),
    named(String.raw`^people/(?P<state>\w\w)/(?P<name>[0-9])/$`, 'people4'),
    named(String.raw`^people/((?P<state>\w\w)/test)?/(\w+)/$`, 'people6'),
    named('^character_set/[abcdef0-9]/$', 'range'),
    named(String.raw`^character_set/[\w]/$`, 'range2'),
    named(String.raw`^price/\$([0-9]+)/$`, 'price'),
    named('^price/[$]([0-9]+)/$', 'price2'),
    named(String.raw`^price/[\$]([0-9]+)/$`, 'price3'),
    named(String.raw`^product/(?P<product>\w+)\+\(\$(?P<price>[0-9]+(\.[0-9]+)?)\)/$`, 'product'),
    named(String.raw`^headlines/(?P<year>[0-9]+)\.(?P<month>[0-9]+)\.(?P<day>[0-9]+)/$`, 'headlines'),
    named(String.raw`^windows_path/(?P<drive_name>[A-Z]):\\(?P<path>.+)/$`, 'windows'),
    named('^special_chars/(?P<chars>.+)/$', 'special'),
    named(String.raw`^resolved/(?P<arg>\d+)/$`, 'resolved', { extra: true }),
    named(String.raw`^resolved-overridden/(?P<arg>\d+)/(?P<overridden>\w+)/$`, 'resolved-overridden', {
      extra: true,
      overridden: 'default',
    }),
    named('^(?P<name>.+)/[0-9]+/$', 'mixed'),
    named('^repeats/a{1,2}/$', 'repeats'),
    named('^repeats/a{2,4}/$', 'repeats2'),
    named('^repeats/a{2}/$', 'repeats3'),
    named('^test/1/?', 'test'),
    rePath('^outer/(?P<outer>[0-9]+)/', include(inner)),
    rePath('^outer-no-kwargs/([0-9]+)/', include([named('^inner-no-kwargs/([0-9]+)/$', 'inner-no-kwargs')])),
    rePath('', include(extra)),
    named('^lookahead-/(?!not-a-city)(?P<city>[^/]+)/$', 'lookahead-negative'),
    named(String.raw`^lookahead\+/(?=a-city)(?P<city>[^/]+)/$`, 'lookahead-positive'),
    named('^lookbehind-/(?P<city>[^/]+)(?<!not-a-city)/$', 'lookbehind-negative'),
    named(String.raw`^lookbehind\+/(?P<city>[^/]+)(?<=a-city)/$`, 'lookbehind-positive'),
    path('partial/', view, { name: 'partial' }),
    path('partial_nested/', view, { name: 'partial_nested' }),
    path('partial_wrapped/', view, { name: 'partial_wrapped' }),
    named(String.raw`^(?:foo|bar)(\w+)/$`, 'disjunction'),
    path('absolute_arg_view/', view),
    named('^defaults_view1/(?P<arg1>[0-9]+)/$', 'defaults', { arg2: 1 }),
    named('^defaults_view2/(?P<arg1>[0-9]+)/$', 'defaults', { arg2: 2 }),
    path('includes/', include(other)),
    named('(.+)/security/$', 'security'),
  ];
  return { urlpatterns };
}
