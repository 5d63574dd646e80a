/** A list in parts of at most `size`; none of an empty list. */
export function inBatches<T>(items: readonly T[], size: number): (readonly T[])[] {
  if (items.length > 0 && items.length <= size) return [items];
  const batches: (readonly T[])[] = [];
  for (let at = 0; at < items.length; at += size) batches.push(items.slice(at, at + size));
  return batches;
}
