import fc from 'fast-check';
import { dumps, loadAt, loads, PicklingError, UnpicklingError } from 'tsango/python/pickle';
import {
  Decimal,
  Duration,
  PlainDate,
  PlainDateTime,
  PlainTime,
  pyFloat,
  Tuple,
  UUID,
  ZonedDateTime,
} from 'tsango/python/types';
import { SafeString } from 'tsango/utils/safestring';
import { stopwatch } from '../support/processor';
import { python } from '../support/python';
import { describeWith } from '../support/services';

const bytes = (...parts: (string | number)[]): Buffer =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'number' ? Buffer.of(part) : Buffer.from(part, 'latin1'))),
  );

function refusal(body: () => unknown): string {
  try {
    body();
  } catch (error) {
    if (error instanceof UnpicklingError || error instanceof PicklingError) return error.message;
    throw error;
  }
  return 'no error';
}

/** Python expressions, what they are here, and whether they come back the same (a few become a likeness). */
const TYPES: readonly (readonly [expression: string, value: unknown, likeness?: boolean])[] = [
  ['None', null],
  ['True', true],
  ['False', false],
  ['0', 0],
  ['255', 255],
  ['256', 256],
  ['65535', 65535],
  ['65536', 65536],
  ['-1', -1],
  ['2**31 - 1', 2 ** 31 - 1],
  ['-2**31', -(2 ** 31)],
  ['2**31', 2 ** 31],
  ['2**53 - 1', 2 ** 53 - 1],
  ['-2**53 + 1', -(2 ** 53) + 1],
  ['2**53', 2n ** 53n],
  ['-2**63', -(2n ** 63n)],
  ['2**63', 2n ** 63n],
  ['-2**64', -(2n ** 64n)],
  ['10**400', 10n ** 400n],
  ['-(10**700)', -(10n ** 700n)],
  ['1.5', 1.5],
  ['-0.0', -0],
  ['float("inf")', Number.POSITIVE_INFINITY],
  ['float("nan")', Number.NaN],
  ['5e-324', 5e-324],
  ['""', ''],
  ['"नेपाल 🎸 \\n\\\\ \\x00 \\u2028 \\x1a"', 'नेपाल 🎸 \n\\ \0 \u2028 \x1a'],
  ['"a\\ud800b"', 'a\ud800b'],
  ['"\\ufffd"', '\ufffd'],
  ['"x" * 300', 'x'.repeat(300)],
  ['"y" * 70000', 'y'.repeat(70000)],
  ['b""', new Uint8Array()],
  ['bytes(range(256))', Uint8Array.from({ length: 256 }, (_, i) => i)],
  ['b"z" * 70000', Uint8Array.from(Buffer.alloc(70000, 'z'))],
  ['[]', []],
  ['[1]', [1]],
  ['[1, [2, [3]]]', [1, [2, [3]]]],
  ['list(range(2500))', Array.from({ length: 2500 }, (_, i) => i)],
  ['()', Tuple.of()],
  ['(1,)', Tuple.of(1)],
  ['(1, 2, 3, 4)', Tuple.of(1, 2, 3, 4)],
  ['{}', {}],
  ['{"a": 1}', { a: 1 }],
  ['{"a": 1, "b": {"c": [None]}}', { a: 1, b: { c: [null] } }],
  [
    '{str(i): i for i in range(1000)}',
    Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [String(i), i])),
  ],
  [
    '{1: "one", "two": 2}',
    new Map<unknown, unknown>([
      [1, 'one'],
      ['two', 2],
    ]),
  ],
  [
    '{"two": 2, 1: "one"}',
    new Map<unknown, unknown>([
      ['two', 2],
      [1, 'one'],
    ]),
  ],
  ['{1, 2}', new Set([1, 2])],
  ['set()', new Set()],
  [
    'datetime.datetime(2024, 2, 29, 1, 2, 3, 4000, tzinfo=datetime.timezone.utc)',
    new Date('2024-02-29T01:02:03.004Z'),
  ],
  ['datetime.datetime(2024, 2, 29, 1, 2, 3, 4567)', new PlainDateTime(2024, 2, 29, 1, 2, 3, 4567)],
  ['datetime.datetime(1, 1, 1)', new PlainDateTime(1, 1, 1)],
  [
    'datetime.datetime(2024, 7, 1, 12, tzinfo=zoneinfo.ZoneInfo("Europe/Paris"))',
    new ZonedDateTime(new PlainDateTime(2024, 7, 1, 12), 'Europe/Paris', 7200),
  ],
  [
    'datetime.datetime(2024, 7, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=-3, minutes=-30)))',
    new ZonedDateTime(new PlainDateTime(2024, 7, 1), '-03:30', -12600),
  ],
  ['datetime.date(2024, 2, 29)', new PlainDate(2024, 2, 29)],
  ['datetime.time(1, 2, 3, 4)', new PlainTime(1, 2, 3, 4)],
  [
    'datetime.timedelta(days=-1, seconds=2, microseconds=3)',
    new Duration({ days: -1, seconds: 2, microseconds: 3 }),
  ],
  ['decimal.Decimal("1.50")', Decimal.from('1.50')],
  ['decimal.Decimal("-Infinity")', Decimal.from('-Infinity')],
  ['uuid.UUID(int=5)', new UUID('00000000000000000000000000000005')],
  ['uuid.UUID("f81d4fae-7dec-11d0-a765-00a0c91e6bf6")', new UUID('f81d4fae-7dec-11d0-a765-00a0c91e6bf6')],
  [
    '[uuid.UUID(int=7), uuid.UUID(int=7)]',
    [new UUID('00000000000000000000000000000007'), new UUID('00000000000000000000000000000007')],
  ],
  // What has no twin becomes what is closest.
  ['1.0', 1, true],
  ['frozenset({1})', new Set([1]), true],
  ['bytearray(b"ab")', Uint8Array.of(97, 98), true],
  ['collections.OrderedDict(a=1)', new Map([['a', 1]]), true],
  ['collections.OrderedDict()', new Map(), true],
  ['collections.defaultdict(list, {"a": [1]})', { a: [1] }, true],
  ['collections.defaultdict(int, {1: 2})', new Map([[1, 2]]), true],
  ['collections.Counter("aab")', { a: 2, b: 1 }, true],
  ['collections.deque([1, 2], 3)', [1, 2], true],
  [
    'datetime.datetime(2024, 1, 1, 0, 0, 0, 999999, tzinfo=datetime.timezone.utc)',
    new Date('2024-01-01T00:00:00.999Z'),
    true,
  ],
  ['datetime.datetime(2024, 7, 1, tzinfo=zoneinfo.ZoneInfo("UTC"))', new Date('2024-07-01T00:00:00Z'), true],
];

describeWith('django', 'pickles and a real Python', () => {
  it('reads every type in every protocol', () => {
    const pickles = python<string[][]>(
      `
import base64, collections, datetime, decimal, pickle, uuid, zoneinfo
result = [[base64.b64encode(pickle.dumps(eval(e), p)).decode() for p in range(6)] for e in data]
`,
      TYPES.map(([expression]) => expression),
    );
    TYPES.forEach(([expression, value], i) => {
      pickles[i]?.forEach((pickle, protocol) => {
        expect([expression, protocol, loads(Buffer.from(pickle, 'base64'))]).toStrictEqual([
          expression,
          protocol,
          value,
        ]);
      });
    });
  });

  it('writes every type for Python, and to the byte as Python does', () => {
    const same = TYPES.filter(([, , likeness]) => !likeness);
    const results = python<[boolean, string][]>(
      `
import base64, collections, datetime, decimal, pickle, uuid, zoneinfo
result = []
for expression, *ours in data:
    theirs = eval(expression)
    loaded = [pickle.loads(base64.b64decode(o)) for o in ours]
    equal = all(type(v) is type(theirs) and repr(v) == repr(theirs) for v in loaded)
    result.append([equal, base64.b64encode(pickle.dumps(theirs, 5)).decode()])
`,
      same.map(([expression, value]) => [
        expression,
        dumps(value).toString('base64'),
        dumps(value, { protocol: 4 }).toString('base64'),
      ]),
    );
    const wrong = same.filter((_, i) => !results[i]?.[0]).map(([expression]) => expression);
    expect(wrong).toEqual([]);
    const different = same.filter(([, value], i) => dumps(value).toString('base64') !== results[i]?.[1]);
    expect(different.map(([expression]) => expression)).toEqual([]);
  });

  it('reads what the time zones of Django 3.2 and pytz are', () => {
    const [utc, paris] = python<string[]>(
      `
import base64, datetime, pickle, pytz
values = [datetime.datetime(2024, 7, 1, 12, tzinfo=pytz.utc), pytz.timezone('Europe/Paris').localize(datetime.datetime(2024, 7, 1, 12))]
result = [base64.b64encode(pickle.dumps(v)).decode() for v in values]
`,
      null,
    );
    expect(loads(Buffer.from(utc ?? '', 'base64'))).toEqual(new Date('2024-07-01T12:00:00Z'));
    expect(loads(Buffer.from(paris ?? '', 'base64'))).toEqual(
      new ZonedDateTime(new PlainDateTime(2024, 7, 1, 12), 'Europe/Paris', 7200),
    );
  });

  it('exchanges safe strings', () => {
    const [theirs, name] = python<string[]>(
      `
import base64, pickle
from django.utils.safestring import SafeString, mark_safe
result = [base64.b64encode(pickle.dumps(mark_safe('<b>'))).decode(), type(pickle.loads(base64.b64decode(data))).__name__]
`,
      dumps(new SafeString('<i>')).toString('base64'),
    );
    expect(loads(Buffer.from(theirs ?? '', 'base64'))).toEqual(new SafeString('<b>'));
    expect(name).toBe('SafeString');
  });

  it('survives a round trip through Python in every protocol', () => {
    const key = fc.oneof(fc.string({ unit: 'binary', maxLength: 8 }), fc.constant('__proto__'));
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constantFrom<unknown>(null, true, false, '', 0, -0),
        fc.integer(),
        fc.maxSafeInteger(),
        fc.bigInt().filter((n) => !Number.isSafeInteger(Number(n))),
        fc.double(),
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'grapheme' }),
        fc.array(fc.constantFrom('\ud800', '\udc00', 'é', 'a')).map((chars) => chars.join('')),
        fc.uint8Array({ maxLength: 300 }),
        fc.date({
          min: new Date('0001-01-01T00:00:00Z'),
          max: new Date('9999-12-31T23:59:59Z'),
          noInvalidDate: true,
        }),
        fc.array(tie('value'), { maxLength: 6 }),
        fc.array(tie('value'), { maxLength: 5 }).map((items) => Tuple.from(items)),
        fc.dictionary(key, tie('value'), { maxKeys: 5, noNullPrototype: true }),
        fc.uniqueArray(fc.integer(), { maxLength: 5 }).map((items) => new Set(items)),
        fc
          .uniqueArray(fc.integer(), { minLength: 1, maxLength: 5 })
          .map((keys) => new Map(keys.map((k) => [k, { k }]))),
      ),
    }));
    const values = fc.sample(value, { numRuns: 400, seed: 42 });
    const back = python<string[][]>(
      `
import base64, pickle
result = [[base64.b64encode(pickle.dumps(pickle.loads(base64.b64decode(d)), p)).decode() for p in range(6)] for d in data]
`,
      values.map((v) => dumps(v).toString('base64')),
    );
    values.forEach((v, i) => {
      expect(loads(dumps(v))).toStrictEqual(v);
      for (const pickle of back[i] ?? []) expect(loads(Buffer.from(pickle, 'base64'))).toStrictEqual(v);
    });
  });
});

describe('reading pickles', () => {
  it('keeps floats and microseconds when asked to be exact', () => {
    const moment = new ZonedDateTime(new PlainDateTime(2024, 1, 1, 0, 0, 0, 5), 'UTC', 0);
    const pickle = dumps([pyFloat(1), 1, moment, new Date(0)]);
    expect(loads(pickle, { exact: true })).toEqual([pyFloat(1), 1, moment, new Date(0)]);
    expect(loads(pickle)).toEqual([1, 1, new Date('2024-01-01T00:00:00Z'), new Date(0)]);
    expect(dumps(loads(pickle, { exact: true })).equals(pickle)).toBe(true);
  });

  it('reads one of several that follow each other', () => {
    const both = Buffer.concat([dumps('first'), dumps(['second']), Buffer.from('rest')]);
    const first = loadAt(both, 0);
    expect(first.value).toBe('first');
    const second = loadAt(both, first.end);
    expect(second.value).toEqual(['second']);
    expect(both.subarray(second.end).toString()).toBe('rest');
  });

  it('gives bytes that do not keep the pickle in memory, and shared parts once', () => {
    const part = { a: 1 };
    const value = loads(dumps([part, part, Uint8Array.of(1)])) as [object, object, Uint8Array];
    expect(value[0]).toBe(value[1]);
    expect(value[2].constructor).toBe(Uint8Array);
    expect(value[2].buffer.byteLength).toBe(1);
  });

  it.each<[string, Buffer, string]>([
    [
      'GLOBAL',
      bytes('cos\nsystem\n(S"id"\ntR.'),
      'The pickle holds a os.system, which is refused: only data is read.',
    ],
    [
      'STACK_GLOBAL',
      bytes(0x80, 4, 0x8c, 2, 'os', 0x8c, 6, 'system', 0x93, '.'),
      'The pickle holds a os.system, which',
    ],
    [
      'eval',
      bytes('c__builtin__\neval\n(S"1"\ntR.'),
      'The pickle holds a __builtin__.eval, which is refused',
    ],
    [
      'getattr',
      bytes('c__builtin__\ngetattr\n(c__builtin__\nlist\nS"append"\ntR.'),
      'The pickle calls getattr(), which is',
    ],
    [
      'another attribute of ZoneInfo',
      bytes('c__builtin__\ngetattr\n(czoneinfo\nZoneInfo\nS"clear_cache"\ntR.'),
      'The pickle calls getattr()',
    ],
    ['INST', bytes('(ios\nsystem\n.'), 'The pickle has an opcode that is refused or unknown: 0x69.'],
    ['OBJ', bytes('(o.'), 'The pickle has an opcode that is refused or unknown: 0x6f.'],
    ['NEWOBJ_EX', bytes(0x92, '.'), 'The pickle has an opcode that is refused or unknown: 0x92.'],
    ['PERSID', bytes('Pid\n.'), 'The pickle has an opcode that is refused or unknown: 0x50.'],
    ['EXT1', bytes(0x82, 1, '.'), 'The pickle has an opcode that is refused or unknown: 0x82.'],
    ['NEXT_BUFFER', bytes(0x97, '.'), 'The pickle has an opcode that is refused or unknown: 0x97.'],
    ['BUILD of a dict', bytes('}}b.'), 'The pickle sets the attributes of an object, which is refused.'],
    [
      'a class by itself',
      bytes('cuuid\nUUID\n.'),
      'The pickle holds a class, or parts that belong to no value.',
    ],
    [
      'a class in a list',
      bytes(']cuuid\nUUID\na.'),
      'The pickle holds a class, or parts that belong to no value.',
    ],
    [
      'a UUID without its state',
      bytes('cuuid\nUUID\n)', 0x81, '.'),
      'The pickle holds a class, or parts that belong to no',
    ],
    ['a call of a value', bytes('](tR.'), 'The pickle is damaged: its opcodes do not fit together.'],
    [
      'a class that cannot be called',
      bytes('c__builtin__\nint\n(tR.'),
      'The pickle calls something that is not a class of data.',
    ],
    [
      'an odd number of dict items',
      bytes('}(Nu.'),
      'The pickle is damaged: its opcodes do not fit together.',
    ],
    ['an empty stack', bytes('.'), 'The pickle is damaged: its opcodes do not fit together.'],
    ['values below the mark', bytes('N(a.'), 'The pickle is damaged: its opcodes do not fit together.'],
    ['a missing mark', bytes('Nt.'), 'The pickle is damaged: its opcodes do not fit together.'],
    ['a missing memo entry', bytes('h', 5, '.'), 'The pickle is damaged: its opcodes do not fit together.'],
    [
      'a huge memo index',
      bytes('Nr', 0xff, 0xff, 0xff, 0xff, '.'),
      'The pickle is damaged: its opcodes do not fit together.',
    ],
    ['two values', bytes('NN.'), 'The pickle holds a class, or parts that belong to no value.'],
    ['nothing', bytes(), 'pickle data was truncated'],
    ['a length beyond the end', bytes('X', 0xff, 0xff, 0xff, 0x7f, 'a.'), 'pickle data was truncated'],
    ['a protocol of the future', bytes(0x80, 9, 'N.'), 'unsupported pickle protocol: 9'],
    ['bytes that are not UTF-8', bytes(0x8c, 1, 0xff, '.'), 'The pickle holds text that is not UTF-8.'],
    ['Python 2 bytes', bytes('U', 1, 0xe9, '.'), 'The pickle holds a byte string that is not ASCII.'],
    [
      'too many digits',
      bytes(`L${'9'.repeat(5000)}L\n.`),
      'The pickle holds an integer that cannot be read.',
    ],
    [
      'a month 13',
      bytes('cdatetime\ndate\n(C', 4, 7, 0xe8, 13, 1, 'tR.'),
      'The pickle holds a damaged date.',
    ],
    [
      'an unknown zone',
      bytes(
        'cdatetime\ndatetime\n(C',
        10,
        7,
        0xe8,
        1,
        1,
        0,
        0,
        0,
        0,
        0,
        0,
        'czoneinfo\nZoneInfo\n(VNo/Where\ntRtR.',
      ),
      'The pickle holds a damaged datetime.',
    ],
    [
      'a list that contains itself',
      bytes(']q', 0, 'h', 0, 'a.'),
      'The pickle holds a value that contains itself.',
    ],
  ])('refuses %s', (_, pickle, message) => {
    expect(refusal(() => loads(pickle)).slice(0, message.length)).toBe(message);
  });

  it('refuses references that unfold to more than anybody could walk', () => {
    // Each list holds the one before it ten times.
    let lists = ']q\0';
    for (let i = 1; i < 12; i++)
      lists += `](${`h${String.fromCharCode(i - 1)}`.repeat(10)}eq${String.fromCharCode(i)}`;
    const bomb = Buffer.from(`${lists}.`, 'latin1');
    expect(bomb.length).toBeLessThan(400);
    expect(refusal(() => loads(bomb))).toMatch(
      /^The pickle (unfolds to more than 67108864|holds a class, or parts)/,
    );
    const top = Buffer.from(`(${lists}t.`, 'latin1');
    expect(refusal(() => loads(top))).toBe('The pickle unfolds to more than 67108864 values and characters.');
    const text = bytes(']X', 0, 0, 16, 0, 'x'.repeat(2 ** 20), 'q', 0, 'a(', `h\0`.repeat(100), 'e.');
    expect(refusal(() => loads(text))).toBe(
      'The pickle unfolds to more than 67108864 values and characters.',
    );
  });

  it('refuses what is nested too deep, however it is nested', () => {
    const message = 'The pickle is nested more than 1000 levels deep.';
    expect(refusal(() => loads(bytes(']'.repeat(1001), 'a'.repeat(1000), '.')))).toBe(message);
    expect(refusal(() => loads(bytes(')', '\x85'.repeat(1001), '.')))).toBe(message);
    expect(refusal(() => loads(bytes('('.repeat(1001), 'l'.repeat(1001), '.')))).toBe(message);
    expect(loads(bytes(']'.repeat(900), 'a'.repeat(899), '.'))).toHaveLength(1);
    const wide = dumps(Array.from({ length: 5000 }, () => [[]]));
    expect(loads(wide)).toHaveLength(5000);
  });

  it('refuses a pickle that is too long', () => {
    expect(refusal(() => loads(dumps('x'.repeat(100)), { maxBytes: 100 }))).toBe(
      'The pickle is longer than 100 bytes.',
    );
  });

  it('takes linear time', () => {
    // Of a million bytes: quadratic time would be hours.
    const QUADRATIC = 5;
    const seconds = (pickle: Buffer): number => {
      const spent = stopwatch();
      refusal(() => loads(pickle));
      return spent();
    };
    const million = 1_000_000;
    expect(seconds(bytes('](', 'N'.repeat(million), 'e.'))).toBeLessThan(QUADRATIC);
    expect(seconds(bytes('('.repeat(million), '.'))).toBeLessThan(QUADRATIC);
    expect(seconds(bytes('('.repeat(million / 2), 'l'.repeat(million / 2), '.'))).toBeLessThan(QUADRATIC);
    expect(seconds(bytes('V', '\\u0041'.repeat(million / 6), '\n.'))).toBeLessThan(QUADRATIC);
    expect(seconds(bytes('V', '\\'.repeat(million), '\n.'))).toBeLessThan(QUADRATIC);
    expect(seconds(bytes("S'", '\\'.repeat(million), "'\n."))).toBeLessThan(QUADRATIC);
    expect(seconds(bytes('X', 0x40, 0x42, 0x0f, 0, '\xef\xbf\xbd'.repeat(million / 3), ' .'))).toBeLessThan(
      QUADRATIC,
    );
    // A set made of the same large list again and again.
    const copies = bytes(
      '](',
      'N'.repeat(million / 4),
      'eq',
      0,
      '0](',
      'c__builtin__\nset\n(h\0tR'.repeat(20_000),
      'e.',
    );
    expect(seconds(copies)).toBeLessThan(QUADRATIC);
    expect(refusal(() => loads(copies))).toBe(
      'The pickle unfolds to more than 67108864 values and characters.',
    );
  });

  it('takes linear time where a dict that is memoised twice gets keys that are no text', () => {
    const seconds = (size: number): number => {
      const keys = Array.from({ length: size }, (_, i) => {
        const key = `k${i}`;
        return `\x8c${String.fromCharCode(key.length)}${key}N`;
      });
      const pickle = bytes(
        '\x80\x02}q\x00q\x01(',
        keys.join(''),
        'u0',
        'h\x00K\x05Ns0'.repeat(size),
        'h\x01.',
      );
      const spent = stopwatch();
      expect((loads(pickle) as Map<unknown, unknown>).size).toBe(size + 1);
      return spent();
    };
    expect(seconds(50_000)).toBeLessThan(2); // Quadratic, it would be half an hour.
  });

  it('keeps what is shared one thing, whatever it becomes', () => {
    // d = {}; all = (d, d, [d], {'d': d}); d[5] = None
    const pickle = bytes(
      '\x80\x02}q\x000(h\x00h\x00]h\x00a}X\x01\x00\x00\x00dh\x00stq\x010',
      'h\x00K\x05Ns0h\x01.',
    );
    const [first, second, [third], { d }] = loads(pickle) as [unknown, unknown, [unknown], { d: unknown }];
    expect(first).toEqual(new Map([[5, null]]));
    for (const other of [second, third, d]) expect(other).toBe(first);
  });

  it('gives an object with two places in the memo to both', () => {
    const uuid = new UUID('12345678123456781234567812345678');
    const [one, two] = loads(
      bytes(
        'ccopy_reg\n_reconstructor\n(cuuid\nUUID\nc__builtin__\nobject\nNtRp0\np1\n',
        "(dS'int'\nL24197857161011715162171839636988778104L\nsb0(g0\ng1\nt.",
      ),
    ) as [unknown, unknown];
    expect(one).toEqual(uuid);
    expect(two).toBe(one);
  });

  it('refuses a dict that comes to hold itself through another reference', () => {
    const pickle = bytes('\x80\x02}q\x000]h\x00aq\x010h\x00K\x05h\x01s0h\x01.');
    expect(refusal(() => loads(pickle))).toBe('The pickle holds a value that contains itself.');
  });

  it('ends in a value or an UnpicklingError, whatever is cut off or changed', () => {
    const sound = dumps({
      a: [1, 2.5, 'text', null, true, 2n ** 80n, Uint8Array.of(1, 2)],
      b: new Map<unknown, unknown>([[1, Tuple.of<unknown>(new Date(0), new PlainDate(2024, 1, 1))]]),
      c: [new UUID('00000000000000000000000000000005'), Decimal.from('1.5'), new Duration({ days: 1 })],
    });
    for (let length = 0; length < sound.length; length++) {
      expect(refusal(() => loads(sound.subarray(0, length)))).not.toBe('no error');
    }
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        (changes) => {
          const damaged = Buffer.from(sound);
          for (const [at, byte] of changes) damaged[at] = byte;
          refusal(() => loads(damaged));
        },
      ),
      { numRuns: 3000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (noise) => {
        refusal(() => loads(noise));
      }),
      { numRuns: 3000 },
    );
  });
});

describe('writing pickles', () => {
  it.each<[string, unknown, string]>([
    ['undefined', undefined, 'cannot pickle undefined; store null, or leave the key out'],
    ['a function', () => 1, 'cannot pickle a function'],
    ['a symbol', Symbol('x'), 'cannot pickle a symbol'],
    [
      'an undefined deep inside',
      { user: [{ name: undefined }] },
      "cannot pickle undefined; store null, or leave the key out (at value['user'][0]['name'])",
    ],
    [
      'an undefined in a Map',
      new Map([[7, undefined]]),
      'cannot pickle undefined; store null, or leave the key out (at value[7])',
    ],
    [
      'an object of a class',
      new (class Cart {})(),
      'cannot pickle a Cart: a cache holds data that Python can read, too (text, numbers, arrays, plain objects, Map, Set, Date, bytes)',
    ],
    [
      'a promise',
      Promise.resolve(1),
      'cannot pickle a Promise: a cache holds data that Python can read, too (text, numbers, arrays, plain objects, Map, Set, Date, bytes)',
    ],
    [
      'an invalid date',
      new Date(Number.NaN),
      'cannot pickle an invalid Date, or one outside of the years 1 to 9999',
    ],
    [
      'a list as a key',
      new Map([[[1], 1]]),
      'cannot pickle a Map with a list, dict or set among its keys; a Tuple can be one',
    ],
  ])('refuses %s', (_, value, message) => {
    expect(refusal(() => dumps(value))).toBe(message);
  });

  it('refuses what contains itself, and what is too deep', () => {
    const self: unknown[] = [];
    self.push({ self });
    expect(refusal(() => dumps(self))).toBe(
      "cannot pickle a value that contains itself (at value[0]['self'])",
    );
    let deep: unknown = [];
    for (let i = 0; i < 1000; i++) deep = [deep];
    expect(refusal(() => dumps(deep))).toMatch(
      /^cannot pickle a value that is nested more than 1000 levels deep/,
    );
  });

  it('writes a shared part once', () => {
    const part = { text: 'x'.repeat(1000) };
    expect(dumps(Array.from({ length: 1000 }, () => part)).length).toBeLessThan(6000);
  });
});
