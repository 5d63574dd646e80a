/**
 * Python's view of JavaScript values: how templates print, compare and test them. utils/pytypes says which
 * JavaScript value stands for which Python one.
 */

export { floatRepr, numberRepr } from './python/float';
export { percentFormat } from './python/format';
export { isFloat, isNumber, OverflowError, shrink, toFloat, toInt } from './python/numbers';
export { isTruthy, len, pyCompare, pyContains, pyEquals, pyIter } from './python/ops';
export { pformat } from './python/pprint';
export { bytesRepr, isPlainObject, repr, stringRepr, toStr, typeName } from './python/str';
export {
  splitLines,
  splitWords,
  strip,
  textHead,
  textLength,
  title,
} from './python/text';
