/**
 * Replaying facts whose surroundings were not recorded.
 *
 * The vectors of filters and utilities come from the runs of many tests, and do not say which language, time zone or
 * separators were active. So each is replayed under Django's defaults, and where that gives something else under
 * each of the settings that such tests use, until one reproduces it to the byte.
 */
import { overrideSettings, type Settings, settings } from 'tsango/conf';
import { override, registerCatalog } from 'tsango/utils/translation';
import { decode, encode } from './vector_values';
import { reportArea, type Vector, vectors } from './vectors';

/** A surrounding that a fact may have been recorded in. */
interface Surrounding {
  readonly language?: string;
  readonly settings?: Partial<Settings>;
}

const SURROUNDINGS: readonly Surrounding[] = [
  {},
  { settings: { TIME_ZONE: 'Europe/Copenhagen' } },
  { settings: { TIME_ZONE: 'UTC' } },
  { settings: { TIME_ZONE: 'Africa/Nairobi' } },
  { settings: { TIME_ZONE: 'Asia/Bangkok' } },
  ...['de', 'fr', 'ca', 'es', 'pl', 'nl', 'ru', 'sl', 'cs', 'pt-br', 'ar', 'hi', 'en-gb'].map((language) => ({
    language,
  })),
  {
    settings: { USE_THOUSAND_SEPARATOR: true, NUMBER_GROUPING: 3, THOUSAND_SEPARATOR: '!' },
    language: 'none',
  },
  { settings: { USE_THOUSAND_SEPARATOR: true } },
  { settings: { USE_THOUSAND_SEPARATOR: true }, language: 'de' },
];

/** The words of the German catalog that such facts show. */
const GERMAN = {
  messages: new Map<string, string | readonly string[]>([
    ['%(size)d byte', ['%(size)d Byte', '%(size)d Bytes']],
    ['yes,no,maybe', 'Ja,Nein,Vielleicht'],
    ['or', 'oder'],
  ]),
};

function outcome(body: () => unknown): Vector {
  try {
    return { result: encode(body()) };
  } catch (error) {
    const { name, message } = error as Error;
    return { error: name, message };
  }
}

function under(surrounding: Surrounding, body: () => unknown): Vector {
  const before = { ...settings };
  Object.assign(settings, surrounding.settings);
  const restore = surrounding.settings === undefined ? null : overrideSettings(surrounding.settings);
  try {
    const { language } = surrounding;
    return language === undefined ? outcome(body) : override(language, () => outcome(body));
  } finally {
    if (restore !== null) void restore();
    Object.assign(settings, before);
  }
}

/** What has to be equal: the result, or the error and its message. */
function expectation({ result, error, message }: Vector): string {
  return JSON.stringify(error === undefined ? { result } : { error, message });
}

/**
 * Replays a file of facts as one test, and prints how many hold.
 *
 * @param call what the fact's inputs give.
 * @param excused facts that cannot hold in JavaScript: their inputs as JSON, and why.
 */
export function replay(
  area: string,
  call: (vector: Vector) => unknown,
  excused: Readonly<Record<string, string>> = {},
): void {
  it(`replays what Django did (${area})`, () => {
    const forget = registerCatalog('de', GERMAN);
    const facts = vectors(area);
    const failures: string[] = [];
    let passed = 0;
    for (const fact of facts) {
      const wanted = expectation(fact);
      const { result: _result, error: _error, message: _message, ...inputs } = fact;
      const first = expectation(under({}, () => call(fact)));
      const holds =
        first === wanted ||
        SURROUNDINGS.some((surrounding) => expectation(under(surrounding, () => call(fact))) === wanted);
      if (holds) passed += 1;
      else if (!(JSON.stringify(inputs) in excused)) {
        failures.push(`${JSON.stringify(inputs)}\n  Django: ${wanted}\n  here:   ${first}`);
      }
    }
    forget();
    reportArea(area, passed, facts.length);
    expect(failures).toEqual([]);
    expect(Object.keys(excused).length).toBeLessThan(Math.max(1, facts.length / 100));
  });
}

/** A fact's arguments. */
export function argumentsOf(vector: Vector): { args: unknown[]; kwargs: Record<string, unknown> } {
  return {
    args: decode(vector['args'] ?? []) as unknown[],
    kwargs: decode(vector['kwargs'] ?? {}) as Record<string, unknown>,
  };
}
