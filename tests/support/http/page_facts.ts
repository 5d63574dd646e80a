/**
 * What two implementations of a page must agree on even where their white space does not: title, headings, forms with their
 * controls, links, errors, messages, tables, labels. The recording's `facts.py` is the definition.
 */
import type { Json } from './facts';
import { type Listener, parseHtml, type Tag } from './html';

type Facts = Record<string, unknown[] | string>;
type Then = (text: string) => void;

/** An element that is open: what its text is for, and whether the element around it has that text, too. */
interface Open {
  readonly name: string;
  readonly done: Then | undefined;
  readonly alone: boolean;
  text: string;
}

interface Control extends Record<string, unknown> {
  options?: unknown[];
}

const words = (text: string): Set<string> => new Set(text.split(/\s+/).filter(Boolean));
const VOID = words('area base br col embed hr img input link meta source track wbr');
const CONTROLS = words('input select textarea button');
const OWN = words('type name value id checked required disabled readonly');
/** Classes whose element's text is a fact of its own. */
const BOXES: Readonly<Record<string, string>> = {
  ...{ breadcrumbs: 'breadcrumbs', paginator: 'paginator', help: 'help', helptext: 'help' },
  ...{ errornote: 'errors', readonly: 'readonly' },
};

const squeeze = (text: string): string => text.split(/\s+/).filter(Boolean).join(' ');

/** Hears of a page. */
class Page implements Listener {
  readonly facts: Facts = {
    ...{ title: '', headings: [], forms: [], controls: [], links: [], errors: [], messages: [] },
    ...{ tables: [], labels: [], boxes: [], legends: [], ids: [] },
  };
  private readonly open: Open[] = [];
  private form: Control[] | undefined;
  private readonly tables: { rows: { cells: unknown[]; class?: string }[] }[] = [];
  private select: Control | undefined;
  private readonly lists: string[] = [];

  private list(name: string): unknown[] {
    return this.facts[name] as unknown[];
  }

  /** A row of a list that ends with the element's text. */
  private row(list: string, ...row: unknown[]): Then {
    row[1] = null;
    this.list(list).push(row);
    return (text) => {
      row[1] = text;
    };
  }

  start({ name, attrs, closesItself }: Tag): void {
    if (attrs['id'] !== undefined) this.list('ids').push(attrs['id']);
    if (name === 'script' || name === 'style') {
      this.open.push({ name, done: () => undefined, alone: true, text: '' });
      return;
    }
    let alone = false;
    let done = this.element(name, attrs);
    if (CONTROLS.has(name)) [done, alone] = this.control(name, attrs);
    else if (name === 'option' && this.select !== undefined) [done, alone] = [this.option(attrs), true];
    done ??= this.box(attrs);
    if (VOID.has(name)) return;
    this.open.push({ name, done, alone, text: '' });
    if (closesItself) this.end(name);
  }

  /** What an element's text is for. */
  private element(name: string, attrs: Tag['attrs']): Then | undefined {
    const cls = attrs['class'] ? [attrs['class']] : [];
    switch (name) {
      case 'title':
        if (this.facts['title'] !== '') return undefined;
        return (text) => {
          this.facts['title'] = text;
        };
      case 'h1':
      case 'h2':
      case 'h3':
        return this.row('headings', name);
      case 'a':
        return this.row('links', attrs['href'] ?? null, null, ...cls);
      case 'label':
        return this.row('labels', attrs['for'] ?? null, null, ...cls);
      case 'legend':
        return (text) => this.list('legends').push(text);
      case 'form':
        this.openForm(attrs);
        return undefined;
      case 'optgroup':
        this.select?.options?.push({ group: attrs['label'] ?? null });
        return undefined;
      case 'ul':
        this.lists.push(attrs['class'] ?? '');
        return undefined;
      case 'li':
        return this.item(attrs);
      case 'table':
      case 'tr':
      case 'td':
      case 'th':
        return this.tablePart(name, attrs);
      default:
        return undefined;
    }
  }

  private openForm(attrs: Tag['attrs']): void {
    const { action = null, method = 'get' } = attrs;
    this.form = [];
    const more = ['id', 'enctype', 'class', 'novalidate'].filter((key) => key in attrs);
    this.list('forms').push({
      action,
      method: method.toLowerCase(),
      controls: this.form,
      ...Object.fromEntries(more.map((key) => [key, attrs[key]])),
    });
  }

  private control(name: string, attrs: Tag['attrs']): [done: Then | undefined, alone: boolean] {
    const control: Control = { tag: name };
    for (const key of ['type', 'name', 'value', 'id']) if (key in attrs) control[key] = attrs[key];
    if (name === 'button') control['type'] ??= 'submit';
    for (const key of ['checked', 'required', 'disabled', 'readonly']) if (key in attrs) control[key] = true;
    const rest = Object.entries(attrs).filter(([key]) => !OWN.has(key));
    if (rest.length > 0) control['attrs'] = Object.fromEntries(rest);
    (this.form ?? this.list('controls')).push(control);
    const keep =
      (key: string): Then =>
      (text) => {
        control[key] = text;
      };
    if (name === 'button') return [keep('text'), false];
    // HTML drops one newline right after the tag.
    if (name === 'textarea') return [(text) => keep('value')(text.replace(/^\r?\n/, '')), true];
    if (name !== 'select') return [undefined, false];
    control.options = [];
    this.select = control;
    const close = (): void => {
      this.select = undefined;
    };
    return [close, true];
  }

  private option(attrs: Tag['attrs']): Then {
    const row: unknown[] = [attrs['value'] ?? null, null, ...('selected' in attrs ? [true] : [])];
    this.select?.options?.push(row);
    return (text) => {
      row[1] = text;
    };
  }

  private item(attrs: Tag['attrs']): Then | undefined {
    const classes = words(this.lists.at(-1) ?? '');
    if (classes.has('errorlist')) return (text) => this.list('errors').push(text);
    return classes.has('messagelist') ? this.row('messages', attrs['class'] ?? '') : undefined;
  }

  private tablePart(name: string, attrs: Tag['attrs']): Then | undefined {
    const cls = attrs['class'] ?? '';
    if (name === 'table') {
      const { id = '' } = attrs;
      const table = { rows: [], ...(id && { id }), ...(cls && { class: cls }) };
      this.list('tables').push(table);
      this.tables.push(table);
      return undefined;
    }
    const rows = this.tables.at(-1)?.rows;
    if (rows === undefined) return undefined;
    if (name === 'tr' || rows.length === 0)
      rows.push({ cells: [], ...(name === 'tr' && cls && { class: cls }) });
    if (name === 'tr') return undefined;
    const cell: unknown[] = [name, cls, null];
    rows.at(-1)?.cells.push(cell);
    return (text) => {
      cell[2] = text;
    };
  }

  private box(attrs: Tag['attrs']): Then | undefined {
    const box = [...words(attrs['class'] ?? '')].map((cls) => BOXES[cls]).find((name) => name !== undefined);
    if (box === undefined) return undefined;
    return box === 'errors' ? (text) => this.list('errors').push(text) : this.row('boxes', box);
  }

  end(name: string): void {
    if (!this.open.some((each) => each.name === name)) return;
    for (let last = this.open.pop(); last !== undefined; last = this.open.pop()) {
      last.done?.(last.name === 'textarea' ? last.text : squeeze(last.text));
      const outer = this.open.at(-1);
      if (outer !== undefined && !last.alone) outer.text += last.text;
      if (last.name === 'form') this.form = undefined;
      else if (last.name === 'table') this.tables.pop();
      else if (last.name === 'ul') this.lists.pop();
      if (last.name === name) return;
    }
  }

  text(text: string): void {
    const last = this.open.at(-1);
    if (last !== undefined) last.text += text;
  }

  close(): void {
    while (this.open.length > 0) this.end((this.open.at(-1) as Open).name);
  }
}

/** The facts of a page; those that there are none of are left out. */
export function pageFacts(html: string): Json {
  const page = new Page();
  parseHtml(html, page);
  page.close();
  return Object.fromEntries(Object.entries(page.facts).filter(([, value]) => value.length > 0));
}
