export { type FileContent, Storage, validateFileName } from './base';
export { FileSystemStorage, type FileSystemStorageOptions } from './filesystem';
export { defaultStorage, InvalidStorageError, storages } from './handler';
