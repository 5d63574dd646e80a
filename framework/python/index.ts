/**
 * Python's view of JavaScript values: how templates print, compare and test them. python/types says which
 * JavaScript value stands for which Python one.
 */

export { isPlainObject } from './dict';
export { floatRepr, numberRepr } from './float';
export { percentFormat } from './format';
export { isFloat, isNumber, OverflowError, shrink, toFloat, toInt } from './numbers';
export { isTruthy, len, pyCompare, pyContains, pyEquals, pyIter } from './ops';
export { pformat } from './pprint';
export { bytesRepr, repr, stringRepr, toStr, typeName } from './str';
export {
  splitLines,
  splitWords,
  strip,
  textHead,
  textLength,
  title,
} from './text';
