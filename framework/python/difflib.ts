/** Names that resemble one another, for "Did you mean". Python: `difflib`. */

/** The characters that two texts share, as Ratcliff and Obershelp count them: the longest common run, and either side. */
function matches(a: string, b: string): number {
  if (a === '' || b === '') return 0;
  let [bestA, bestB, size] = [0, 0, 0];
  let previous = new Uint16Array(b.length + 1);
  for (let i = 0; i < a.length; i++) {
    const current = new Uint16Array(b.length + 1);
    for (let j = 0; j < b.length; j++) {
      if (a[i] !== b[j]) continue;
      const length = (previous[j] ?? 0) + 1;
      current[j + 1] = length;
      if (length > size) [bestA, bestB, size] = [i - length + 1, j - length + 1, length];
    }
    previous = current;
  }
  if (size === 0) return 0;
  return (
    size +
    matches(a.slice(0, bestA), b.slice(0, bestB)) +
    matches(a.slice(bestA + size), b.slice(bestB + size))
  );
}

/** How alike two texts are, from 0 to 1. */
export function ratio(a: string, b: string): number {
  const length = a.length + b.length;
  return length === 0 ? 1 : (2 * matches(a, b)) / length;
}

/** The names that resemble a word, most alike first. Python: `difflib.get_close_matches`. */
export function getCloseMatches(
  word: string,
  possibilities: Iterable<string>,
  count = 3,
  cutoff = 0.6,
): string[] {
  // Input is a person's: what is longer than any name resembles none.
  if (word.length > 100) return [];
  return [...possibilities]
    .map((name) => ({ name, score: ratio(name, word) }))
    .filter(({ score }) => score >= cutoff)
    .sort((x, y) => y.score - x.score)
    .slice(0, count)
    .map(({ name }) => name);
}

/**
 * An upper bound of how alike two texts are, by the letters that they share in any order. Python:
 * `SequenceMatcher.quick_ratio()`.
 */
export function quickRatio(a: string, b: string): number {
  const left = [...a];
  const available = new Map<string, number>();
  const right = [...b];
  for (const letter of right) available.set(letter, (available.get(letter) ?? 0) + 1);
  let shared = 0;
  for (const letter of left) {
    const count = available.get(letter) ?? 0;
    if (count > 0) shared += 1;
    available.set(letter, count - 1);
  }
  const length = left.length + right.length;
  return length === 0 ? 1 : (2 * shared) / length;
}
