export { lockRow, lockRows, noConflicts } from './conflicts';
export { VERSION_VAR, versionOf } from './version';
