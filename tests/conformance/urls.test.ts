import {
  clearScriptPrefix,
  NoReverseMatch,
  Resolver404,
  type ResolverMatch,
  resolve,
  reverse,
  setScriptPrefix,
} from 'tsango/urls';
import { vectorUrlconfs } from '../support/urlconfs';
import { decode } from '../support/vector_values';
import { describeVectors, reportArea, vectors } from '../support/vectors';

interface ResolveVector {
  op: 'resolve';
  urlconf: string;
  path: string;
  match?: Record<string, unknown>;
  error?: string;
}

interface ReverseVector {
  op: 'reverse';
  urlconf: string;
  viewname: string;
  args: unknown[];
  kwargs: Record<string, unknown>;
  current_app?: string;
  url?: string;
  error?: string;
  message?: string;
}

/** What the vectors record of a match. UUIDs are strings here; unnamed patterns have no recorded view name. */
function recorded(match: ResolverMatch): Record<string, unknown> {
  return {
    app_names: [...match.appNames],
    args: [...match.args],
    kwargs: { ...match.kwargs },
    namespaces: [...match.namespaces],
    route: match.route,
    url_name: match.urlName ?? null,
    view_name: match.urlName === undefined ? null : match.viewName,
  };
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, item) =>
    item !== null && typeof item === 'object' && '$uuid' in item ? item.$uuid : item,
  );
}

/** The keys of a recorded `kwargs` are sorted, those of its message are not: the order cannot be known. */
function sortedKwargs(message: string): string {
  return message.replace(/'\{.*?\}'/, (text) => text.slice(2, -2).split(', ').sort().join(', '));
}

describeVectors(['urls', 'urlconfs'], 'urls as Django has them', () => {
  const urlconfs = vectorUrlconfs();
  const facts = vectors<ResolveVector | ReverseVector>('urls');
  let passed = 0;
  afterEach(() => clearScriptPrefix());
  afterAll(() => reportArea('urls', passed, facts.length));

  it.each(facts.map((fact, i) => [i, fact.op, 'path' in fact ? fact.path : fact.viewname, fact] as const))(
    '%d: %s %s',
    (_i, _op, _what, fact) => {
      const urlconf = urlconfs.get(fact.urlconf);
      if (!urlconf) throw new Error(`The vectors have no URLconf ${fact.urlconf}`);
      if (fact.op === 'resolve') {
        if (fact.error) expect(() => resolve(fact.path, urlconf)).toThrow(Resolver404);
        else expect(recorded(resolve(fact.path, urlconf))).toEqual(plain(fact.match));
      } else {
        const options = {
          urlconf,
          args: fact.args.map(decode),
          kwargs: decode(fact.kwargs) as Record<string, unknown>,
          currentApp: fact.current_app ?? null,
        };
        if (fact.error) {
          expect(() => reverse(fact.viewname, options)).toThrow(NoReverseMatch);
          try {
            reverse(fact.viewname, options);
          } catch (error) {
            expect(sortedKwargs((error as Error).message)).toBe(sortedKwargs(fact.message ?? ''));
          }
        } else {
          let url = reverse(fact.viewname, options);
          if (url !== fact.url && fact.url?.endsWith(url)) {
            // The script prefix of the recording is not in the vector, but its URL shows it.
            setScriptPrefix(decodeURIComponent(fact.url.slice(0, -url.length)));
            url = reverse(fact.viewname, options);
          }
          expect(url).toBe(fact.url);
        }
      }
      passed += 1;
    },
  );
});
