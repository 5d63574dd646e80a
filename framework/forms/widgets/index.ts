/** Widgets. https://docs.djangoproject.com/en/5.2/ref/forms/widgets/ */
export { type Asset, Media, MediaAsset, type MediaDefinition, Script } from '../media';
export * from './base';
export * from './choice';
export * from './file';
export * from './input';
export * from './multi';
export * from './select_date';
