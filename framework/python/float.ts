/** How Python prints numbers. */

/** A float as Python prints it: `1.0`, `1e-05`, `1e+16`, `nan`. */
export function floatRepr(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value < 0 ? '-inf' : 'inf';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  }
  const text = String(value);
  const signed = Object.is(value, -0) ? '-0' : text;
  return Number.isInteger(value) ? `${signed}.0` : signed;
}

/**
 * A number as Python prints it, taking an integral JavaScript number for an `int`. From 1e21 on, where JavaScript
 * itself stops writing the digits, it is taken for a float.
 */
export function numberRepr(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? String(value) : floatRepr(value);
}
