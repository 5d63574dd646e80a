/** The same pages as somebody writes them by hand, in EJS and nunjucks: HTML with values in it, made from what a form shows. */
import ejs from 'ejs';
import nunjucks from 'nunjucks';
import { OPTIONS, SelectForm, TwentyForm, valid, validData } from './forms';

type Values = Readonly<Record<string, unknown>>;
export type Page = (values: Values) => string;

interface Language {
  readonly value: (name: string) => string;
  readonly when: (name: string, value: string, text: string) => string;
  readonly compile: (source: string) => Page;
  readonly options: string;
}

const LANGUAGES: Readonly<Record<string, Language>> = {
  EJS: {
    value: (name) => `<%= v.${name} %>`,
    when: (name, value, text) => `<% if (v.${name} === '${value}') { %>${text}<% } %>`,
    compile: (source) => ejs.compile(source),
    options:
      '<% for (const [value, label] of options) { %>\n  <option value="<%= value %>"<% if (value === v.choice) { %> selected<% } %>><%= label %></option>\n<% } %>',
  },
  nunjucks: {
    value: (name) => `{{ v.${name} }}`,
    when: (name, value, text) => `{% if v.${name} == '${value}' %}${text}{% endif %}`,
    compile: (source) => {
      const template = nunjucks.compile(source, new nunjucks.Environment(null, { autoescape: true }));
      return (values) => template.render(values);
    },
    options:
      '{% for value, label in options %}\n  <option value="{{ value }}"{% if value == v.choice %} selected{% endif %}>{{ label }}</option>\n{% endfor %}',
  },
};

/** The page of twenty fields, with a place for each value. */
function twentySource({ value, when }: Language): string {
  let html = String(new TwentyForm({ data: validData }));
  for (const name of Object.keys(valid)) {
    const kind = name.split('_')[0];
    const start = html.indexOf(`name="${name}"`);
    const end = html.indexOf('</div>', start);
    let part = html.slice(start, end);
    if (kind === 'color') {
      part = part.replace(/<option value="(\w+)"(?: selected)?>/g, (_all, choice: string) => {
        return `<option value="${choice}"${when(name, choice, ' selected')}>`;
      });
    } else if (kind === 'agreed') {
      part = part.replace(' checked', when(name, 'on', ' checked'));
    } else if (kind === 'notes') {
      part = part.replace(/>\n[^<]*<\/textarea>/, () => `>\n${value(name)}</textarea>`);
    } else {
      part = part.replace(/ value="[^"]*"/, () => ` value="${value(name)}"`);
    }
    html = html.slice(0, start) + part + html.slice(end);
  }
  return html;
}

function selectSource({ options }: Language): string {
  const html = String(new SelectForm());
  return html.replace(/\n {2}<option[\s\S]*<\/option>\n/, () => options);
}

export interface Pages {
  readonly twenty: () => string;
  readonly select: () => string;
}

/** What each language's pages give. */
export function pages(name: 'EJS' | 'nunjucks'): Pages {
  const language = LANGUAGES[name] as Language;
  const [twenty, select] = [
    language.compile(twentySource(language)),
    language.compile(selectSource(language)),
  ];
  return {
    twenty: () => twenty({ v: valid }),
    select: () => select({ v: { choice: '500' }, options: OPTIONS }),
  };
}
