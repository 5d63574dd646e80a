/**
 * What forms cost beside a real Django, zod (validation alone) and pages that somebody wrote by hand in EJS and nunjucks
 * (rendering alone). Microseconds of processor time, rounds that take turns, medians; answers are compared before.
 *
 * npx ts-node bench/forms/run.ts [--rounds N] [--seconds N]
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { median } from '../statistics';

import {
  LineFormSet,
  linesData,
  linesText,
  SelectForm,
  TwentyForm,
  valid,
  validData,
  validText,
  wrong,
  wrongData,
  wrongText,
} from './forms';
import { pages } from './pages';
import { twentySchema } from './zod_peer';

const OPS = ['valid', 'wrong', 'render', 'select', 'formset', 'formset render'] as const;
type Op = (typeof OPS)[number];
type Run = () => string | Promise<string>;

async function validated(data: typeof validData): Promise<string> {
  return String(await new TwentyForm({ data }).isValid());
}

async function errors(data: typeof validData): Promise<string> {
  const form = new TwentyForm({ data });
  await form.isValid();
  return form.errors.asJson();
}

function peers(): Record<string, Partial<Record<Op, Run>>> {
  const [ejs, nunjucks] = [pages('EJS'), pages('nunjucks')];
  const schema = twentySchema();
  const issues = (values: Readonly<Record<string, string>>): string => {
    const { success, error } = schema.safeParse(values);
    return success ? 'true' : `${new Set(error.issues.map((issue) => issue.path[0])).size} fields`;
  };
  return {
    tsango: {
      valid: () => validated(validData),
      wrong: () => validated(wrongData),
      render: () => String(new TwentyForm({ data: validData })),
      select: () => String(new SelectForm()),
      formset: async () => ((await new LineFormSet({ data: linesData }).isValid()) ? 'true' : 'false'),
      'formset render': () => String(new LineFormSet({ data: linesData })),
    },
    zod: { valid: () => issues(valid), wrong: () => issues(wrong) },
    EJS: { render: ejs.twenty, select: ejs.select },
    nunjucks: { render: nunjucks.twenty, select: nunjucks.select },
  };
}

async function measure(run: Run, seconds: number): Promise<number> {
  const limit = seconds * 1e6;
  const start = process.cpuUsage();
  let [count, used] = [0, 0];
  while (used < limit) {
    for (let i = 0; i < 20; i++) {
      const text = run();
      // A concatenated string is not laid out in memory until somebody reads it, as the socket would.
      Buffer.from(typeof text === 'string' ? text : await text, 'latin1');
    }
    count += 20;
    const { user, system } = process.cpuUsage(start);
    used = user + system;
  }
  return used / count;
}

/** What a real Django needs for the same. */
function django(
  seconds: number,
): Record<Op | 'valid errors' | 'wrong errors', { us: number; text: string }> | null {
  const input = JSON.stringify({ valid: validText, wrong: wrongText, lines: linesText, seconds });
  const { status, stdout, stderr } = spawnSync(
    process.env['PYTHON'] ?? '/usr/bin/python3',
    [path.join(__dirname, 'django_forms.py')],
    { input: `${input}\n`, encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  if (status === 0)
    return JSON.parse(stdout) as Record<Op | 'valid errors' | 'wrong errors', { us: number; text: string }>;
  process.stderr.write(`without Django: ${stderr.trim().split('\n').at(-1)}\n`);
  return null;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { rounds: { type: 'string', default: '5' }, seconds: { type: 'string', default: '0.3' } },
  });
  const seconds = Number(values.seconds);
  const all = peers();
  const runOf = (name: string, op: Op): Run => {
    const run = all[name]?.[op];
    if (run === undefined) throw new Error(`${name} has no ${op}`);
    return run;
  };
  const wanted = Object.fromEntries(
    await Promise.all(OPS.map(async (op) => [op, await runOf('tsango', op)()] as const)),
  ) as Record<Op, string>;
  const python = django(seconds * 2);
  const differs = (who: string, op: Op, text: string): void => {
    if (text !== wanted[op])
      throw new Error(`${who}, ${op}:\n${text.slice(0, 2000)}\n\ntsango:\n${wanted[op].slice(0, 2000)}`);
  };
  if (python !== null) for (const op of OPS) differs('Django', op, python[op].text);
  for (const [op, data] of [
    ['valid errors', validData],
    ['wrong errors', wrongData],
  ] as const) {
    const said = await errors(data);
    if (python !== null && python[op].text !== said) throw new Error(`${op}: ${python[op].text}\n${said}`);
  }
  for (const name of ['EJS', 'nunjucks']) {
    for (const op of ['render', 'select'] as const) differs(name, op, await runOf(name, op)());
  }
  differs('zod', 'valid', await runOf('zod', 'valid')());
  if ((await runOf('zod', 'wrong')()) !== '20 fields') throw new Error('zod finds other errors');

  const times = new Map<string, number[]>();
  for (let round = 0; round <= Number(values.rounds); round++) {
    for (const op of OPS) {
      for (const [name, runs] of Object.entries(all)) {
        const run = runs[op];
        if (run === undefined) continue;
        const us = await measure(run, seconds);
        if (round > 0) times.set(`${name} ${op}`, [...(times.get(`${name} ${op}`) ?? []), us]);
      }
    }
  }
  const cell = (us: number | undefined): string =>
    us === undefined ? '–' : us < 100 ? us.toPrecision(3) : Math.round(us).toLocaleString('en');
  const rows = Object.keys(all).map((name) => [
    name,
    ...OPS.map((op) => {
      const found = times.get(`${name} ${op}`);
      return cell(found && median(found));
    }),
  ]);
  if (python !== null) rows.push(['Django', ...OPS.map((op) => cell(python[op].us))]);
  const lines = [['', ...OPS], ['', ...OPS].map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`);
  process.stdout.write(
    `Microseconds of processor time, medians of ${values.rounds} rounds\n\n${lines.join('\n')}\n`,
  );
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
