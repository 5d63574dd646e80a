/** Validators as a site makes them, and ValidationError. */

import { configure } from 'tsango/conf';
import { AttributeError, NON_FIELD_ERRORS, ValidationError } from 'tsango/core/exceptions';
import {
  BaseCallable,
  DomainNameValidator,
  EmailValidator,
  intListValidator,
  MaxLengthValidator,
  MaxValueValidator,
  MinLengthValidator,
  RegexValidator,
  StepValueValidator,
  URLValidator,
  type Validator,
  validateSlug,
} from 'tsango/core/validators';
import { Decimal } from 'tsango/python/types';
import { cleanIpv6Address, isValidIpv6Address } from 'tsango/utils/ipv6';
import { override, registerCatalog } from 'tsango/utils/translation';

configure({});

function refusal(validator: Validator, value: unknown): [message: string, code: string | null] | null {
  try {
    validator(value);
    return null;
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    return [error.message, error.code];
  }
}

describe('validators', () => {
  it('are functions, and instances of their class', () => {
    const ours: readonly Validator[] = [validateSlug, new MaxValueValidator(3), (value) => void value];
    expect(ours.map((validator) => typeof validator)).toEqual(['function', 'function', 'function']);
    expect(validateSlug).toBeInstanceOf(RegexValidator);
    expect(validateSlug).toBeInstanceOf(BaseCallable);
  });

  it('of one class and options are equal', () => {
    expect(new MaxValueValidator(3).equals(new MaxValueValidator(3))).toBe(true);
    expect(new MaxValueValidator(3).equals(new MaxValueValidator(4))).toBe(false);
    expect(new MaxValueValidator(3).equals(new MaxLengthValidator(3))).toBe(false);
    expect(new RegexValidator(/a/).equals(new RegexValidator(/a/i))).toBe(false);
    expect(new RegexValidator('a').equals(new RegexValidator('a', { code: 'other' }))).toBe(false);
    expect(
      new EmailValidator({ allowlist: ['a', 'b'] }).equals(new EmailValidator({ allowlist: ['b', 'a'] })),
    ).toBe(true);
  });

  it('take a message and a code before those of a subclass', () => {
    class Username extends RegexValidator {
      override readonly regex = /^[\w.@+-]+$/;
      override readonly message = 'No name.';
      override readonly code = 'name';
    }
    expect(refusal(new Username(), 'a b')).toEqual(['No name.', 'name']);
    expect(refusal(new Username(null, { message: 'Nothing of that.' }), 'a b')).toEqual([
      'Nothing of that.',
      'name',
    ]);
    expect(refusal(new Username(), 'a.b')).toBeNull();
  });

  it('read patterns of Python and of JavaScript', () => {
    expect(refusal(new RegexValidator('^(?P<year>\\d{4})$'), '2027')).toBeNull();
    expect(refusal(new RegexValidator('^a.c$', { flags: 'is' }), 'A\nC')).toBeNull();
    expect(() => new RegexValidator(/a/, { flags: 'i' })).toThrow(TypeError);
    const global = new RegexValidator(/b/g);
    expect([refusal(global, 'ab'), refusal(global, 'ab')]).toEqual([null, null]);
    const listed = intListValidator({ sep: '.', allowNegative: true });
    expect([refusal(listed, '1.-2'), refusal(listed, '1,2')]).toEqual([
      null,
      ['Enter a valid value.', 'invalid'],
    ]);
  });

  it('ask a function for its limit each time', () => {
    let limit = 1;
    const validator = new MaxValueValidator(() => limit);
    expect(refusal(validator, 2)).toEqual(['Ensure this value is less than or equal to 1.', 'max_value']);
    limit = 2;
    expect(refusal(validator, 2)).toBeNull();
  });

  it('count characters, not the halves of them', () => {
    expect(refusal(new MaxLengthValidator(2), '😀😀')).toBeNull();
    expect(refusal(new MinLengthValidator(2), '😀')).toEqual([
      'Ensure this value has at least 2 characters (it has 1).',
      'min_length',
    ]);
  });

  it('count steps from an offset, in the kind of the value', () => {
    const said = (step: unknown, offset: unknown, value: unknown): string | undefined =>
      refusal(new StepValueValidator(step, { offset }), value)?.[0];
    expect(said(3, 1, 7)).toBeUndefined();
    expect(said(0.1, null, 0.3)).toBeUndefined();
    expect(said(3, 1, 8)).toBe(
      'Ensure this value is a multiple of step size 3, starting from 1, e.g. 1, 4, 7, and so on.',
    );
    expect(said(Decimal.from('0.10'), '0.05', Decimal.from('0.3'))).toBe(
      'Ensure this value is a multiple of step size 0.10, starting from 0.05, e.g. 0.05, 0.15, 0.25, and so on.',
    );
  });

  it('know domains and URLs of other scripts', () => {
    const domain = new DomainNameValidator();
    const ascii = new DomainNameValidator({ acceptIdna: false });
    expect([refusal(domain, 'münchen.de'), refusal(ascii, 'muenchen.de')]).toEqual([null, null]);
    expect(refusal(ascii, 'münchen.de')).toEqual(['Enter a valid domain name.', 'invalid']);
    expect(refusal(new URLValidator({ schemes: ['https'] }), 'http://example.com')).toEqual([
      'Enter a valid URL.',
      'invalid',
    ]);
    expect(refusal(new URLValidator(), `http://${'a'.repeat(60)}.${'b.'.repeat(96)}com/`)).not.toBeNull();
  });

  it('speak the language of the moment', () => {
    const forget = registerCatalog('de', {
      messages: new Map<string, string | readonly string[]>([
        ['Enter a valid value.', 'Bitte einen gültigen Wert eingeben.'],
        [
          'Ensure this value has at most %(limit_value)d character (it has %(show_value)d).',
          [
            'Höchstens %(limit_value)d Zeichen (es hat %(show_value)d).',
            'Höchstens %(limit_value)d Zeichen!',
          ],
        ],
      ]),
    });
    const validator = new RegexValidator(/a/);
    expect(override('de', () => refusal(validator, 'b'))?.[0]).toBe('Bitte einen gültigen Wert eingeben.');
    expect(override('de', () => refusal(new MaxLengthValidator(1), 'abc'))?.[0]).toBe(
      'Höchstens 1 Zeichen (es hat 3).',
    );
    expect(refusal(validator, 'b')?.[0]).toBe('Enter a valid value.');
    forget();
  });
});

// What Python's ipaddress makes of them.
it.each([
  ['1::%eth0', '1::'],
  ['::1.2.3.4', '::102:304'],
  ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
  ['1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:102:304'],
  ['::ffff:10.10.10.10', '::ffff:10.10.10.10'],
  ['0:0:0:0:0:0:0:0', '::'],
  ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
  ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
  ['2001:0DB8::00A', '2001:db8::a'],
])('the IPv6 address %s is %s', (text, shortest) => {
  expect(cleanIpv6Address(text)).toBe(shortest);
});

it.each([
  ':1::',
  '1::2::3',
  '12345::',
  '::1%',
  'g::',
  '::01.2.3.4',
  '٣::1',
  ':::',
  '1:2',
  '1::2:3:4:5:6:7:8',
  '',
])('%s is no IPv6 address', (text) => {
  expect(isValidIpv6Address(text)).toBe(false);
  expect(() => cleanIpv6Address(text)).toThrow('This is not a valid IPv6 address.');
});

it('an IPv4 address inside of IPv6 can be taken out', () => {
  expect(cleanIpv6Address('::ffff:a0a:a0a', { unpackIpv4: true })).toBe('10.10.10.10');
});

describe('ValidationError', () => {
  it('holds one error', () => {
    const error = new ValidationError('%(n)d of %(all)s', { code: 'count', params: { n: 2, all: true } });
    expect([error.message, error.messages, error.code]).toEqual(['2 of True', ['2 of True'], 'count']);
    expect([String(error), error.repr()]).toEqual(["['2 of True']", "ValidationError(['2 of True'])"]);
    expect(error.errorList).toEqual([error]);
    expect(() => error.messageDict).toThrow(AttributeError);
    const copy = new ValidationError(error);
    expect([copy.code, copy.params, copy.errorList[0] === copy]).toEqual([
      'count',
      { n: 2, all: true },
      true,
    ]);
  });

  it('leaves percent signs alone where there is nothing to fill in', () => {
    expect(new ValidationError('100% of %(that)s').message).toBe('100% of %(that)s');
  });

  it('holds many, and those of fields', () => {
    const error = new ValidationError({ a: ['one', new ValidationError('two', { code: 'c' })], b: "it's" });
    expect(error.messageDict).toEqual({ a: ['one', 'two'], b: ["it's"] });
    expect(error.messages).toEqual(['one', 'two', "it's"]);
    expect(String(error)).toBe(`{'a': ['one', 'two'], 'b': ["it's"]}`);
    expect([...error]).toEqual([
      ['a', ['one', 'two']],
      ['b', ["it's"]],
    ]);
    expect(new ValidationError([error, 'three']).messages).toEqual(['one', 'two', "it's", 'three']);
    expect(new ValidationError(new Map([['__proto__', 'x']])).errorDict?.get('__proto__')?.[0]?.message).toBe(
      'x',
    );
  });

  it('adds itself to a dictionary of errors', () => {
    const errors = new Map<string, ValidationError[]>();
    new ValidationError({ a: 'one' }).updateErrorDict(errors);
    new ValidationError({ a: 'two' }).updateErrorDict(errors);
    new ValidationError('three').updateErrorDict(errors);
    expect(new ValidationError(errors).messageDict).toEqual({
      a: ['one', 'two'],
      [NON_FIELD_ERRORS]: ['three'],
    });
  });

  it('is equal to one that says the same', () => {
    const make = (n: number): ValidationError => new ValidationError('%(n)d', { code: 'c', params: { n } });
    expect(make(1).equals(make(1))).toBe(true);
    expect(make(1).equals(make(2))).toBe(false);
    expect(make(1).equals(new ValidationError([make(1)]))).toBe(false);
    expect(new ValidationError(['a', 'b']).equals(new ValidationError(['b', 'a']))).toBe(true);
    expect(new ValidationError({ a: 'x' }).equals(new ValidationError({ a: 'x' }))).toBe(true);
    expect(new ValidationError({ a: 'x' }).equals(new ValidationError({ b: 'x' }))).toBe(false);
  });
});
