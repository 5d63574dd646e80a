/** Every code block of README and docs/, compiled and run beside the packed package; CONTRIBUTING.md says how. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { SampleFolder } from '../support/samples/folder';
import { blocksOf } from '../support/samples/markdown';
import { type Outcome, Page } from '../support/samples/page';
import { ROOT } from '../support/site';

jest.setTimeout(180_000);

const only = process.env['SAMPLES']?.split(',');
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(path.join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
].filter((name) => only === undefined || only.some((part) => name.includes(part)));

let samples: SampleFolder;
let project: string;
const outcomes = new Map<string, Outcome>();

async function samplesOf(name: string, text: string): Promise<Outcome> {
  return new Page(samples, name, text, project).do();
}

beforeAll(async () => {
  samples = new SampleFolder();
  const start = '```sh\nnpx tsango startproject mysite .\n```';
  const page = new Page(samples, 'project', start, null);
  expect((await page.do()).errors).toEqual([]);
  project = page.folder;
});

afterAll(() => {
  const all = [...outcomes.values()];
  const sum = (count: (outcome: Outcome) => number): number =>
    all.reduce((total, outcome) => total + count(outcome), 0);
  const excused = [...outcomes].flatMap(([name, { excused }]) =>
    excused.map(({ line, reason }) => `  ${name}:${line}: ${reason}`),
  );
  process.stdout.write(
    `Samples of ${all.length} pages: ${sum(({ compiled }) => compiled)} compiled, ${sum(({ run }) => run)} run, ` +
      `${excused.length} excused:\n${excused.join('\n')}\n`,
  );
  samples?.remove();
});

describe('a page that is wrong fails, by its line', () => {
  const fence = (language: string, code: string): string => `Text.\n\n\`\`\`${language}\n${code}\n\`\`\`\n`;

  it.each([
    ['a type', fence('ts', "export const a: number = 'x';"), /^wrong\.md:4: Type 'string' is not assignable/],
    ['a name that is not imported', fence('ts', 'new Client();'), /^wrong\.md:4: Cannot find name 'Client'/],
    ['a failure', fence('ts', "throw new Error('no');"), /^wrong\.md:4: Error: no/],
    ['a rejection', fence('ts', 'await Promise.reject(new Error(String(1)));'), /^wrong\.md:4: Error: 1/],
    ['a setting', fence('ts', "TIME_ZONE: 'Mars/Crater',"), /^wrong\.md:4: .*Mars\/Crater/],
    ['a template', fence('django', '{% nothing %}'), /^wrong\.md:4: TemplateSyntaxError: Invalid block tag/],
    ['a command', fence('sh', 'npx ts-node manage.ts nothing'), /^wrong\.md:4: .*nothing\nUnknown command/],
    ['what is printed', fence('console', '$ echo one\ntwo'), /^wrong\.md:4: echo one\ntwo\none/],
    ['a language', fence('toml', 'a = 1'), /^wrong\.md:4: a block of 'toml' is neither run nor says why/],
    [
      'a hidden assertion',
      `${fence('ts', 'const a = 1;')}\n<!-- sample: then\nassert.equal(a, 2);\n-->\n`,
      /^wrong\.md:4: AssertionError/,
    ],
  ])('%s', async (_, text, expected) => {
    const { errors } = await samplesOf('wrong.md', text);
    expect(errors.join('\n')).toMatch(expected);
  });

  it.each([
    ['<!-- sample: not run -->', 'line 1: `not run` needs a reason'],
    [
      '<!-- sample: skipped: because -->',
      'line 1: not a note on a sample: <!-- sample: skipped: because -->',
    ],
    ['<!-- sample: not run: because -->\ntext', 'line 2: a note on a sample stands right before its block'],
    ['<!-- sample: then\n-->', 'line 1: `then` comes after a block'],
    ['```ts\nconst a = 1;', 'line 1: this block has no end'],
  ])('%j', (text, message) => {
    expect(() => blocksOf(text)).toThrow(message);
  });
});

it.each(PAGES)('%s does as it says', async (name) => {
  const outcome = await samplesOf(name, readFileSync(path.join(ROOT, name), 'utf8'));
  outcomes.set(name, outcome);
  expect(outcome.errors.join('\n\n')).toBe('');
});
