/** What cannot be read or written. Python: `pickle.UnpicklingError`, `pickle.PicklingError`. */

/** The bytes are no pickle, are damaged, hold more than data, or exceed a limit. */
export class UnpicklingError extends Error {
  override readonly name = 'UnpicklingError';
}

/** The value has no counterpart in Python. */
export class PicklingError extends Error {
  override readonly name = 'PicklingError';
}
