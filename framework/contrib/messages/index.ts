export * from './api';
export * as constants from './constants';
export { DEBUG, ERROR, INFO, SUCCESS, WARNING } from './constants';
export { BaseStorage, Message } from './storage/base';
