/** What is read: as it comes, with limits, and with errors that say what is wrong. */
import '../../db/settings';
import fc from 'fast-check';
import { apps } from 'tsango/apps';
import {
  deserialize,
  getPublicSerializerFormats,
  getSerializer,
  registerSerializer,
  serialize,
  unregisterSerializer,
} from 'tsango/core/serializers';
import { jsonItems } from 'tsango/core/serializers/json_items';
import * as models from 'tsango/db/models';

class Note extends models.Model {
  static override readonly Meta = { appLabel: 'reading' };
  declare static readonly objects: models.Manager<Note>;
  declare id: number;
  @models.CharField({ maxLength: 100, default: 'none' }) declare title: string;
  @models.JSONField({ null: true }) declare data: unknown;
  @models.FloatField({ null: true }) declare ratio: number | null;
  @models.DateTimeField({ null: true }) declare at: Date | null;
}

beforeAll(() => {
  apps.reset();
  apps.populate([]);
});
afterAll(() => apps.reset());

async function* inChunks(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function readAll(format: string, source: Parameters<typeof deserialize>[1]): Promise<Note[]> {
  const all: Note[] = [];
  for await (const { object } of deserialize(format, source)) all.push(object as Note);
  return all;
}

const failure = (format: string, source: Parameters<typeof deserialize>[1]): Promise<string> =>
  readAll(format, source).then(
    () => 'nothing',
    (error: Error) => `${error.name}: ${error.message}`,
  );

const VALUES = fc.array(fc.jsonValue(), { maxLength: 6 });

describe('a stream', () => {
  it('of JSON is split where the list is, however it is cut', () =>
    fc.assert(
      fc.asyncProperty(
        VALUES,
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(undefined, 1),
        async (all, size, indent) => {
          const chunks = (async function* () {
            const text = JSON.stringify(all, null, indent);
            for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
          })();
          const items: unknown[] = [];
          for await (const item of jsonItems(chunks)) items.push(JSON.parse(item));
          expect(items).toEqual(JSON.parse(JSON.stringify(all)));
        },
      ),
    ));

  it.each(['json', 'jsonl', 'xml', 'yaml'])(
    'of %s is read as its text is, cut within characters too',
    async (format) => {
      const notes = ['Zoë 🐍', 'a\\"b', '[{,}]', '<&>'].map(
        (title, at) => new Note({ id: at + 1, title, data: { title } }),
      );
      const text = await serialize(format, notes);
      for (const size of [1, 2, 3, 7, 1000]) {
        const read = await readAll(format, inChunks(text, size));
        expect(read.map(({ title }) => title)).toEqual(notes.map(({ title }) => title));
        expect(read.map(({ data }) => data)).toEqual(notes.map(({ data }) => data));
      }
    },
  );

  it.each(['json', 'jsonl', 'xml'])(
    'of %s gives each object before the next is asked for',
    async (format) => {
      let asked = 0;
      const text = await serialize(format, [new Note({ id: 1 })]);
      const object = format === 'jsonl' ? text : /\{"model.*\}|<object.*<\/object>/s.exec(text)?.[0];
      async function* endless(): AsyncGenerator<string> {
        yield format === 'json' ? '[' : format === 'xml' ? '<django-objects version="1.0">' : '';
        for (;;) {
          asked++;
          yield `${object}${format === 'json' ? ',' : ''}`;
        }
      }
      let seen = 0;
      for await (const { object: note } of deserialize(format, endless())) {
        expect((note as Note).title).toBe('none');
        if (++seen === 1000) break;
      }
      expect(asked).toBeLessThanOrEqual(1001);
    },
  );

  it('that cannot keep up is waited for', async () => {
    const written: string[] = [];
    let [full, drains] = [0, 0];
    const slow = {
      write: (text: string) => {
        written.push(text);
        full++;
        return false;
      },
      once: (event: string, listener: () => void) => {
        if (event === 'drain') setImmediate(() => [drains++, listener()]);
        return slow;
      },
      on: () => slow,
      removeListener: () => slow,
      off: () => slow,
    };
    const notes = Array.from({ length: 200 }, (_, id) => new Note({ id, title: 'x'.repeat(1000) }));
    expect(await serialize('jsonl', notes, { stream: slow })).toBeUndefined();
    expect(written.join('')).toBe(await serialize('jsonl', notes));
    expect(drains).toBe(full);
    expect(full).toBeGreaterThan(2);
  });
});

describe('what is wrong is said', () => {
  it.each([
    ['json', '{"model": 1}', 'DeserializationError: The data is no JSON list of objects.'],
    [
      'json',
      '[1]',
      'DeserializationError: Error deserializing object: an object with "model" and "fields" is expected, not 1',
    ],
    ['json', '[{"pk": 1}]', "DeserializationError: Error deserializing object: 'model'"],
    ['json', '[{"model": "reading.note"}]', "DeserializationError: Error deserializing object: 'fields'"],
    [
      'json',
      '[{"model": "reading.gone", "fields": {}}]',
      'DeserializationError: Invalid model identifier: reading.gone',
    ],
    ['json', '[{"model": 7, "fields": {}}]', 'DeserializationError: Invalid model identifier: 7'],
    [
      'json',
      '[{"model": "reading.note", "fields": {"__proto__": 1}}]',
      "DeserializationError: Error deserializing object: Note has no field named '__proto__'",
    ],
    [
      'json',
      '[{"model": "reading.note", "fields": {"constructor": 1}}]',
      "DeserializationError: Error deserializing object: Note has no field named 'constructor'",
    ],
    ['jsonl', '{"model"', /^DeserializationError: The data is not JSON: /],
    ['xml', '<a>', /^DeserializationError: The data is not XML: /],
    [
      'xml',
      '<a><object/></a>',
      "DeserializationError: <object> node is missing the required 'model' attribute",
    ],
    [
      'xml',
      '<a><object model="reading.gone"/></a>',
      "DeserializationError: <object> node has invalid model identifier: 'reading.gone'",
    ],
    [
      'xml',
      '<a><object model="reading.note"><field/></object></a>',
      "DeserializationError: <field> node is missing the 'name' attribute",
    ],
    ['yaml', 'a: b', 'DeserializationError: The data is no YAML list of objects.'],
    ['yaml', '- [', /^DeserializationError: The data is not YAML: /],
    ['yaml', '- !!python/object:os.system x', /^DeserializationError: The data is not YAML: Unresolved tag/],
  ])('%s: %s', async (format, text, expected) => {
    if (typeof expected === 'string') expect(await failure(format, text)).toBe(expected);
    else expect(await failure(format, text)).toMatch(expected);
  });

  it('of a stream', async () => {
    expect(await failure('json', inChunks('[{}', 2))).toBe(
      'DeserializationError: The data is not JSON: It ends within its list.',
    );
    expect(await failure('json', inChunks('{}', 2))).toBe(
      'DeserializationError: The data is not JSON: It is no list.',
    );
    expect(await failure('json', inChunks('[] []', 2))).toBe(
      'DeserializationError: The data is not JSON: It goes on behind its list.',
    );
    expect(await failure('json', inChunks('[1,]', 2))).toMatch(/DeserializationError/);
    expect(await failure('json', [Buffer.from([0x5b, 0xff])])).toBe(
      'DeserializationError: The data is not UTF-8.',
    );
  });

  it('of a value, with the object and the field’s value', async () => {
    const text = '[{"model": "reading.note", "pk": "x", "fields": {}}]';
    expect(await failure('json', text)).toBe(
      "DeserializationError: ['“x” value must be an integer.']: (reading.note:pk=x) field_value was 'None'",
    );
  });
});

describe('what could do harm', () => {
  it('XML with a document type is refused, inside or outside of it', async () => {
    const bomb = '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]><a>&lol2;</a>';
    expect(await failure('xml', bomb)).toBe(
      "DTDForbidden: DTDForbidden(name='lolz', system_id=None, public_id=None)",
    );
    const external = '<!DOCTYPE a PUBLIC "-//x" "file:///etc/passwd"><a/>';
    expect(await failure('xml', external)).toBe(
      "DTDForbidden: DTDForbidden(name='a', system_id='file:///etc/passwd', public_id='-//x')",
    );
    expect(await failure('xml', '<a>&unknown;</a>')).toMatch(
      /^DeserializationError: The data is not XML: .*entity/,
    );
  });

  it('text among many elements of XML is read once', async () => {
    const many = '<b>x</b>'.repeat(100_000);
    const nested = `${'<i>'.repeat(90)}${many}${'</i>'.repeat(90)}`;
    const text = `<a><object model="reading.note" pk="1"><field name="title">${nested}</field></object></a>`;
    const [note] = await readAll('xml', text);
    expect(note?.title).toBe('x'.repeat(100_000));
  });

  it('CVE-2025-64460: XML has a depth', async () => {
    const deep = `${'<object>'.repeat(50_000)}`;
    expect(await failure('xml', deep)).toBe(
      'DeserializationError: The data has elements in more than 100 others.',
    );
  });

  it('aliases of YAML do not grow without end', async () => {
    const lines = ['- &a [x, x, x, x, x, x, x, x, x]'];
    for (let at = 1; at < 9; at++) {
      const names = Array(9).fill(`*${String.fromCharCode(96 + at)}`);
      lines.push(`- &${String.fromCharCode(97 + at)} [${names.join(', ')}]`);
    }
    expect(await failure('yaml', lines.join('\n'))).toMatch(
      /DeserializationError: The data is not YAML: .*alias/i,
    );
  });

  it('`__proto__` is a key of JSON like others', async () => {
    const text =
      '[{"model": "reading.note", "pk": 1, "fields": {"data": {"__proto__": {"polluted": true}}}}]';
    for (const source of [text, inChunks(text, 5)]) {
      const [note] = await readAll('json', source);
      expect(Object.keys(note?.data as object)).toEqual(['__proto__']);
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    }
  });

  it.each(['json', 'jsonl'])('the time of %s is linear', async (format) => {
    const body = `"${'\\"'.repeat(200_000)}"`;
    const object = `{"model": "reading.note", "pk": 1, "fields": {"data": [${'['.repeat(1000)}${']'.repeat(1000)}], "title": ${body}}}`;
    const text = format === 'json' ? `[${object}]` : object;
    expect(await failure(format, inChunks(text, 64))).toMatch(/nothing|DeserializationError/);
  });
});

describe('values', () => {
  it('a float is one where it is whole, and has no end where it has none', async () => {
    const notes = [3, 1e20, 1e-7, Number.NaN].map((ratio, id) => new Note({ id, ratio }));
    expect(await serialize('json', notes, { fields: ['ratio'] })).toBe(
      '[{"model": "reading.note", "pk": 0, "fields": {"ratio": 3.0}}, ' +
        '{"model": "reading.note", "pk": 1, "fields": {"ratio": 1e+20}}, ' +
        '{"model": "reading.note", "pk": 2, "fields": {"ratio": 1e-07}}, ' +
        '{"model": "reading.note", "pk": 3, "fields": {"ratio": NaN}}]',
    );
    expect((await readAll('json', await serialize('json', notes))).map(({ ratio }) => ratio)).toEqual([
      3,
      1e20,
      1e-7,
      Number.NaN,
    ]);
  });

  it('a format of the site’s own is known until it is taken away', () => {
    const format = getSerializer('json');
    registerSerializer('mine', { Serializer: format, Deserializer: class {} as never });
    expect(getPublicSerializerFormats()).toEqual(['xml', 'json', 'yaml', 'jsonl', 'mine']);
    expect(getSerializer('mine')).toBe(format);
    unregisterSerializer('mine');
    expect(() => getSerializer('mine')).toThrow(
      expect.objectContaining({ name: 'SerializerDoesNotExist', message: 'mine' }),
    );
    expect(() => getSerializer('toString')).toThrow(expect.objectContaining({ message: 'toString' }));
  });
});
