export { overrideSettings } from '../conf';
export {
  Client,
  type ClientOptions,
  type ClientResponse,
  type TestAttributes,
  type TestSession,
} from './client';
export { setupDatabases, type TestDatabasesOptions, teardownDatabases } from './databases';
export {
  BOUNDARY,
  encodeMultipart,
  MULTIPART_CONTENT,
  type TestData,
  type UploadSource,
} from './encoding';
export { useTestEnvironment } from './environment';
export { RedirectCycleError } from './redirects';
export {
  type BodyOptions,
  type FactoryOptions,
  RequestFactory,
  type RequestOptions,
} from './request_factory';
export { setupTestEnvironment, teardownTestEnvironment } from './utils';
