export {
  assertFieldOutput,
  assertFormError,
  assertFormSetError,
} from './assertions/forms';
export {
  assertHTMLEqual,
  assertHTMLNotEqual,
  assertInHTML,
  assertNotInHTML,
} from './assertions/html';
export type { ContentOptions, RedirectOptions } from './assertions/looks';
export {
  assertContains,
  assertNotContains,
  assertRedirects,
  assertTemplateNotUsed,
  assertTemplateUsed,
  assertURLEqual,
  type ContainsOptions,
} from './assertions/responses';
export {
  assertJSONEqual,
  assertJSONNotEqual,
  assertQuerySetEqual,
  assertRaisesMessage,
  assertXMLEqual,
  assertXMLNotEqual,
  type QuerySetOptions,
} from './assertions/values';
export { DatabaseOperationForbidden, type Databases } from './cases/allowed';
export { LiveServerTestCase, type LiveServerTestCaseOptions } from './cases/live_server';
export { SimpleTestCase, type SimpleTestCaseOptions } from './cases/simple';
export { TestCase, type TestCaseOptions } from './cases/test_case';
export { TransactionTestCase, type TransactionTestCaseOptions } from './cases/transaction';
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
export { type TestEnvironmentOptions, useTestEnvironment } from './environment';
export type { TestHooks } from './hooks';
export {
  type ListChange,
  type ListChanges,
  modifySettings,
  overrideSettings,
} from './override_settings';
export { assertNumQueries, CaptureQueriesContext, captureOnCommitCallbacks } from './queries';
export { RedirectCycleError } from './redirects';
export {
  type BodyOptions,
  type FactoryOptions,
  RequestFactory,
  type RequestOptions,
} from './request_factory';
export { setupTestEnvironment, teardownTestEnvironment } from './utils';
