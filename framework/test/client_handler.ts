/** The handler of the test client. Django: `ClientHandler` of `django.test.client`. */
import { announceStart, BaseHandler, finishResponse } from '../core/handlers/base';
import { gotRequestException, templateRendered } from '../core/signals';
import type { HttpRequest } from '../http/request';
import type { HttpResponse } from '../http/response';
import type { HttpResponseBase } from '../http/response_base';
import type { StreamingHttpResponse } from '../http/response_streaming';

/** A template that was rendered while a request was handled. */
export interface Rendered {
  template: { name?: unknown };
  context: unknown;
}

/** What became of a request. */
export interface Handled {
  response: HttpResponseBase;
  rendered: Rendered[];
  /** What was thrown and became a 500. */
  error: unknown;
}

/** Runs requests in this process, and notes what tests want to know. */
export class ClientHandler extends BaseHandler {
  constructor(private readonly enforceCsrfChecks: boolean) {
    super();
  }

  async handle(request: HttpRequest): Promise<Handled> {
    const rendered: Rendered[] = [];
    let failure: unknown;
    const onError = (args: { request: unknown; error: unknown }): void => {
      if (args.request === request) failure = args.error;
    };
    const onRender = ({ template, context }: Rendered): void => {
      rendered.push({ template, context });
    };
    request.dontEnforceCsrfChecks = !this.enforceCsrfChecks;
    gotRequestException.connect(onError);
    templateRendered.connect(onRender);
    try {
      await announceStart(request);
      const response = await this.getResponse(request);
      const whole = await readWhole(request, response);
      finishResponse(request, response);
      return { response: whole, rendered, error: failure };
    } finally {
      gotRequestException.disconnect(onError);
      templateRendered.disconnect(onRender);
    }
  }
}

/** A response with its content as a server would send it: streams are read, HEAD, 204 and 304 have none. */
async function readWhole(request: HttpRequest, response: HttpResponseBase): Promise<HttpResponseBase> {
  const { statusCode } = response;
  const bodiless = statusCode < 200 || statusCode === 204 || statusCode === 304 || request.method === 'HEAD';
  if (!response.streaming) {
    if (bodiless && (response as HttpResponse).contentLength > 0) (response as HttpResponse).content = '';
    return response;
  }
  const stream = response as StreamingHttpResponse;
  let content: Buffer = Buffer.alloc(0);
  if (bodiless) await stream.streamingContent.return?.();
  else content = await stream.getvalue();
  stream.streamingContent = [content];
  Object.defineProperties(stream, {
    content: { value: content },
    text: { value: content.toString('utf8') },
  });
  return stream;
}
