/** YAML as PyYAML's `SafeDumper` over libyaml writes it; the `yaml` package, which reads it, writes it otherwise. */
import { PlainDate, PlainDateTime, toDatetime } from '../../python/datetime';
import { floatRepr } from '../../python/float';
import { YamlOutput } from './yaml_output';
import { analyze } from './yaml_scalars';

/** What a node is in. */
interface Place {
  readonly inMapping: boolean;
  readonly isKey: boolean;
}

const IN_SEQUENCE: Place = { inMapping: false, isKey: false };
const VALUE: Place = { inMapping: true, isKey: false };
const KEY: Place = { inMapping: true, isKey: true };

/** A longer key does not stand on one line with its value. */
const MAX_KEY = 128;

type Entries = readonly (readonly [unknown, unknown])[];

/** The entries of an object; undefined for what is none. */
function entriesOf(value: unknown): Entries | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  if (value instanceof Map) return [...value];
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? Object.entries(value) : undefined;
}

const isCollection = (value: unknown): boolean => Array.isArray(value) || entriesOf(value) !== undefined;

/** A number as `SafeRepresenter.represent_float` writes it. */
function floatText(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  const text = floatRepr(value).toLowerCase();
  return !text.includes('.') && text.includes('e') ? text.replace('e', '.0e') : text;
}

/** A value that is no text, as it stands in a document; undefined for a text. */
function plainOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return Number.isInteger(value) ? String(BigInt(value)) : floatText(value);
  if (value instanceof Number) return floatText(value.valueOf());
  if (value instanceof Date || value instanceof PlainDateTime) return toDatetime(value).isoformat(' ');
  return value instanceof PlainDate ? value.isoformat() : undefined;
}

/** Writes one document: a list, item by item. */
export class YamlWriter extends YamlOutput {
  private itemCount = 0;

  /** Begins a list that stands in nothing. */
  beginItems(): void {
    if (this.style.flow === true) this.openFlow('[');
    else this.increaseIndent(false, false);
  }

  /** The next item of the list. */
  item(value: unknown): void {
    if (this.style.flow === true) this.flowItem(this.itemCount++ > 0, () => this.node(value, IN_SEQUENCE));
    else this.blockItem(value);
  }

  /** Ends the list. */
  endList(any: boolean): void {
    if (!any) this.indicator('[]', true, false, false);
    else if (this.style.flow === true) this.closeFlow(']');
    else this.indent = this.indents.pop() ?? -1;
    this.writeIndent();
  }

  private node(value: unknown, place: Place): void {
    const plain = plainOf(value);
    if (plain !== undefined) this.word(plain, place.isKey);
    else if (Array.isArray(value)) this.sequence(value, place);
    else {
      const entries = entriesOf(value);
      if (entries === undefined) this.text(String(value), place.isKey);
      else this.mapping(entries);
    }
  }

  private isFlow(parts: readonly unknown[]): boolean {
    const { flow = false } = this.style;
    return this.flowLevel > 0 || parts.length === 0 || (flow ?? !parts.some(isCollection));
  }

  // Collections ---------------------------------------------------------------------------------------------

  private sequence(items: readonly unknown[], { inMapping }: Place): void {
    if (this.isFlow(items)) {
      this.openFlow('[');
      items.forEach((item, at) => {
        this.flowItem(at > 0, () => this.node(item, IN_SEQUENCE));
      });
      this.closeFlow(']');
      return;
    }
    this.increaseIndent(false, inMapping && !this.indention);
    for (const item of items) this.blockItem(item);
    this.indent = this.indents.pop() ?? -1;
  }

  private blockItem(item: unknown): void {
    this.writeIndent();
    this.indicator('-', true, false, true);
    this.node(item, IN_SEQUENCE);
  }

  private mapping(entries: Entries): void {
    if (this.isFlow(entries.flat())) {
      this.openFlow('{');
      entries.forEach(([key, value], at) => {
        this.flowItem(at > 0, () => this.flowEntry(key, value));
      });
      this.closeFlow('}');
      return;
    }
    this.increaseIndent(false, false);
    for (const [key, value] of entries) {
      this.writeIndent();
      if (this.isSimpleKey(key)) {
        this.node(key, KEY);
        this.indicator(':', false, false, false);
      } else {
        this.indicator('?', true, false, true);
        this.node(key, VALUE);
        this.writeIndent();
        this.indicator(':', true, false, true);
      }
      this.node(value, VALUE);
    }
    this.indent = this.indents.pop() ?? -1;
  }

  private flowEntry(key: unknown, value: unknown): void {
    if (this.isSimpleKey(key)) {
      this.node(key, KEY);
      this.indicator(':', false, false, false);
    } else {
      this.indicator('?', true, false, false);
      this.node(key, VALUE);
      if (this.column > this.bestWidth) this.writeIndent();
      this.indicator(':', true, false, false);
    }
    this.node(value, VALUE);
  }

  private isSimpleKey(key: unknown): boolean {
    const text = plainOf(key) ?? String(key);
    return Buffer.byteLength(text) <= MAX_KEY && !analyze(text, this.allowsUnicode).multiline;
  }

  private openFlow(bracket: string): void {
    this.indicator(bracket, true, true, false);
    this.increaseIndent(true, false);
    this.flowLevel++;
  }

  private flowItem(isLater: boolean, write: () => void): void {
    if (isLater) this.indicator(',', false, false, false);
    if (this.column > this.bestWidth) this.writeIndent();
    write();
  }

  private closeFlow(bracket: string): void {
    this.flowLevel--;
    this.indent = this.indents.pop() ?? -1;
    this.indicator(bracket, false, false, false);
  }
}
