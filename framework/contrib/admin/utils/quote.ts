/** Keys in addresses. Django: `quote`, `unquote` of `django.contrib.admin.utils`. */

const QUOTED = /[":/_#?;@&=+$,[\]<>%\n\\]/g;

/** A key as a segment of a path: what has a meaning in addresses is `_` and two digits. Anything but a text stays. */
export function quote<T>(key: T): T | string {
  if (typeof key !== 'string') return key;
  return key.replace(
    QUOTED,
    (character) => `_${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

/** The key of such a segment. */
export function unquote(segment: string): string {
  return segment.replace(/_([0-9A-F]{2})/g, (all, digits: string) => {
    const character = String.fromCharCode(Number.parseInt(digits, 16));
    return character.search(QUOTED) === 0 ? character : all;
  });
}
