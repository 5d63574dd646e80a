/** The template vectors: each is rendered through an engine that has its templates. */

import { configure, overrideSettings, resetSettings } from 'tsango/conf';
import { caches } from 'tsango/core/cache';
import { isPlainObject } from 'tsango/python';
import { ZonedDateTime } from 'tsango/python/datetime';
import { Context } from 'tsango/template/context';
import { Engine } from 'tsango/template/engine';
import { overrideUrlconf } from 'tsango/urls';
import { getFixedTimezone } from 'tsango/utils/timezone';
import { vectorUrlconfs } from '../support/urlconfs';
import { WORLDS, type World } from '../support/vector_templates';
import { decode } from '../support/vector_values';
import { describeVectors, reportArea, vectors } from '../support/vectors';

type Urlconfs = ReturnType<typeof vectorUrlconfs>;

interface TemplateVector {
  templates: Record<string, string>;
  name: string;
  context: Record<string, unknown>;
  options?: {
    string_if_invalid?: string;
    autoescape?: boolean;
    libraries?: string[];
    urlconf?: string;
    use_tz?: string | boolean;
  };
  output?: string;
  error?: string;
  message?: string;
}

/** Vectors that cannot hold here: the name of the template, what it prints, and why. */
const IMPOSSIBLE: readonly { name: string; templates: Record<string, string>; why: string }[] = [
  {
    name: '__main__',
    templates: { __main__: '{{ s }}' },
    why: 'The value was an object with its own HTML; what is recorded is the plain text that it printed.',
  },
  {
    name: '__main__',
    templates: { __main__: '{% include "27584_child.html" %}\n' },
    why: 'The included template, and the tag in it that fails, were not recorded.',
  },
  {
    name: '__main__',
    templates: { __main__: "{% extends 'base.html' %}{% block base %}{{ block.super }}2{% endblock %}" },
    why: 'The parent template was not recorded, and its output does not show its blocks.',
  },
];

/** The list of libraries in this message is of the engine that was recorded; the vectors do not say which it had. */
function comparable(message: string): string {
  return message.replace(/(is not a registered tag library\. Must be one of:).*/s, '$1');
}

/** Django's template tests make the zones of their times with `get_fixed_timezone()`, which names them by offset. */
function withFixedZones(value: unknown): unknown {
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) value[i] = withFixedZones(item);
  } else if (value instanceof ZonedDateTime) {
    return value.offset === 0
      ? value
      : new ZonedDateTime(value, getFixedTimezone(value.offset / 60), value.offset);
  } else if (isPlainObject(value)) {
    for (const key of Object.keys(value)) value[key] = withFixedZones(value[key]);
  }
  return value;
}

async function replay(
  vector: TemplateVector,
  urlconfs: Urlconfs,
  { layers }: World,
  name: string,
): Promise<string> {
  const { options = {} } = vector;
  const libraries = new Set(['cache', 'i18n', 'l10n', 'static', 'tz', ...(options.libraries ?? [])]);
  const source = vector.templates[vector.name] as string;
  const [first, ...others] = layers;
  const stores = [{ ...first, ...vector.templates, [name]: source }, ...others];
  const engine = new Engine({
    loaders: [
      [
        'tsango.template.loaders.cached.Loader',
        stores.map((store) => ['tsango.template.loaders.locmem.Loader', store]),
      ],
    ],
    libraries: Object.fromEntries(
      [...libraries].map((library) => [library, `tsango.templatetags.${library}`]),
    ),
    string_if_invalid: options.string_if_invalid ?? '',
    autoescape: options.autoescape ?? true,
  });
  const render = (): Promise<string> | string => {
    const values = withFixedZones(decode(vector.context)) as Record<string, unknown>;
    return engine.getTemplate(name).render(new Context(values, { autoescape: engine.autoescape }));
  };
  const zone = options.use_tz;
  const within =
    zone === undefined || zone === false
      ? render
      : () =>
          overrideSettings(
            { USE_TZ: true, ...(typeof zone === 'string' ? { TIME_ZONE: zone } : {}) },
            render,
          );
  const { urlconf } = options;
  if (urlconf === undefined) return within();
  const found = urlconfs.get(urlconf);
  if (found === undefined) throw new Error(`no URLconf ${urlconf}`);
  return overrideUrlconf(found, within);
}

/** What a vector came to among the templates of a world: nothing if it holds. */
async function outcome(
  vector: TemplateVector,
  urlconfs: Urlconfs,
  world: World,
  name: string,
): Promise<string | null> {
  try {
    const output = await replay(vector, urlconfs, world, name);
    return output === vector.output ? null : `printed ${JSON.stringify(output)}`;
  } catch (error) {
    const { name: kind, message, stack } = error as Error;
    if (vector.error === kind && comparable(message) === comparable(vector.message ?? '')) return null;
    return vector.error === undefined ? `threw ${stack}` : `threw ${kind}: ${message}`;
  }
}

async function differenceOf(vector: TemplateVector, urlconfs: Urlconfs): Promise<string | null> {
  const got = await outcome(vector, urlconfs, { layers: [{}], names: [] }, vector.name);
  if (got === null) return null;
  // A template whose companions, or whose own name, were not recorded.
  if (vector.name === '__main__' && /TemplateDoesNotExist|relative path/.test(got)) {
    for (const world of WORLDS) {
      for (const name of world.names) {
        if ((await outcome(vector, urlconfs, world, name)) === null) return null;
      }
    }
  }
  const wanted = vector.error ? `${vector.error}: ${vector.message}` : JSON.stringify(vector.output);
  return `${vector.name} ${JSON.stringify(vector.templates)} ${JSON.stringify(vector.context)}: wanted ${wanted}, ${got}`;
}

describeVectors(['templates', 'urlconfs'], 'templates', () => {
  beforeAll(() => {
    configure({
      SECRET_KEY: 'conformance',
      USE_TZ: false,
      TIME_ZONE: 'America/Chicago',
      STATIC_URL: '/static/',
      MEDIA_URL: '/media/',
      ROOT_URLCONF: 'urls',
    });
  });
  afterAll(async () => {
    await caches.closeAll();
    resetSettings();
  });

  it('renders what Django renders', async () => {
    const urlconfs = vectorUrlconfs();
    // Django's cache tests run in the order of their names and share one cache.
    const all = vectors<TemplateVector>('templates');
    const cached = all.filter(({ options }) => options?.libraries?.includes('cache'));
    cached.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    const rest = all.filter((vector) => !cached.includes(vector));
    const failures: string[] = [];
    let passed = 0;
    for (const vector of [...cached, ...rest]) {
      const difference = await differenceOf(vector, urlconfs);
      if (difference === null) {
        passed++;
        continue;
      }
      const excused = IMPOSSIBLE.some(
        ({ name, templates }) =>
          name === vector.name && JSON.stringify(templates) === JSON.stringify(vector.templates),
      );
      if (!excused) failures.push(difference);
    }
    reportArea('templates', passed, all.length);
    expect(failures).toEqual([]);
  });
});
