/** What a middleware works out from settings once, and again only after one was changed. */
import { settingChanged } from '../core/signals';

let version = 0;
settingChanged.connect(() => {
  version += 1;
});

/** A function that computes when it is first called, and again after `overrideSettings` changed anything. */
export function fromSettings<T>(compute: () => T): () => T {
  let known = -1;
  let value: T;
  return () => {
    if (known !== version) {
      value = compute();
      known = version;
    }
    return value;
  };
}

/** A regular expression of a setting, given as one or as its source. */
export function asRegExp(pattern: RegExp | string): RegExp {
  const { source, flags } = typeof pattern === 'string' ? new RegExp(pattern) : pattern;
  // A pattern that remembers where it stopped would skip every other request.
  return new RegExp(source, flags.replace(/[gy]/g, ''));
}
