/** What Django's validators did with the values of its own tests. */

import { Range, type RangeBounds } from 'tsango/contrib/postgres/fields';
import * as postgres from 'tsango/contrib/postgres/validators';
import { ValidationError } from 'tsango/core/exceptions';
import { ContentFile } from 'tsango/core/files/base';
import * as validators from 'tsango/core/validators';
import { override } from 'tsango/utils/translation';
import { decode, encode } from '../support/vector_values';
import { describeVectors, reportArea, type Vector, vectors } from '../support/vectors';

interface Fact {
  readonly validator: string;
  readonly kwargs?: Readonly<Record<string, unknown>>;
  readonly value: unknown;
  readonly locale?: string;
  readonly errors?: readonly Vector[];
}

/** Validators of Django's optional parts, which have tests of their own where they are. */
const ELSEWHERE = /^auth\./;
/** Values of the recording that stand for objects of its own. */
const OBJECTS = /"\$(json_string|obj)"/;

function read(json: unknown): unknown {
  if (json === null || typeof json !== 'object' || Array.isArray(json)) return decode(json);
  if ('$file' in json) {
    const { name, content } = json.$file as { name: string; content: string };
    return new ContentFile(Buffer.from(content, 'hex'), name);
  }
  if ('$range' in json) {
    const { lower, upper, bounds } = json.$range as Record<string, unknown>;
    return new Range(read(lower), read(upper), bounds as RangeBounds);
  }
  if ('$table' in json) {
    const [[, answer]] = json.$table as [[unknown, { result: unknown }]];
    return () => decode(answer.result);
  }
  if ('$regex' in json) return (json.$regex as { source: string }).source;
  return decode(json);
}

function made({ validator, kwargs = {} }: Fact): validators.Validator {
  const get = (name: string): unknown => read(kwargs[name] ?? null);
  const options = { message: get('message') as string | null, code: get('code') as string | null };
  const limit = get('limit_value');
  if (validator === 'postgres.KeysValidator') {
    const { keys, strict, messages } = kwargs as unknown as {
      keys: string[];
    } & postgres.KeysValidatorOptions;
    return new postgres.KeysValidator(keys, { strict: strict ?? false, messages: messages ?? {} });
  }
  if (validator.startsWith('postgres.')) {
    const classes = postgres as unknown as Readonly<Record<string, typeof validators.BaseValidator>>;
    const Class = classes[validator.slice('postgres.'.length)];
    if (Class === undefined) throw new Error(`There is no validator ${validator}.`);
    return new Class(limit, options);
  }
  switch (validator) {
    case 'BaseValidator':
      return new validators.BaseValidator(limit, options);
    case 'MaxValueValidator':
      return new validators.MaxValueValidator(limit, options);
    case 'MinValueValidator':
      return new validators.MinValueValidator(limit, options);
    case 'MaxLengthValidator':
      return new validators.MaxLengthValidator(limit, options);
    case 'MinLengthValidator':
      return new validators.MinLengthValidator(limit, options);
    case 'StepValueValidator':
      return new validators.StepValueValidator(limit, { ...options, offset: get('offset') });
    case 'DecimalValidator':
      return new validators.DecimalValidator(
        get('max_digits') as number | null,
        get('decimal_places') as number | null,
      );
    case 'FileExtensionValidator':
      return new validators.FileExtensionValidator(get('allowed_extensions') as string[] | null, options);
    case 'ProhibitNullCharactersValidator':
      return new validators.ProhibitNullCharactersValidator(options);
    case 'EmailValidator':
      return new validators.EmailValidator({ ...options, allowlist: get('allowlist') as string[] | null });
    case 'URLValidator':
      return new validators.URLValidator({ ...options, schemes: get('schemes') as string[] | null });
    case 'DomainNameValidator':
      return new validators.DomainNameValidator({
        ...options,
        acceptIdna: (get('accept_idna') as boolean | null) ?? true,
      });
    case 'RegexValidator':
      return new validators.RegexValidator(get('regex') as string | null, {
        ...options,
        inverseMatch: get('inverse_match') as boolean | null,
        flags: get('flags') === 2 ? 'i' : '',
      });
    default: {
      const name = validator.replace(/_(\w)/g, (_found, letter: string) => letter.toUpperCase());
      const found = (validators as Readonly<Record<string, unknown>>)[name];
      if (typeof found !== 'function') throw new Error(`There is no validator ${validator}.`);
      return found as validators.Validator;
    }
  }
}

function errorsOf(fact: Fact): unknown {
  const value = read(fact.value);
  try {
    made(fact)(value);
    return null;
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    return error.errorList.map(({ message, code, params }) => ({
      message,
      code,
      params: Object.fromEntries(
        Object.entries(params ?? {}).map(([name, item]) => [
          name,
          item === value ? fact.value : encode(item),
        ]),
      ),
    }));
  }
}

describeVectors('forms/validators', 'validators', () => {
  it('say what Django said', () => {
    const facts = vectors<Fact>('forms/validators').filter(
      (fact) => !ELSEWHERE.test(fact.validator) && !OBJECTS.test(JSON.stringify(fact.value)),
    );
    const failures: string[] = [];
    for (const fact of facts) {
      const said = fact.locale === undefined ? errorsOf(fact) : override(fact.locale, () => errorsOf(fact));
      const wanted = fact.errors ?? null;
      try {
        expect(said).toEqual(wanted);
      } catch {
        failures.push(`${JSON.stringify(fact)}\n  here: ${JSON.stringify(said)}`);
      }
    }
    reportArea('validators', facts.length - failures.length, facts.length);
    expect(failures).toEqual([]);
  });
});
