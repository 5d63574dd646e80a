/** Somebody with one set of cookies at two sites, who sends the forms that their pages have. */
import { decodeHTML } from 'entities';

export interface Page {
  readonly status: number;
  readonly location: string | null;
  readonly html: string;
}

/** What a form would send, by name. */
export type FormData = Record<string, string | string[]>;

const ATTRIBUTE = /([\w-]+)(?:="([^"]*)")?/g;

function attributesOf(tag: string): Record<string, string> {
  return Object.fromEntries(
    [...tag.replace(/^<\w+/, '').matchAll(ATTRIBUTE)].map(([, name = '', value]) => [
      name,
      decodeHTML(value ?? ''),
    ]),
  );
}

/** What the form of a page would send: the one with an id, without what begins with an underscore (buttons). */
export function formOf(html: string, id: string): FormData {
  const form = new RegExp(`<form[^>]*id="${id}"[\\s\\S]*?</form>`).exec(html)?.[0];
  if (form === undefined) throw new Error(`There is no form '${id}' in ${html}`);
  const data: FormData = {};
  const controls = /<input[^>]*>|<textarea[^>]*>([\s\S]*?)<\/textarea>|<select[^>]*>([\s\S]*?)<\/select>/g;
  for (const [tag, text, options] of form.matchAll(controls)) {
    const attributes = attributesOf(/^<[^>]*>/.exec(tag)?.[0] ?? '');
    const { name = '', type, value = '' } = attributes;
    if (name === '' || name.startsWith('_') || ['submit', 'file'].includes(type ?? '')) continue;
    if (options !== undefined) {
      const chosen = [...options.matchAll(/<option[^>]*>/g)]
        .map(([option]) => attributesOf(option))
        .filter((option) => 'selected' in option)
        .map((option) => option['value'] ?? '');
      data[name] = 'multiple' in attributes ? chosen : (chosen[0] ?? '');
    } else if (text !== undefined) data[name] = decodeHTML(text.replace(/^\r?\n/, ''));
    else if (type === 'checkbox') {
      if ('checked' in attributes) data[name] = value || 'on';
    } else data[name] = value;
  }
  return data;
}

export class Visitor {
  private readonly cookies = new Map<string, string>();

  async send(url: string, form?: FormData): Promise<Page> {
    const headers = { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
    const body =
      form &&
      new URLSearchParams(
        Object.entries(form).flatMap(([name, value]) =>
          [value].flat().map((each) => [name, each] as [string, string]),
        ),
      );
    const response = await fetch(url, {
      redirect: 'manual',
      headers,
      ...(body && { method: 'POST', body }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '' || value === '""') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return {
      status: response.status,
      location: response.headers.get('location'),
      html: await response.text(),
    };
  }

  /** Opens a page, and sends the form in it with some of its values changed. */
  async submit(url: string, id: string, changes: FormData): Promise<Page> {
    const { html } = await this.send(url);
    return this.send(url, { ...formOf(html, id), ...changes });
  }
}
