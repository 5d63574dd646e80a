/** Django: `django.middleware.gzip`; https://docs.djangoproject.com/en/5.2/ref/middleware/#module-django.middleware.gzip */
import type { HttpRequest } from '../http/request';
import type { HttpResponse, StreamingHttpResponse } from '../http/response';
import type { HttpResponseBase } from '../http/response_base';
import { patchVaryHeaders } from '../utils/cache';
import { MiddlewareMixin } from '../utils/deprecation';
import { compressBytes, compressStream } from '../utils/gzip';
import { type MaybePromise, then } from '../utils/maybe_promise';

/** Fewer bytes are not worth compressing. */
const MINIMUM = 200;

/** Whether Accept-Encoding takes gzip. Unlike Django, `gzip;q=0` is a refusal here, as RFC 9110 says. */
export function acceptsGzip(header: string | undefined): boolean {
  if (header === undefined) return false;
  return header.split(',').some((item) => {
    const [name = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase());
    return (
      (name === 'gzip' || name === 'x-gzip') && !parameters.some((part) => /^q=0(?:\.0{0,3})?$/.test(part))
    );
  });
}

/** Compresses responses for clients that take gzip, padded by random lengths against the BREACH attack. */
export class GZipMiddleware extends MiddlewareMixin {
  /** The padding is shorter than this many bytes; 0 switches it off. */
  maxRandomBytes = 100;

  processResponse(request: HttpRequest, response: HttpResponseBase): MaybePromise<HttpResponseBase> {
    const { streaming } = response;
    if (!streaming && (response as HttpResponse).contentLength < MINIMUM) return response;
    if (response.headers.has('Content-Encoding')) return response;
    patchVaryHeaders(response, ['Accept-Encoding']);
    if (!acceptsGzip(request.header('accept-encoding'))) return response;
    if (streaming) {
      const stream = response as StreamingHttpResponse;
      stream.streamingContent = compressStream(stream.streamingContent, this.maxRandomBytes);
      response.headers.delete('Content-Length');
      return markCompressed(response);
    }
    const whole = response as HttpResponse;
    const { content } = whole;
    return then(compressBytes(content, this.maxRandomBytes), (compressed) => {
      if (compressed.length >= content.length) return response;
      whole.content = compressed;
      response.headers.set('Content-Length', compressed.length);
      return markCompressed(response);
    });
  }
}

function markCompressed(response: HttpResponseBase): HttpResponseBase {
  // RFC 9110, 8.8.1: a strong ETag stands for the bytes, and these are others now.
  const etag = response.headers.get('ETag');
  if (etag?.startsWith('"')) response.headers.set('ETag', `W/${etag}`);
  response.headers.set('Content-Encoding', 'gzip');
  return response;
}
