export { ContentType, ContentTypeManager } from './models';
