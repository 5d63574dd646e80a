import * as http from 'tsango/http';
import * as testing from 'tsango/test';

it('tsango/http exports what Django does, and no more without notice', () => {
  expect(Object.keys(http).sort()).toEqual([
    'BadHeaderError',
    'CookieError',
    'FileResponse',
    'Http404',
    'HttpHeaders',
    'HttpRequest',
    'HttpResponse',
    'HttpResponseBadRequest',
    'HttpResponseBase',
    'HttpResponseForbidden',
    'HttpResponseGone',
    'HttpResponseNotAllowed',
    'HttpResponseNotFound',
    'HttpResponseNotModified',
    'HttpResponsePermanentRedirect',
    'HttpResponseRedirect',
    'HttpResponseRedirectBase',
    'HttpResponseServerError',
    'JsonResponse',
    'MediaType',
    'Morsel',
    'MultiPartParserError',
    'QueryDict',
    'RawPostDataException',
    'SimpleCookie',
    'StreamingHttpResponse',
    'UnreadablePostError',
    'parseCookie',
  ]);
});

it('tsango/test exports its tools', () => {
  expect(Object.keys(testing).sort()).toEqual([
    'BOUNDARY',
    'Client',
    'MULTIPART_CONTENT',
    'RedirectCycleError',
    'RequestFactory',
    'encodeMultipart',
    'overrideSettings',
    'setupDatabases',
    'setupTestEnvironment',
    'teardownDatabases',
    'teardownTestEnvironment',
    'useTestEnvironment',
  ]);
});
