/** That a server does the work: right answers, and sessions to load it with. */
import http from 'node:http';
import type { Endpoint } from './servers';

const PAGE_ITEMS = ['name: amrit panta', 'age: 25', 'city: Kathmandu', 'theme: dark &lt;&amp;&gt; bold'];
const VISITS = /<li>visits: \d+<\/li>/;

/** Whether a body is what the endpoint has to answer. */
export const EXPECTED: Readonly<Record<Endpoint, (body: string) => boolean>> = {
  plain: (body) => body === 'Hello, world',
  get: (body) => body === 'data is amrit panta',
  set: (body) => body === 'set successfully',
  page: (body) =>
    body.startsWith('<!DOCTYPE html>') &&
    PAGE_ITEMS.every((item) => body.includes(`<li>${item}</li>`)) &&
    VISITS.test(body),
};

/** An answer. */
export interface Answer {
  status: number;
  body: string;
  /** The Cookie header that a browser would send from now on; empty if no cookie was set. */
  cookie: string;
}

/** Asks a server, over a connection of `agent`. */
export function ask(agent: http.Agent, url: string, cookie = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { agent, headers: cookie ? { cookie } : {} }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.once('error', reject);
      response.once('end', () => {
        const cookies = (response.headers['set-cookie'] ?? []).map((line) => line.split(';', 1)[0]);
        resolve({ status: response.statusCode ?? 0, body, cookie: cookies.join('; ') });
      });
    });
    request.once('error', reject);
  });
}

async function expectRight(
  agent: http.Agent,
  url: string,
  endpoint: Endpoint,
  cookie: string,
): Promise<Answer> {
  const answer = await ask(agent, `${url}/${endpoint}`, cookie);
  if (answer.status !== 200 || !EXPECTED[endpoint](answer.body)) {
    throw new Error(`${url}/${endpoint} answered ${answer.status}: ${answer.body.slice(0, 300)}`);
  }
  return answer;
}

/** Makes so many sessions; returns their Cookie headers. */
export async function makeSessions(url: string, count: number, concurrent = 16): Promise<string[]> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: concurrent });
  const cookies: string[] = [];
  const maker = async (): Promise<void> => {
    for (let left = Math.ceil(count / concurrent); left > 0; left--) {
      const { cookie } = await expectRight(agent, url, 'set', '');
      if (!cookie) throw new Error(`${url}/set sent no cookie`);
      cookies.push(cookie);
    }
  };
  try {
    await Promise.all(Array.from({ length: concurrent }, maker));
  } finally {
    agent.destroy();
  }
  return cookies.slice(0, count);
}

/**
 * Checks every answer of a server, and that two sessions are two: the pages of the first and the last differ.
 *
 * @throws Error with the answer that is wrong.
 */
export async function checkAnswers(
  url: string,
  endpoints: readonly Endpoint[],
  cookies: readonly string[],
): Promise<void> {
  const agent = new http.Agent({ keepAlive: true });
  try {
    const ends = [cookies[0] ?? '', cookies.at(-1) ?? ''];
    for (const endpoint of endpoints) {
      if (endpoint === 'plain' || endpoint === 'set') {
        const { cookie } = await expectRight(agent, url, endpoint, '');
        if (endpoint === 'set' && !cookie) throw new Error(`${url}/set sent no cookie`);
        continue;
      }
      const answers = [];
      for (const cookie of ends) answers.push(await expectRight(agent, url, endpoint, cookie));
      if (endpoint === 'page' && answers[0]?.body === answers[1]?.body) {
        throw new Error(`${url}/page shows the same for two sessions:\n${answers[0]?.body}`);
      }
    }
  } finally {
    agent.destroy();
  }
}
