/** The texts that Django makes of a duration. Django: `django.utils.duration`. */
import { MICROSECONDS_PER_SECOND, pad } from '../python/datetime';
import { clock, type Duration } from '../python/timedelta';

export { Duration, type DurationParts, isoDuration as durationIsoString } from '../python/timedelta';

const DAY = 86_400;

/** `D HH:MM:SS.ffffff`: what `parseDuration()` of utils/dateparse reads back. */
export function durationString(duration: Duration): string {
  const [hours, minutes, seconds] = clock(duration);
  let text = `${pad(hours)}:${pad(minutes)}:${pad(seconds)}`;
  if (duration.days !== 0) text = `${duration.days} ${text}`;
  return duration.microseconds === 0 ? text : `${text}.${pad(duration.microseconds, 6)}`;
}

/** The whole length in microseconds, exactly. */
export function durationMicroseconds(duration: Duration): bigint {
  return (
    BigInt(duration.days * DAY + duration.seconds) * BigInt(MICROSECONDS_PER_SECOND) +
    BigInt(duration.microseconds)
  );
}
