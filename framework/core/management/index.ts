export { ALL_CHECKS, BaseCommand, type CheckOptions, type CommonOptions, type Options } from './base';
export { type CallOptions, callCommand } from './call';
export { colorStyle, makeStyle, noStyle, type Style, type StyleFunction, supportsColor } from './color';
export { findCommands, getCommands, loadCommandClass } from './discovery';
export { CommandError, SystemCheckError } from './errors';
export { type Output, OutputWrapper } from './output';
export { type ArgumentSpec, CommandParser } from './parser';
export { executeFromCommandLine, ManagementUtility } from './utility';
export { AppCommand, LabelCommand } from './variants';
