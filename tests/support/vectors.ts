/**
 * The reference vectors: recorded behaviour of a real Django, one JSON fact a line.
 * They are read from VECTORS_DIR, or from `shared/vectors` beside the checkout.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { REQUIRED } from './services';

/** The folder of the vectors. */
export const VECTORS_DIR =
  process.env['VECTORS_DIR'] ?? path.resolve(__dirname, '..', '..', '..', 'shared', 'vectors');

/** One recorded fact. Its fields depend on the file. */
export type Vector = Record<string, unknown>;

/** The facts of one file. */
export function vectors<T = Vector>(name: string): T[] {
  return readFileSync(path.join(VECTORS_DIR, `${name}.jsonl`), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as T);
}

/** A `describe` over vector files: skipped with the reason where they are missing, failed under REQUIRE_SERVICES=1. */
export function describeVectors(names: string | readonly string[], title: string, body: () => void): void {
  const missing = (typeof names === 'string' ? [names] : names).filter(
    (name) => !existsSync(path.join(VECTORS_DIR, `${name}.jsonl`)),
  );
  if (missing.length === 0) {
    describe(title, body);
  } else if (REQUIRED) {
    describe(title, () => {
      it('finds the vectors', () => {
        throw new Error(`REQUIRE_SERVICES=1, and ${VECTORS_DIR} has no ${missing.join(', no ')}.`);
      });
    });
  } else {
    describe.skip(`${title} (skipped: no vectors ${missing.join(', ')} in VECTORS_DIR)`, () => {
      it('replays them', () => undefined);
    });
  }
}

/** Prints the line that sums an area up, past jest's console decoration. */
export function reportArea(area: string, passed: number, total: number): void {
  process.stdout.write(`conformance ${area}: ${passed}/${total}\n`);
}
