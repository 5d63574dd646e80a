export { PicklingError, UnpicklingError } from './errors';
export { LIMITS, type Limits } from './limits';
export type { LoadOptions } from './machine';
export { loadAt, loads } from './reader';
export { type DumpOptions, dumps } from './writer';
