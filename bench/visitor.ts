/** A visitor of the soak: pages, a login, pages that are not there, and a new session now and then. */
import http from 'node:http';
import { ask, EXPECTED } from './checks';

/** How many requests of each kind were answered rightly. */
export type Counts = Record<string, number>;

interface Step {
  path: string;
  status: number;
  right: (body: string) => boolean;
  /** How many of a hundred requests are this one. */
  share: number;
}

const FIRST: Step = { path: '/set', status: 200, right: EXPECTED.set, share: 10 };

const STEPS: readonly Step[] = [
  FIRST,
  { path: '/get', status: 200, right: EXPECTED.get, share: 35 },
  { path: '/page', status: 200, right: EXPECTED.page, share: 25 },
  { path: '/plain', status: 200, right: EXPECTED.plain, share: 20 },
  { path: '/nothing-here', status: 404, right: (body) => body.includes('Not Found'), share: 5 },
  { path: '/login', status: 200, right: (body) => body === 'logged in', share: 5 },
];

function choose(): Step {
  let left = Math.random() * 100;
  for (const step of STEPS) {
    left -= step.share;
    if (left < 0) return step;
  }
  return FIRST;
}

/** The share of the visits to `/set` that come without a cookie, and so leave a session behind. */
const NEW_VISITOR = 0.5;

/**
 * Visits until `goesOn` says no. The cookie is kept as a browser keeps it, so after a login the old key is not sent
 * again; an answer that is wrong, or does not come, is an error.
 */
export async function visit(
  url: string,
  goesOn: () => boolean,
  counts: Counts,
  errors: string[],
): Promise<void> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  let cookie = '';
  try {
    while (goesOn()) {
      const { path, status, right } = cookie ? choose() : FIRST;
      if (path === '/set' && Math.random() < NEW_VISITOR) cookie = '';
      try {
        const answer = await ask(agent, url + path, cookie);
        if (answer.status !== status || !right(answer.body)) {
          errors.push(`${path} answered ${answer.status}: ${answer.body.slice(0, 200)}`);
        } else {
          counts[path] = (counts[path] ?? 0) + 1;
        }
        const changed = /sessionid=[^;]+/.exec(answer.cookie)?.[0];
        if (changed) cookie = changed;
      } catch (error) {
        errors.push(`${path}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  } finally {
    agent.destroy();
  }
}
