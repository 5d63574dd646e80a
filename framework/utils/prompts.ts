/** Questions to whoever sits at a terminal. */
import { createInterface, type Interface } from 'node:readline';
import type { ReadStream } from 'node:tty';

/** Where questions are asked, and answers come from. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream;
  readonly output: { write(text: string): unknown };
}

/** The input has come to its end. */
export class NobodyAnswers extends Error {
  constructor() {
    super('There is nobody to answer: use --no-input.');
    this.name = new.target.name;
  }
}

/** Asks line by line. The lines that come are kept between questions, for several may come at once. */
export class Prompt {
  private reader: Interface | undefined;
  private typed: AsyncIterator<string> | undefined;

  constructor(private readonly terminal: Terminal = { input: process.stdin, output: process.stdout }) {}

  /** What is typed after a text. @throws NobodyAnswers at the end of the input. */
  async ask(text: string): Promise<string> {
    this.terminal.output.write(text);
    if (this.typed === undefined) {
      this.reader = createInterface({ input: this.terminal.input });
      this.typed = this.reader[Symbol.asyncIterator]();
    }
    const line = await this.typed.next();
    if (line.done) throw new NobodyAnswers();
    return line.value;
  }

  /** The same, and what is typed is not shown. Where the input is no terminal it is read like any other line. */
  async askSecretly(text: string): Promise<string> {
    const input = this.terminal.input as Partial<ReadStream> & NodeJS.ReadableStream;
    if (!input.isTTY || input.setRawMode === undefined) return this.ask(text);
    // A terminal that does not show what is typed does not edit it, and knows no Ctrl+C, either.
    const interrupt = (chunk: unknown): void => {
      if (!String(chunk).includes('\x03')) return;
      input.setRawMode?.(false);
      process.kill(process.pid, 'SIGINT');
    };
    input.setRawMode(true);
    input.on('data', interrupt);
    try {
      return withoutErased(await this.ask(text));
    } finally {
      input.off('data', interrupt);
      input.setRawMode(false);
      this.terminal.output.write('\n');
    }
  }

  /** Whether the answer is yes; nothing typed is no. */
  async confirm(question: string): Promise<boolean> {
    for (let text = `${question} `; ; text = 'Please answer yes or no: ') {
      const answer = (await this.ask(text)).trim().toLowerCase();
      if (answer === '') return false;
      if (/^[yn]/.test(answer)) return answer.startsWith('y');
    }
  }

  /** The number of the choice, from 1. */
  async choose(question: string, choices: readonly string[]): Promise<number> {
    const list = choices.map((choice, at) => ` ${at + 1}) ${choice}\n`).join('');
    for (let text = `${question}\n${list}Select an option: `; ; text = 'Please select a valid option: ') {
      const answer = Number((await this.ask(text)).trim());
      if (Number.isInteger(answer) && answer >= 1 && answer <= choices.length) return answer;
    }
  }

  write(text: string): void {
    this.terminal.output.write(`${text}\n`);
  }

  /** Nothing will be asked any more. */
  close(): void {
    this.reader?.close();
  }
}

/** What is left of a line when its backspaces were done. */
function withoutErased(line: string): string {
  const letters: string[] = [];
  for (const letter of line) {
    if (letter === '\x7f' || letter === '\b') letters.pop();
    else letters.push(letter);
  }
  return letters.join('');
}
