/** Lengths of time. Django: `DurationField`. */
import { ValueError } from '../../../core/exceptions';
import { toStr } from '../../../python';
import { Duration } from '../../../python/timedelta';
import { parseDuration } from '../../../utils/dateparse';
import { durationMicroseconds, durationString } from '../../../utils/duration';
import type { DatabaseWrapper } from '../../backends/base/base';
import { Field } from './base';
import { DURATION, type ErrorMessages } from './messages';

/** A length of time: a `Duration`. An `interval` on PostgreSQL, microseconds elsewhere. */
export class DurationField extends Field {
  readonly internalType = 'DurationField';
  override readonly emptyStringsAllowed = false;

  protected override get defaultErrorMessages(): ErrorMessages {
    return { ...super.defaultErrorMessages, ...DURATION };
  }

  /** @throws ValidationError for what is no length of time. */
  override toPython(value: unknown): unknown {
    if (value === null || value === undefined) return null;
    if (value instanceof Duration) return value;
    try {
      const parsed = typeof value === 'string' ? parseDuration(value) : null;
      if (parsed !== null) return parsed;
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
    }
    throw this.fault('invalid', { value: toStr(value) });
  }

  override getPrepValue(value: unknown): unknown {
    return this.toPython(value);
  }

  override valueToString(instance: object): string {
    const value = this.toPython(this.valueFromObject(instance)) as Duration | null;
    return value === null ? '' : durationString(value);
  }

  override toDb(value: unknown, connection: DatabaseWrapper): unknown {
    const duration = this.toPython(value) as Duration | null;
    if (duration === null) return null;
    if (connection.vendor !== 'postgresql') return durationMicroseconds(duration);
    return `${duration.days} days ${duration.seconds} seconds ${duration.microseconds} microseconds`;
  }

  override fromDb(value: unknown): unknown {
    if (value === null || value === undefined) return null;
    if (typeof value === 'object') return intervalOf(value as Readonly<Record<string, unknown>>);
    const total =
      typeof value === 'number' ? BigInt(wholeOf(value)) : BigInt(String(value).replace(/\.\d*$/, ''));
    return new Duration({
      seconds: Number(total / 1_000_000n),
      microseconds: Number(total % 1_000_000n),
    });
  }
}

/** A length of time that was divided has a fraction; a half goes to the even microsecond, as in Python. */
function wholeOf(microseconds: number): number {
  const floor = Math.floor(microseconds);
  if (microseconds - floor !== 0.5) return Math.round(microseconds);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** PostgreSQL's interval as the driver has it; of months and years it takes what Python's drivers take. */
function intervalOf(interval: Readonly<Record<string, unknown>>): Duration {
  const part = (name: string): number => Number(interval[name] ?? 0);
  return new Duration({
    days: part('years') * 365 + part('months') * 30 + part('days'),
    hours: part('hours'),
    minutes: part('minutes'),
    seconds: part('seconds'),
    // `milliseconds` has a fraction, which is the microseconds.
    microseconds: Math.round(part('milliseconds') * 1000),
  });
}
