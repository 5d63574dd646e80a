/** Scalars of YAML, and where lines end: what libyaml's emitter does. */
import { analyze, escapes, isBreak } from './yaml_scalars';
import { isPlainText } from './yaml_types';

/** How YAML is written. */
export interface YamlStyle {
  readonly indent?: number | undefined;
  readonly width?: number | undefined;
  /** False: everything outside ASCII is escaped. */
  readonly allowUnicode?: boolean | undefined;
  /** True: everything in brackets; null: only what has nothing in it that has parts; false: nothing that is not empty. */
  readonly flow?: boolean | null | undefined;
}

/** What a document is made of: words, quotes, signs, indentation. */
export abstract class YamlOutput {
  protected readonly bestIndent: number;
  protected readonly bestWidth: number;
  protected column = 0;
  protected indent = -1;
  protected readonly indents: number[] = [];
  protected flowLevel = 0;
  protected whitespace = true;
  protected indention = true;

  constructor(
    protected readonly out: { write(text: string): void },
    protected readonly style: YamlStyle = {},
  ) {
    const { indent = 2, width = 80 } = style;
    this.bestIndent = indent > 1 && indent < 10 ? indent : 2;
    this.bestWidth = width < 0 ? Number.POSITIVE_INFINITY : width <= this.bestIndent * 2 ? 80 : width;
  }

  // Scalars -------------------------------------------------------------------------------------------------

  protected get allowsUnicode(): boolean {
    return this.style.allowUnicode ?? true;
  }

  /** Lines that a scalar goes on in stand deeper than what it is in. */
  private deeper(write: () => void): void {
    this.increaseIndent(true, false);
    write();
    this.indent = this.indents.pop() ?? -1;
  }

  protected text(text: string, isKey: boolean): void {
    const { empty, multiline, flowPlain, blockPlain, singleQuoted } = analyze(text, this.allowsUnicode);
    const plainHere = this.flowLevel > 0 ? flowPlain : blockPlain;
    if (
      plainHere &&
      isPlainText(text) &&
      !(empty && (this.flowLevel > 0 || isKey)) &&
      !(isKey && multiline)
    ) {
      this.plain(text, isKey);
    } else if (singleQuoted && !(isKey && multiline)) this.deeper(() => this.singleQuoted(text, isKey));
    else this.deeper(() => this.doubleQuoted(text, isKey));
  }

  /** A value that is no text: in brackets a time cannot stand without quotes, and says with `!` that it is none. */
  protected word(text: string, isKey: boolean): void {
    const { flowPlain } = analyze(text, true);
    if (this.flowLevel === 0 || flowPlain) {
      this.plain(text, isKey);
      return;
    }
    this.indicator('!', true, false, false);
    this.deeper(() => this.singleQuoted(text, isKey));
  }

  private plain(text: string, isKey: boolean): void {
    if (!this.whitespace && (text !== '' || this.flowLevel > 0)) this.put(' ');
    this.deeper(() => this.folded(text, isKey));
    this.whitespace = false;
    this.indention = false;
  }

  private singleQuoted(text: string, isKey: boolean): void {
    this.indicator("'", true, false, false);
    let breaks = false;
    let spaces = false;
    const characters = [...text];
    characters.forEach((char, at) => {
      const isInner = at > 0 && at < characters.length - 1;
      if (char === ' ') {
        if (!isKey && !spaces && this.column > this.bestWidth && isInner && characters[at + 1] !== ' ') {
          this.writeIndent();
        } else this.put(char);
        spaces = true;
      } else if (isBreak(char)) {
        if (!breaks && char === '\n') this.newLine();
        this.newLine(char);
        this.indention = true;
        breaks = true;
      } else {
        if (breaks) this.writeIndent();
        this.put(char === "'" ? "''" : char);
        this.indention = false;
        spaces = false;
        breaks = false;
      }
    });
    if (breaks) this.writeIndent();
    this.indicator("'", false, false, false);
    this.whitespace = false;
    this.indention = false;
  }

  private doubleQuoted(text: string, isKey: boolean): void {
    this.indicator('"', true, false, false);
    let spaces = false;
    const characters = [...text];
    characters.forEach((char, at) => {
      if (char !== ' ') {
        this.put(escapes(char, this.allowsUnicode));
        spaces = false;
        return;
      }
      const isInner = at > 0 && at < characters.length - 1;
      if (!isKey && !spaces && this.column > this.bestWidth && isInner) {
        this.writeIndent();
        if (characters[at + 1] === ' ') this.put('\\');
      } else this.put(char);
      spaces = true;
    });
    this.indicator('"', false, false, false);
    this.whitespace = false;
    this.indention = false;
  }

  /** Writes words, with a line's end in the place of a space where the line is full. */
  private folded(text: string, isKey: boolean): void {
    if (isKey || this.column + text.length <= this.bestWidth) {
      this.put(text);
      if (text !== '') this.indention = false;
      return;
    }
    let spaces = false;
    for (let at = 0; at < text.length; at++) {
      const char = text[at] as string;
      if (char !== ' ') {
        this.put(char);
        this.indention = false;
        spaces = false;
      } else {
        if (!spaces && this.column > this.bestWidth && text[at + 1] !== ' ') this.writeIndent();
        else this.put(char);
        spaces = true;
      }
    }
  }

  // Output --------------------------------------------------------------------------------------------------

  protected put(text: string): void {
    this.out.write(text);
    this.column += text.length;
  }

  protected newLine(end = '\n'): void {
    this.out.write(end);
    this.column = 0;
  }

  protected indicator(text: string, needsSpace: boolean, isSpace: boolean, isIndention: boolean): void {
    if (needsSpace && !this.whitespace) this.put(' ');
    this.put(text);
    this.whitespace = isSpace;
    this.indention = this.indention && isIndention;
  }

  protected writeIndent(): void {
    const indent = Math.max(this.indent, 0);
    if (!this.indention || this.column > indent || (this.column === indent && !this.whitespace))
      this.newLine();
    if (this.column < indent) this.put(' '.repeat(indent - this.column));
    this.whitespace = true;
    this.indention = true;
  }

  protected increaseIndent(flow: boolean, indentless: boolean): void {
    this.indents.push(this.indent);
    if (this.indent < 0) this.indent = flow ? this.bestIndent : 0;
    else if (!indentless) this.indent += this.bestIndent;
  }
}
