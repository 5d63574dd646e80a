export { type PostProcessed, StaticFilesStorage, staticfilesStorage } from './base';
export { ManifestStaticFilesStorage } from './manifest';
