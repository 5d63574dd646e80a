export { CookieError, Morsel, parseCookie, SimpleCookie } from './cookie';
export { MultiPartParserError } from './exceptions';
// Everything, and not by name: only so does `declare module 'tsango/http' { interface HttpRequest { … } }` reach the class.
export * from './request';
export {
  BadHeaderError,
  type Content,
  type CookieOptions,
  FileResponse,
  type FileResponseOptions,
  Http404,
  HttpResponse,
  HttpResponseBadRequest,
  HttpResponseBase,
  HttpResponseForbidden,
  HttpResponseGone,
  HttpResponseNotAllowed,
  HttpResponseNotFound,
  HttpResponseNotModified,
  HttpResponsePermanentRedirect,
  HttpResponseRedirect,
  HttpResponseRedirectBase,
  HttpResponseServerError,
  JsonResponse,
  type ResponseOptions,
  type StreamingContent,
  StreamingHttpResponse,
} from './response';
