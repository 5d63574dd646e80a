/**
 * Python's view of JavaScript values: how templates print, compare and test them. utils/pytypes says which
 * JavaScript value stands for which Python one.
 */
export { floatRepr, numberRepr } from './python/float';
export { isFloat, isNumber, OverflowError, shrink, toFloat, toInt } from './python/numbers';
export { isTruthy, len, pyCompare, pyContains, pyEquals } from './python/ops';
export { bytesRepr, isPlainObject, repr, stringRepr, toStr, typeName } from './python/str';
export {
  splitLines,
  splitWords,
  strip,
  textHead,
  textLength,
  title,
} from './python/text';
