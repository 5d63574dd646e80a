/** The template vectors: each is rendered through an engine that has its templates. */

import { configure, overrideSettings, resetSettings } from 'tsango/conf';
import { caches } from 'tsango/core/cache';
import { Context } from 'tsango/template/context';
import { Engine } from 'tsango/template/engine';
import { overrideUrlconf } from 'tsango/urls';
import { vectorUrlconfs } from '../support/urlconfs';
import { decode } from '../support/vector_values';
import { describeVectors, reportArea, vectors } from '../support/vectors';

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
const IMPOSSIBLE: readonly { name: string; templates: Record<string, string>; why: string }[] = [];

/** The list of libraries in this message is of the engine that was recorded; the vectors do not say which it had. */
function comparable(message: string): string {
  return message.replace(/(is not a registered tag library\. Must be one of:)[^]*/, '$1');
}

async function replay(vector: TemplateVector, urlconfs: ReturnType<typeof vectorUrlconfs>): Promise<string> {
  const { options = {} } = vector;
  const names = new Set(['cache', 'i18n', 'l10n', 'static', 'tz', ...(options.libraries ?? [])]);
  const engine = new Engine({
    loaders: [
      [
        'tsango.template.loaders.cached.Loader',
        [['tsango.template.loaders.locmem.Loader', vector.templates]],
      ],
    ],
    libraries: Object.fromEntries([...names].map((name) => [name, `tsango.templatetags.${name}`])),
    string_if_invalid: options.string_if_invalid ?? '',
    autoescape: options.autoescape ?? true,
  });
  const render = (): Promise<string> | string =>
    engine
      .getTemplate(vector.name)
      .render(
        new Context(decode(vector.context) as Record<string, unknown>, { autoescape: engine.autoescape }),
      );
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

/** What a vector came to: nothing if it holds. */
async function differenceOf(
  vector: TemplateVector,
  urlconfs: ReturnType<typeof vectorUrlconfs>,
): Promise<string | null> {
  let got: string;
  try {
    const output = await replay(vector, urlconfs);
    if (output === vector.output) return null;
    got = `printed ${JSON.stringify(output)}`;
  } catch (error) {
    const { name, message, stack } = error as Error;
    if (vector.error === name && comparable(message) === comparable(vector.message ?? '')) return null;
    got = vector.error === undefined ? `threw ${stack}` : `threw ${name}: ${message}`;
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
    for (const vector of [...cached, ...rest]) {
      const difference = await differenceOf(vector, urlconfs);
      if (difference === null) continue;
      const excused = IMPOSSIBLE.some(
        ({ name, templates }) =>
          name === vector.name && JSON.stringify(templates) === JSON.stringify(vector.templates),
      );
      if (!excused) failures.push(difference);
    }
    reportArea('templates', all.length - failures.length, all.length);
    expect(failures).toEqual([]);
  });
});
