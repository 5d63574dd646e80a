export {
  GenericForeignKey,
  type GenericForeignKeyOptions,
  GenericRelation,
  type GenericRelationOptions,
} from './fields';
export { ContentType, ContentTypeManager } from './models';
export { GenericPrefetch } from './prefetch';
