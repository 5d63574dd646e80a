/** What a failure left behind, where nothing could be rolled back. */

/** A step of an editor's work. */
export interface WorkDone {
  /** For people: `Add field price to thing`. */
  readonly what: string;
  /** The statements of it that have run. */
  readonly statements: string[];
}

const left = new WeakMap<object, readonly WorkDone[]>();

/** Notes what was done before an error. */
export function leaveBehind(error: unknown, work: readonly WorkDone[]): void {
  if (typeof error === 'object' && error !== null) left.set(error, work);
}

/** What was done before an error; its last step is the one that failed. Undefined where everything was rolled back. */
export function leftBehind(error: unknown): readonly WorkDone[] | undefined {
  return typeof error === 'object' && error !== null ? left.get(error) : undefined;
}
