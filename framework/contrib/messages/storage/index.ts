export { BaseStorage, Message, type Retrieved } from './base';
