import { createHash } from 'node:crypto';
import { configure, overrideSettings, resetSettings } from 'tsango/conf';
import * as messages from 'tsango/contrib/messages';
import { messages as contextProcessor } from 'tsango/contrib/messages/context_processors';
import { MessageMiddleware } from 'tsango/contrib/messages/middleware';
import { CookieStorage } from 'tsango/contrib/messages/storage/cookie';
import { SessionStorage } from 'tsango/contrib/messages/storage/session';
import { SessionStore } from 'tsango/contrib/sessions/backends/signed_cookies';
import { HttpRequest, HttpResponse } from 'tsango/http';
import { Context, Engine } from 'tsango/template';
import { markSafe } from 'tsango/utils/safestring';

beforeAll(() => configure({ SECRET_KEY: 'x'.repeat(50) }));
afterAll(() => resetSettings());

interface Visit {
  cookies: Record<string, string>;
  session: SessionStore;
}

function newVisitor(): Visit {
  return { cookies: {}, session: new SessionStore() };
}

/** One request through the middleware; the cookies that it sets are sent again with the next one. */
function visit(visitor: Visit, view: (request: HttpRequest) => void): HttpResponse {
  const request = new HttpRequest() as HttpRequest & { session: SessionStore };
  Object.assign(request.COOKIES, visitor.cookies);
  (request as unknown as { session: SessionStore }).session = visitor.session;
  const middleware = new MessageMiddleware(() => new HttpResponse());
  middleware.processRequest(request);
  view(request);
  const response = middleware.processResponse(request, new HttpResponse());
  const morsel = response.cookies.get('messages');
  if (morsel) {
    if (morsel.value === '') delete visitor.cookies['messages'];
    else visitor.cookies['messages'] = morsel.value;
  }
  return response;
}

/** Text that does not compress. */
const unique = (seed: string): string => createHash('sha256').update(seed).digest('base64');

const shown = (request: HttpRequest): string[] => [...messages.getMessages(request)].map(String);

describe.each([
  'tsango.contrib.messages.storage.cookie.CookieStorage',
  'tsango.contrib.messages.storage.session.SessionStorage',
  'django.contrib.messages.storage.fallback.FallbackStorage',
])('%s', (MESSAGE_STORAGE) => {
  let restore: () => Promise<void>;
  beforeEach(() => {
    restore = overrideSettings({ MESSAGE_STORAGE });
  });
  afterEach(() => restore());

  it('keeps messages until they are shown, and no longer', () => {
    const visitor = newVisitor();
    visit(visitor, (request) => {
      messages.info(request, 'Hello, Wörld');
      messages.error(request, markSafe('<b>no</b>'), { extraTags: 'loud' });
    });
    visit(visitor, () => undefined);
    visit(visitor, (request) => {
      expect(messages.getMessages(request)).toHaveLength(2);
      const [first, second] = [...messages.getMessages(request)];
      expect(first).toMatchObject({ level: 20, message: 'Hello, Wörld', levelTag: 'info', tags: 'info' });
      expect(second).toMatchObject({ level: 40, tags: 'loud error' });
      expect(String(second)).toBe('<b>no</b>');
    });
    visit(visitor, (request) => expect(shown(request)).toEqual([]));
    expect(visitor.cookies).toEqual({});
  });

  it('prints in templates: escaped, unless it was marked safe', () => {
    const visitor = newVisitor();
    visit(visitor, (request) => {
      messages.info(request, '<i>1</i>');
      messages.info(request, markSafe('<b>2</b>'));
    });
    visit(visitor, (request) => {
      const template = new Engine().fromString('{% for m in messages %}{{ m }} {{ m.tags }};{% endfor %}');
      const printed = template.render(new Context(contextProcessor(request)));
      expect(String(printed)).toBe('&lt;i&gt;1&lt;/i&gt; info;<b>2</b> info;');
    });
  });

  it('shows what was added in the same request', () => {
    const visitor = newVisitor();
    visit(visitor, (request) => {
      messages.success(request, 'now');
      expect(shown(request)).toEqual(['now']);
    });
    visit(visitor, (request) => expect(shown(request)).toEqual([]));
  });

  it('records only from its level on, and nothing that is empty', () => {
    const visitor = newVisitor();
    visit(visitor, (request) => {
      messages.debug(request, 'too low');
      messages.info(request, '');
      expect(messages.getLevel(request)).toBe(20);
      messages.setLevel(request, messages.DEBUG);
      messages.debug(request, 'low enough');
      messages.setLevel(request, null);
      expect(messages.getLevel(request)).toBe(20);
    });
    visit(visitor, (request) => expect(shown(request)).toEqual(['low enough']));
  });

  it('sets no cookie and changes no session when nothing happens', () => {
    const visitor = newVisitor();
    const response = visit(visitor, () => undefined);
    expect(response.cookies.get('messages')).toBeUndefined();
    expect(visitor.session.modified).toBe(false);
  });
});

describe('the cookie', () => {
  it('holds as many messages as fit, and the fallback keeps the rest in the session, in order', () => {
    const visitor = newVisitor();
    const texts = Array.from({ length: 90 }, (_, index) => unique(`cookie ${index}`));
    visit(visitor, (request) => {
      for (const text of texts) messages.info(request, text);
    });
    expect(visitor.cookies['messages']?.length).toBeLessThanOrEqual(2048);
    expect(visitor.session.has(SessionStorage.sessionKey)).toBe(true);
    visit(visitor, (request) => expect(shown(request)).toEqual(texts));
    expect(visitor.session.has(SessionStorage.sessionKey)).toBe(false);
    expect(visitor.cookies).toEqual({});
  });

  it('keeps the newest on its own, and says with DEBUG that some were lost', async () => {
    const big = (index: number): string => unique(`${index}`) + unique(`more ${index}`);
    const add = (request: HttpRequest): void => {
      for (let index = 0; index < 40; index++) messages.info(request, big(index));
    };
    await overrideSettings(
      { MESSAGE_STORAGE: 'tsango.contrib.messages.storage.cookie.CookieStorage' },
      async () => {
        const visitor = newVisitor();
        visit(visitor, add);
        visit(visitor, (request) => {
          const left = shown(request);
          expect(left.length).toBeGreaterThan(0);
          expect(left.at(-1)).toBe(big(39));
        });
        await overrideSettings({ DEBUG: true }, () => {
          expect(() => visit(newVisitor(), add)).toThrow('Not all temporary messages could be stored.');
        });
      },
    );
  });

  it.each(['x', 'WyJhIl0:1xVBWg:wrong', '.:a:b', 'a'.repeat(5000)])(
    'is dropped when it is not ours: %p',
    (value) => {
      const visitor = { ...newVisitor(), cookies: { messages: value } };
      const response = visit(visitor, (request) => expect(shown(request)).toEqual([]));
      expect(response.cookies.get('messages')?.value).toBe('');
    },
  );

  it('has the attributes of the session cookie', async () => {
    await overrideSettings({ SESSION_COOKIE_SECURE: true, SESSION_COOKIE_DOMAIN: '.example.com' }, () => {
      const response = visit(newVisitor(), (request) => messages.info(request, 'x'));
      const header = String(response.cookies.get('messages'));
      expect(header).toContain('; Domain=.example.com');
      expect(header).toContain('; Secure');
      expect(header).toContain('; HttpOnly');
      expect(header).toContain('; SameSite=Lax');
    });
  });
});

describe('without the middleware', () => {
  it('adding a message names what is missing', () => {
    expect(() => messages.info(new HttpRequest(), 'x')).toThrow(
      "You cannot add messages without installing 'tsango.contrib.messages.middleware.MessageMiddleware' in MIDDLEWARE.",
    );
    expect(() => messages.info(new HttpRequest(), 'x', { failSilently: true })).not.toThrow();
    expect(() => messages.info({} as HttpRequest, 'x')).toThrow(
      "addMessage() argument must be an HttpRequest object, not 'Object'.",
    );
  });

  it('there is nothing to show', () => {
    expect(contextProcessor(new HttpRequest())).toMatchObject({
      messages: [],
      DEFAULT_MESSAGE_LEVELS: { INFO: 20 },
    });
  });

  it('the session storage names the middleware that it needs', () => {
    expect(() => new SessionStorage(new HttpRequest())).toThrow(
      'The session-based temporary message storage requires session middleware to be installed, and come before the message middleware in the MIDDLEWARE list.',
    );
    expect(CookieStorage.cookieName).toBe('messages');
  });
});
