/** Word wrapping, as Python's `textwrap` does it for Django. */
import { ValueError } from './errors';
import { splitLines, strip, textLength } from './text';

/** What separates words here: ASCII's white space only. */
const GAP = /([\t\n\v\f\r ]+)/;
const TAB_STOP = 8;

function expandTabs(line: string): string {
  if (!line.includes('\t')) return line;
  let column = 0;
  let text = '';
  for (const character of line) {
    const width = character === '\t' ? TAB_STOP - (column % TAB_STOP) : 1;
    text += character === '\t' ? ' '.repeat(width) : character;
    column += width;
  }
  return text;
}

/** One line as lines of at most `width` characters, but for words that are longer. None where it is all space. */
function wrapLine(line: string, width: number): string[] {
  const chunks = expandTabs(line)
    .split(GAP)
    .filter((chunk) => chunk !== '');
  const lines: string[] = [];
  let at = 0;
  while (at < chunks.length) {
    // A new line does not start with space; the first keeps its indentation.
    if (lines.length > 0 && strip(chunks[at] as string) === '') at += 1;
    const current: string[] = [];
    let length = 0;
    while (at < chunks.length) {
      const size = textLength(chunks[at] as string);
      if (length + size > width) {
        if (size > width && current.length === 0) current.push(chunks[at++] as string);
        break;
      }
      current.push(chunks[at++] as string);
      length += size;
    }
    if (current.length > 0 && strip(current.at(-1) as string) === '') current.pop();
    if (current.length > 0) lines.push(current.join(''));
  }
  return lines;
}

/**
 * Wraps text at a width in characters. Lines that are there stay, words longer than the width too; the space at
 * which a line breaks goes.
 *
 * @throws ValueError for a width below 1.
 */
export function wrap(text: string, width: number): string {
  const result: string[] = [];
  for (const line of splitLines(text)) {
    if (width <= 0) throw new ValueError(`invalid width ${width} (must be > 0)`);
    const wrapped = wrapLine(line, width);
    if (wrapped.length === 0) result.push(line);
    else for (const part of wrapped) result.push(part);
  }
  if (text.endsWith('\n')) result.push('');
  return result.join('\n');
}
