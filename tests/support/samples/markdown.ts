/** The code blocks of a Markdown page, with what its comments say of them; CONTRIBUTING.md has the conventions. */

/** Code of the page itself, or of a comment: its lines, and the number of the first. */
export interface Lines {
  code: string;
  line: number;
}

/** A fenced block. */
export interface Block extends Lines {
  /** What follows the fence: `ts`, `sh`, `django`, …; empty where nothing does. */
  language: string;
  /** The file that its first line names, `// blog/views.ts` or `{# blog/page.html #}`. */
  file?: string;
  /** Why it is not run. */
  notRun?: string;
  /** Why it is not compiled either. */
  notCompiled?: string;
  /** Whether it goes on where the block before it ends. */
  continues: boolean;
  /** What a reader does in a browser before the block is what is seen: code for Playwright. */
  browser?: Lines;
  /** What a reader types where a command asks. */
  typed?: string;
  /** Whether its commands are to fail. */
  fails?: boolean;
  /** Code that is run before it, and after it, and that a reader does not see. */
  before: Lines[];
  after: Lines[];
}

const FENCE = /^( *)```(\S*)$/;
const NOTE =
  /<!-- sample: (not run|not compiled|continues|with|then|browser|typed|fails)(?:: ([^\n]*?))?( -->|\n([\s\S]*?)-->)/;
const FILE = /^(?:\/\/|#|\{#) (\S+\.\w+)(?: #\})?$/;

/** Reads a page. @throws Error for a comment that begins like one of these and is none, with its line. */
export function blocksOf(page: string): Block[] {
  const lines = page.split('\n');
  const blocks: Block[] = [];
  let pending: Partial<Block> = {};
  const refuse = (line: number, why: string): never => {
    throw new Error(`line ${line + 1}: ${why}`);
  };
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (line.trimStart().startsWith('<!-- sample:')) {
      const end = lines.findIndex((text, at) => at >= index && text.includes('-->'));
      if (end < 0) refuse(index, 'this comment has no end');
      const comment = lines.slice(index, end + 1).join('\n');
      const note = NOTE.exec(comment) ?? refuse(index, `not a note on a sample: ${comment}`);
      const code = { code: note[4] ?? '', line: index + 2 };
      if (note[1] === 'then') {
        const last = blocks.at(-1) ?? refuse(index, '`then` comes after a block');
        last.after.push(code);
      } else if (note[1] === 'with') pending.before = [...(pending.before ?? []), code];
      else if (note[1] === 'browser') pending.browser = code;
      else if (note[1] === 'fails') pending.fails = true;
      else if (note[1] === 'continues') pending.continues = true;
      else if (!note[2]) refuse(index, `\`${note[1]}\` needs a reason`);
      else if (note[1] === 'typed') pending.typed = note[2];
      else if (note[1] === 'not run') pending.notRun = note[2];
      else pending.notCompiled = note[2];
      index = end;
      continue;
    }
    const [, indent = '', language = ''] = FENCE.exec(line) ?? [undefined];
    if (!FENCE.test(line)) {
      if (line.trim() !== '' && Object.keys(pending).length > 0)
        refuse(index, 'a note on a sample stands right before its block');
      continue;
    }
    const close = lines.findIndex((text, at) => at > index && text === `${indent}\`\`\``);
    if (close < 0) refuse(index, 'this block has no end');
    const code = lines.slice(index + 1, close).map((text) => text.slice(indent.length));
    const [, file] = FILE.exec(code[0] ?? '') ?? [];
    blocks.push({
      language,
      code: code.join('\n'),
      line: index + 2,
      ...(file === undefined ? {} : { file }),
      continues: false,
      before: [],
      after: [],
      ...pending,
    });
    pending = {};
    index = close;
  }
  return blocks;
}
