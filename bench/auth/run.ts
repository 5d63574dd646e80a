/**
 * What it costs to know who asks, beside Express with passport, AdonisJS and Django under gunicorn: sessions and users in SQLite, one
 * server at a time on one processor, wrk on the other, rounds in turns, every answer compared before. Microseconds of processor time a
 * request: of a plain page without a cookie, of the same page for somebody who is logged in, and of one that says the user's name.
 *
 * npx ts-node bench/auth/run.ts [--rounds N] [--seconds N] [--peers tsango,express,adonis,django]
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { load, type Measurement } from '../load';
import { inFolder, listed, numberOption, prepare, runMain } from '../prepare';
import { onPath } from '../processes';
import { median } from '../statistics';
import { CONTESTANTS, PAGES, type Page, started } from './contestants';

type Measured = Record<Page, Measurement>;

/** One start of one server. @throws Error where an answer is not what it has to be. */
async function measure(name: string, folder: string, seconds: number): Promise<Measured> {
  const { server, cookies } = await started(name, folder);
  try {
    const found = {} as Measured;
    // The first load is to warm up: what comes first would pay for all.
    for (const page of Object.keys(PAGES) as Page[]) await load(server, page, [cookies], 3, folder);
    for (const page of Object.keys(PAGES) as Page[]) {
      found[page] = await load(server, page, [cookies], seconds, folder);
    }
    return found;
  } finally {
    await server.stop();
  }
}

runMain(async () => {
  const { values } = parseArgs({
    options: { rounds: { type: 'string' }, seconds: { type: 'string' }, peers: { type: 'string' } },
  });
  if (!onPath('wrk')) throw new Error("wrk is missing: it is Debian's package of that name.");
  const rounds = numberOption(values.rounds, 3);
  const seconds = numberOption(values.seconds, 4);
  const names = listed(values.peers) ?? Object.keys(CONTESTANTS);
  prepare();
  await inFolder([], async (folder) => {
    const all = new Map<string, Measured[]>(names.map((name) => [name, []]));
    for (let round = 0; round < rounds; round++) {
      for (const name of names)
        all.get(name)?.push(await measure(name, path.join(folder, `${name}-${round}`), seconds));
      process.stderr.write(`round ${round + 1} of ${rounds}\n`);
    }
    const middle = (name: string, page: Page, kind: 'cpu' | 'rps'): number =>
      median((all.get(name) ?? []).map((each) => each[page][kind]));
    process.stdout.write(
      `Microseconds of processor time a request, medians of ${rounds} rounds; who: with requests a second, by the clock\n\n` +
        '| | plain | plain, logged in | who | to know who | who, a second |\n| --- | --- | --- | --- | --- | --- |\n',
    );
    for (const name of names) {
      const [plain, present, who] = [
        middle(name, 'plain', 'cpu'),
        middle(name, 'present', 'cpu'),
        middle(name, 'who', 'cpu'),
      ];
      const cells = [plain, present, who, who - plain, middle(name, 'who', 'rps')];
      process.stdout.write(`| ${[name, ...cells.map((figure) => figure.toFixed(0))].join(' | ')} |\n`);
    }
  });
});
