import { configure, resetSettings } from 'tsango/conf';
import { Context } from 'tsango/template/context';
import { Library } from 'tsango/template/library';
import { Node, type Rendered } from 'tsango/template/node';
import { engineOf } from './support';

beforeAll(() => configure({ SECRET_KEY: 'test', USE_TZ: false }));
afterAll(() => resetSettings());

const later = <T>(value: T): Promise<T> => new Promise((resolve) => setImmediate(() => resolve(value)));

async function awaited(source: string, values: Record<string, unknown>, templates = {}): Promise<string> {
  const output = engineOf(templates, { libraries: { own: register } })
    .fromString(source)
    .render(new Context(values));
  expect(output).toBeInstanceOf(Promise);
  return output;
}

class PairNode extends Node {
  override readonly childNodelists = ['nodelist'];
  constructor(readonly nodelist: import('tsango/template/node').NodeList) {
    super();
  }
  override render(context: Context): Rendered {
    return `(${this.nodelist.render(context)})`;
  }
}

const register = new Library();
register.simpleTag('slow', async (value: unknown) => later(`<${value}>`));
register.filter('slowly', async (value: unknown) => later(`${value}!`));
register.tag('pair', (parser) => {
  const nodelist = parser.parse(['endpair']);
  parser.deleteFirstToken();
  return new PairNode(nodelist);
});

describe('a template without promises', () => {
  it('is a string at once', () => {
    expect(
      engineOf()
        .fromString('{{ a }}')
        .render(new Context({ a: 1 })),
    ).toBe('1');
  });
});

describe('promises in a context', () => {
  it('are awaited wherever they are used', async () => {
    const values = {
      text: later('<b>'),
      object: later({ name: 'deep', list: later([1, 2]) }),
      yes: later(true),
      no: later(false),
      call: async () => later('called'),
      method: { get: () => later(['x', 'y']) },
    };
    expect(await awaited('{{ text }} {{ text|upper }} {{ text|safe }}', values)).toBe(
      '&lt;b&gt; &lt;B&gt; <b>',
    );
    expect(await awaited('{{ object.name }} {% for i in object.list %}{{ i }}{% endfor %}', values)).toBe(
      'deep 12',
    );
    expect(
      await awaited('{% if yes and not no %}1{% endif %}{% if no %}2{% else %}3{% endif %}', values),
    ).toBe('13');
    expect(await awaited('{{ call }} {{ method.get.1 }} {{ call|length }}', values)).toBe('called y 6');
    expect(await awaited('{% with a=text %}{{ a }}{% endwith %}{{ x|default:text }}', values)).toBe(
      '&lt;b&gt;&lt;b&gt;',
    );
  });

  it('are found in included and inherited templates, tags and filters', async () => {
    const templates = {
      base: '[{% block a %}{{ p }}{% endblock %}]',
      part: '{{ p }}{{ x }}',
    };
    const values = { p: later('P'), list: [1, 2] };
    expect(
      await awaited(
        '{% extends "base" %}{% block a %}{{ block.super }}{{ p }}{% endblock %}',
        values,
        templates,
      ),
    ).toBe('[PP]');
    expect(await awaited('{% for x in list %}{% include "part" %}{% endfor %}', values, templates)).toBe(
      'P1P2',
    );
    expect(await awaited('{% load own %}{% for x in list %}{% slow x %}{% endfor %}', values)).toBe(
      '&lt;1&gt;&lt;2&gt;',
    );
    expect(await awaited('{% load own %}{% slow 1 as s %}{{ s }}', values)).toBe('&lt;1&gt;');
    expect(await awaited('{% load own %}{{ "a"|slowly|upper }}', values)).toBe('A!');
    expect(await awaited('{% load own %}{% pair %}{{ p }}{% if p %}!{% endif %}{% endpair %}', values)).toBe(
      '(P!)',
    );
  });

  it('are waited for together, however many a loop has', async () => {
    let renderings = 0;
    const count = () => {
      renderings++;
      return '';
    };
    const rows = Array.from({ length: 50 }, (_, i) => ({
      ok: later(i % 2 === 0),
      name: () => later(`n${i}`),
    }));
    const probe = {
      get x() {
        return count();
      },
    };
    const text = await awaited(
      '{{ probe.x }}{% for r in rows %}{% if r.ok %}{{ r.name }},{% endif %}{% endfor %}',
      {
        rows,
        probe,
      },
    );
    expect(text).toBe(rows.flatMap((_, i) => (i % 2 === 0 ? [`n${i},`] : [])).join(''));
    expect(renderings).toBeLessThanOrEqual(4);
  });

  it('do not make callables run twice', async () => {
    const calls: string[] = [];
    const next = () => {
      calls.push('next');
      return calls.length;
    };
    const generator = (function* () {
      yield 1;
      yield 2;
    })();
    const text = await awaited(
      '{{ next }}{{ next }}{% for g in generator %}{{ g }}{% endfor %}{{ p }}{{ next }}',
      {
        next,
        generator,
        p: later('-'),
      },
    );
    expect(text).toBe('1212-3');
    expect(calls).toHaveLength(3);
  });

  it('fail where they are used', async () => {
    const rejected = Promise.reject(new Error('no such row'));
    rejected.catch(() => undefined);
    await expect(awaited('a\n{{ p }}', { p: rejected })).rejects.toMatchObject({
      message: 'no such row',
      templateDebug: { line: 2, during: '{{ p }}' },
    });
  });

  it('that a getter makes anew each time are awaited once', async () => {
    const lazy = {
      get author(): Promise<unknown> {
        return later({ name: 'Ada' });
      },
    };
    class Row {
      get author(): Promise<unknown> {
        return later({ name: 'Bob' });
      }
    }
    expect(await awaited('{{ a.author.name }} {{ b.author.name }}', { a: lazy, b: new Row() })).toBe(
      'Ada Bob',
    );
  });

  it('leave the context as it was', async () => {
    const context = new Context({ p: later(1) });
    const before = context.dicts.length;
    const template = engineOf().fromString('{% with a=1 %}{% firstof p as b %}{{ b }}{% endwith %}');
    expect(await template.render(context)).toBe('1');
    expect(context.dicts).toHaveLength(before);
    expect(context.template).toBeNull();
  });
});
