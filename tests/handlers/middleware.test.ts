import { configure, overrideSettings, resetSettings } from 'tsango/conf';
import { BadRequest, ImproperlyConfigured, MiddlewareNotUsed } from 'tsango/core/exceptions';
import { BaseHandler } from 'tsango/core/handlers/base';
import { gotRequestException, requestFinished, requestStarted } from 'tsango/core/signals';
import { Http404, type HttpRequest, HttpResponse } from 'tsango/http';
import { Client, RequestFactory } from 'tsango/test';
import { path } from 'tsango/urls';
import type { GetResponse } from 'tsango/utils/deprecation';
import { MiddlewareMixin } from 'tsango/utils/deprecation';
import type { MaybePromise } from 'tsango/utils/maybe_promise';

const log: string[] = [];

/** A TemplateResponse as the handler sees it. */
class Rendering extends HttpResponse {
  isRendered = false;
  parts = ['view'];
  render(): MaybePromise<HttpResponse> {
    this.isRendered = true;
    this.content = this.parts.join(' ');
    return this;
  }
}

const urlconf = {
  urlpatterns: [
    path('plain/', () => {
      log.push('view');
      return new HttpResponse('plain');
    }),
    path('hi/<int:n>/', (_request, { n }) => new HttpResponse(`${n + 1}`)),
    path('broken/', () => {
      throw new Error('broken');
    }),
    path('rendering/', () => new Rendering()),
  ],
  handler404: (_request: HttpRequest, error: Error) =>
    new HttpResponse(`mine: ${error.name}`, { status: 404 }),
};

beforeAll(() => configure({ SECRET_KEY: 'test', ROOT_URLCONF: urlconf, LOGGING_CONFIG: null } as never));
afterAll(() => resetSettings());
beforeEach(() => {
  log.length = 0;
});

/** A middleware class that says what it is called for, synchronously or not. */
function noting(name: string, asynchronous: boolean) {
  const later = <T>(value: T): MaybePromise<T> => (asynchronous ? Promise.resolve(value) : value);
  return class extends MiddlewareMixin {
    processRequest(): MaybePromise<undefined> {
      log.push(`${name} request`);
      return later(undefined);
    }
    processView(_request: HttpRequest, _view: unknown, params: object): MaybePromise<undefined> {
      log.push(`${name} view ${JSON.stringify(params)}`);
      return later(undefined);
    }
    processException(_request: HttpRequest, error: unknown): MaybePromise<undefined> {
      log.push(`${name} exception ${(error as Error).message}`);
      return later(undefined);
    }
    processTemplateResponse(_request: HttpRequest, response: Rendering): MaybePromise<HttpResponse> {
      response.parts.push(name);
      return later(response);
    }
    processResponse(_request: HttpRequest, response: HttpResponse): MaybePromise<HttpResponse> {
      log.push(`${name} response ${response.statusCode}`);
      return later(response);
    }
  };
}

async function answer(middleware: readonly unknown[], url: string): Promise<HttpResponse> {
  return overrideSettings({ MIDDLEWARE: middleware as never }, async () => {
    const handler = new BaseHandler();
    return (await handler.getResponse(new RequestFactory().get(url))) as HttpResponse;
  });
}

describe.each([
  ['synchronous', false],
  ['asynchronous', true],
])('%s middleware', (_title, asynchronous) => {
  const pair = [noting('outer', asynchronous), noting('inner', asynchronous)];

  it('wraps the view in the order of MIDDLEWARE', async () => {
    await answer(pair, '/plain/');
    expect(log).toEqual([
      'outer request',
      'inner request',
      'outer view {}',
      'inner view {}',
      'view',
      'inner response 200',
      'outer response 200',
    ]);
  });

  it('hears of exceptions from the innermost outwards, and sees the response to them', async () => {
    const response = await answer(pair, '/broken/');
    expect(response.statusCode).toBe(500);
    expect(log.slice(4)).toEqual([
      'inner exception broken',
      'outer exception broken',
      'inner response 500',
      'outer response 500',
    ]);
  });

  it('changes template responses before they are rendered', async () => {
    expect((await answer(pair, '/rendering/')).text).toBe('view inner outer');
  });

  it('sees the response to a URL that is not there', async () => {
    const response = await answer(pair, '/nowhere/');
    expect([response.statusCode, response.text]).toEqual([404, 'mine: Resolver404']);
    expect(log).toEqual(['outer request', 'inner request', 'inner response 404', 'outer response 404']);
  });

  it('gets the converted parameters', async () => {
    await answer(pair, '/hi/4/');
    expect(log).toContain('inner view {"n":4}');
  });

  it.each(['processRequest', 'processView', 'processException'])('may answer itself in %s', async (hook) => {
    const response = new HttpResponse('early');
    class Early {
      [hook]() {
        return asynchronous ? Promise.resolve(response) : response;
      }
    }
    const outer = noting('outer', asynchronous);
    expect((await answer([outer, Early], '/broken/')).text).toBe('early');
    expect(log.at(-1)).toBe('outer response 200');
  });
});

it('answers in the same turn where nothing has to be waited for', async () => {
  await overrideSettings({ MIDDLEWARE: [noting('a', false), noting('b', false)] as never }, () => {
    const response = new BaseHandler().getResponse(new RequestFactory().get('/plain/'));
    expect(response).toBeInstanceOf(HttpResponse);
  });
});

it('takes functions, and classes with call()', async () => {
  const factory = (getResponse: GetResponse) => (request: HttpRequest) => {
    log.push('factory');
    return getResponse(request);
  };
  class Calling {
    constructor(private readonly getResponse: GetResponse) {}
    async call(request: HttpRequest) {
      const response = await this.getResponse(request);
      response.headers['X-Called'] = 'yes';
      return response;
    }
  }
  const response = await answer([factory, Calling], '/plain/');
  expect(response.headers.get('x-called')).toBe('yes');
  expect(log).toEqual(['factory', 'view']);
});

it('turns what a middleware throws into a response for the one around it', async () => {
  const outer = noting('outer', false);
  const thrower = () => () => {
    throw new BadRequest('no');
  };
  const late = (getResponse: GetResponse) => async (request: HttpRequest) => {
    await getResponse(request);
    throw new Http404('late');
  };
  expect((await answer([outer, thrower], '/plain/')).statusCode).toBe(400);
  expect((await answer([outer, late], '/plain/')).statusCode).toBe(404);
  expect(log.filter((line) => line.startsWith('outer response'))).toEqual([
    'outer response 400',
    'outer response 404',
  ]);
});

it('leaves out a middleware that does not want to be used', async () => {
  class Unused {
    constructor() {
      throw new MiddlewareNotUsed();
    }
  }
  expect((await answer([Unused, noting('other', false)], '/plain/')).text).toBe('plain');
});

describe('a middleware that cannot be loaded is named', () => {
  const load = (middleware: unknown): Promise<unknown> =>
    overrideSettings({ MIDDLEWARE: [middleware] as never }, () => new BaseHandler().loadMiddleware());

  it.each([
    [
      'tsango.middleware.nowhere.Nothing',
      /^The middleware 'tsango.middleware.nowhere.Nothing' in the MIDDLEWARE setting cannot be loaded: Could not import/,
    ],
    ['tsango.http.Nothing', /^The middleware 'tsango.http.Nothing' .* does not export 'Nothing'$/],
    [
      'tsango.conf.ENVIRONMENT_VARIABLE',
      /^The middleware 'tsango.conf.ENVIRONMENT_VARIABLE' in the MIDDLEWARE setting is no class or function\.$/,
    ],
    [function lazy() {}, /^Middleware factory lazy returned None\./],
    [
      class Failing {
        constructor() {
          throw new TypeError('oops');
        }
      },
      /^The middleware 'Failing' in the MIDDLEWARE setting cannot be made: oops$/,
    ],
  ])('%s', async (middleware, message) => {
    const failure = await load(middleware).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(ImproperlyConfigured);
    expect((failure as Error).message).toMatch(message);
  });
});

it('announces requests and unhandled exceptions', async () => {
  const heard: string[] = [];
  const hear = (name: string) => (): void => {
    heard.push(name);
  };
  const [started, finished, failed] = [hear('started'), hear('finished'), hear('failed')];
  requestStarted.connect(started);
  requestFinished.connect(finished);
  gotRequestException.connect(failed);
  try {
    const client = new Client({ raiseRequestException: false });
    await client.get('/plain/');
    await client.get('/broken/');
    await client.get('/nowhere/');
  } finally {
    requestStarted.disconnect(started);
    requestFinished.disconnect(finished);
    gotRequestException.disconnect(failed);
  }
  expect(heard).toEqual(['started', 'finished', 'started', 'failed', 'finished', 'started', 'finished']);
});

it('names the view that returns nothing', async () => {
  const patterns = {
    urlpatterns: [path('<slug:a>/', function forgetful() {} as unknown as () => HttpResponse)],
  };
  const client = new Client();
  await overrideSettings({ ROOT_URLCONF: patterns as never }, async () => {
    await expect(client.get('/x/')).rejects.toMatchObject({
      name: 'ValueError',
      message:
        "The view forgetful (of the route '<slug:a>/') didn't return an HttpResponse object. It returned undefined instead.",
    });
  });
});

it('lets exceptions through with DEBUG_PROPAGATE_EXCEPTIONS', async () => {
  await overrideSettings({ DEBUG_PROPAGATE_EXCEPTIONS: true }, async () => {
    expect(() => new BaseHandler().getResponse(new RequestFactory().get('/broken/'))).toThrow('broken');
  });
});

it('shows the technical pages with DEBUG', async () => {
  await overrideSettings({ DEBUG: true }, async () => {
    const client = new Client({ raiseRequestException: false });
    const broken = await client.get('/broken/');
    expect([broken.statusCode, broken.text.includes('Error at /broken/')]).toEqual([500, true]);
    const nowhere = await client.get('/nowhere/');
    expect([nowhere.statusCode, nowhere.text.includes('plain/')]).toEqual([404, true]);
  });
});

it('uses the URLconf that a middleware gives the request', async () => {
  const other = { urlpatterns: [path('plain/', () => new HttpResponse('other'))] };
  const switcher = (getResponse: GetResponse) => (request: HttpRequest) => {
    request.urlconf = other;
    return getResponse(request);
  };
  expect((await answer([switcher], '/plain/')).text).toBe('other');
  expect((await answer([], '/plain/')).text).toBe('plain');
});

it('answers when the handler of an error fails itself', async () => {
  const failing = {
    urlpatterns: [],
    handler404: () => {
      throw new Error('in the handler');
    },
  };
  await overrideSettings({ ROOT_URLCONF: failing as never }, async () => {
    const response = (await new BaseHandler().getResponse(new RequestFactory().get('/x/'))) as HttpResponse;
    expect([response.statusCode, response.text.includes('Server Error (500)')]).toEqual([500, true]);
  });
});
