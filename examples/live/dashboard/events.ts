/** Who waits for readings, in this process; several processes would listen to Redis here. */
import { EventEmitter, on } from 'node:events';

const readings = new EventEmitter().setMaxListeners(0);

export interface Measured {
  sensor: string;
  value: number;
}

export const publish = (reading: Measured): boolean => readings.emit('reading', reading);

export const listeners = (): number => readings.listenerCount('reading');

const event = ({ sensor, value }: Measured): string => `data: ${JSON.stringify({ sensor, value })}\n\n`;

/**
 * Readings as server-sent events, for as long as somebody reads them: what is known, and then what comes. No generator:
 * one that waits for a reading could not be ended before it comes, when the reader has gone.
 */
export function events(known: PromiseLike<Measured[]>): AsyncIterableIterator<string> {
  // Listen before asking, so that nothing falls between the two.
  const coming = on(readings, 'reading') as AsyncIterableIterator<[Measured]>;
  let first: Measured[] | undefined;
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      first ??= await known;
      const reading = first.shift();
      if (reading) return { value: event(reading), done: false };
      const { value, done } = await coming.next();
      return done === true ? { value: undefined, done } : { value: event(value[0]), done: false };
    },
    async return() {
      await coming.return?.();
      return { value: undefined, done: true };
    },
  };
}
