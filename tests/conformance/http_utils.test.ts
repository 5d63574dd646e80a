import { splitDomainPort, validateHost } from 'tsango/http/host';
import * as http from 'tsango/utils/http';
import { camelCase } from 'tsango/utils/module_loading';
import { describeVectors, reportArea, vectors } from '../support/vectors';

interface CallVector {
  call: string;
  args: unknown[];
  kwargs?: Record<string, unknown>;
  result?: unknown;
  error?: string;
  message?: string;
}

type Plain = (...args: unknown[]) => unknown;
const functions: Record<string, unknown> = { ...http, splitDomainPort, validateHost };

/** The order of the parameters in Django, for what is recorded by keyword. */
const PARAMETERS: Record<string, readonly string[]> = {
  url_has_allowed_host_and_scheme: ['url', 'allowed_hosts', 'require_https'],
  urlencode: ['query', 'doseq'],
  http_date: ['epoch_seconds'],
  parse_http_date: ['date'],
  parse_http_date_safe: ['date'],
  is_same_domain: ['host', 'pattern'],
  parse_header_parameters: ['line', 'max_length'],
  content_disposition_header: ['as_attachment', 'filename'],
};

function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode);
  if (value === null || typeof value !== 'object') return value;
  const typed = value as Record<string, unknown>;
  if ('$set' in typed) return new Set((typed['$set'] as unknown[]).map(decode));
  if ('$tuple' in typed) return (typed['$tuple'] as unknown[]).map(decode);
  if ('$bytes' in typed) return Buffer.from(typed['$bytes'] as string, 'hex');
  if ('$float' in typed) return Number(typed['$float']);
  if ('$bigint' in typed) return BigInt(typed['$bigint'] as string);
  return Object.fromEntries(Object.entries(typed).map(([key, item]) => [key, decode(item)]));
}

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('hex') };
  if (Array.isArray(value)) return value.map(plain);
  return value === undefined ? null : value;
}

function outcome({ call, args, kwargs = {} }: CallVector): unknown {
  const names = PARAMETERS[call] ?? [];
  const values = args.map(decode);
  for (const [name, value] of Object.entries(kwargs)) values[names.indexOf(name)] = decode(value);
  try {
    return plain((functions[camelCase(call)] as Plain)(...values));
  } catch (error) {
    return { error: (error as Error).name, message: (error as Error).message };
  }
}

describeVectors('http_utils', 'Functions of utils.http and hosts as in Django', () => {
  it('agrees with every recorded call', () => {
    const facts = vectors<CallVector>('http_utils');
    const failed = facts
      .map((fact) => ({ fact, actual: outcome(fact) }))
      .filter(({ fact, actual }) => {
        const wanted =
          fact.error === undefined
            ? plain(decode(fact.result))
            : { error: fact.error, message: fact.message };
        return JSON.stringify(actual) !== JSON.stringify(wanted);
      });
    reportArea('http_utils', facts.length - failed.length, facts.length);
    expect(failed).toEqual([]);
  });
});
