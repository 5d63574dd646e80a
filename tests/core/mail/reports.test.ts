/** What is mailed by itself: errors of requests to ADMINS, broken links to MANAGERS. */
import '../../db/settings';
import { overrideSettings, type Settings } from 'tsango/conf';
import { AuthenticationForm } from 'tsango/contrib/auth/forms';
import { LoginView } from 'tsango/contrib/auth/views';
import { outbox } from 'tsango/core/mail';
import { HttpResponse } from 'tsango/http';
import type { HttpRequest } from 'tsango/http/request';
import { Client } from 'tsango/test';
import { path } from 'tsango/urls';
import { AdminEmailHandler, getLogger, type LogRecord, resetLogging } from 'tsango/utils/log';
import { sensitivePostParameters } from 'tsango/views/decorators';

class FailingForm extends AuthenticationForm {
  override clean(): never {
    throw new Error('the database is gone');
  }
}

const urlpatterns = [
  path('broken/', (request: HttpRequest) => {
    const password = request.POST.get('password', '');
    throw new Error(`no luck\nwith ${String(password).length}`);
  }),
  path(
    'pay/',
    sensitivePostParameters('card')((request: HttpRequest) => {
      throw new Error(`broken ${request.POST.count()}`);
    }),
  ),
  path('accounts/login/', LoginView.asView({ authenticationForm: FailingForm })),
  path('there/', () => new HttpResponse('ok')),
];

const SITE: Partial<Settings> = {
  DEBUG: false,
  ALLOWED_HOSTS: ['testserver'],
  ROOT_URLCONF: { urlpatterns },
  ADMINS: [['Ada', 'ada@example.com']],
  MANAGERS: ['managers@example.com'],
  EMAIL_BACKEND: 'tsango.core.mail.backends.locmem.EmailBackend',
  INSTALLED_APPS: [],
};

/** Mails go out when a response has left, or with it. */
async function sent(count: number): Promise<void> {
  for (let turn = 0; turn < 200 && outbox.length < count; turn++)
    await new Promise((resolve) => setImmediate(resolve));
  expect(outbox).toHaveLength(count);
}

let restore: () => Promise<void>;
let silent: jest.SpyInstance;
beforeEach(() => {
  outbox.length = 0;
  resetLogging();
  silent = jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
  restore = overrideSettings(SITE);
});
afterEach(async () => {
  silent.mockRestore();
  await restore();
  resetLogging();
});

/** In no line of a source, which a report shows. */
const SECRET = ['hun', 'ter2'].join('');
const OTHER = ['Ada', 'L.'].join(' ');
const FOOTER = ['You’re', 'seeing this error'].join(' ');

describe('errors', () => {
  const fail = (): Promise<unknown> =>
    new Client({ raiseRequestException: false }).post('/broken/?a=1', { password: SECRET, name: 'x' });

  it('of a request are mailed to ADMINS, with the report of the debug page and without secrets', async () => {
    await fail();
    await sent(1);
    const [mail] = outbox;
    expect(mail).toMatchObject({
      subject: '[Django] ERROR (EXTERNAL IP): Internal Server Error: /broken/',
      to: ['ada@example.com'],
      fromEmail: 'root@localhost',
    });
    expect(mail?.body).toMatch(
      /^Internal Server Error: \/broken\/\n\nError: no luck\nwith 7\n\nRequest Method: POST\n/,
    );
    expect(mail?.body).toContain('reports.test.ts');
    expect(mail?.body).not.toContain(SECRET);
    expect((mail as unknown as { alternatives: unknown[] }).alternatives).toEqual([]);
  });

  it('come from inside where INTERNAL_IPS say so', async () => {
    await overrideSettings({ INTERNAL_IPS: ['127.0.0.1'] }, async () => {
      await fail();
      await sent(1);
      expect(outbox[0]?.subject).toBe('[Django] ERROR (internal IP): Internal Server Error: /broken/');
    });
  });

  it('are mailed to nobody while DEBUG is on, or without ADMINS', async () => {
    await overrideSettings({ DEBUG: true }, fail);
    await overrideSettings({ ADMINS: [] }, fail);
    await sent(0);
  });

  it('come with the page where LOGGING asks for it, by another backend', async () => {
    const LOGGING = {
      version: 1,
      handlers: {
        admins: {
          class: 'django.utils.log.AdminEmailHandler',
          include_html: true,
          email_backend: 'django.core.mail.backends.locmem.EmailBackend',
        },
      },
      loggers: { django: { handlers: ['admins'] } },
    } as const;
    await overrideSettings(
      { LOGGING, EMAIL_BACKEND: 'tsango.core.mail.backends.dummy.EmailBackend' },
      async () => {
        await fail();
        await sent(1);
        const [html] = (outbox[0] as unknown as { alternatives: { content: string; mimetype: string }[] })
          .alternatives;
        expect(html?.mimetype).toBe('text/html');
        expect(html?.content).toContain('<h1>Error at /broken/</h1>');
        expect(html?.content).not.toContain(SECRET);
        expect(html?.content).not.toContain(FOOTER);
      },
    );
  });

  it.each([
    ['/pay/', 'the fields that the view marked', { card: SECRET, name: OTHER }, true],
    ['/accounts/login/', 'all that was sent to log in', { username: SECRET, note: OTHER }, false],
  ])('of %s hide %s', async (url, _what, sent_, showsOthers) => {
    const admins = { class: 'django.utils.log.AdminEmailHandler', include_html: true };
    const LOGGING = {
      version: 1,
      handlers: { admins },
      loggers: { django: { handlers: ['admins'] } },
    } as const;
    await overrideSettings({ LOGGING }, async () => {
      const client = new Client({ raiseRequestException: false });
      expect((await client.post(url, sent_)).statusCode).toBe(500);
      await sent(1);
      const [html] = (outbox[0] as unknown as { alternatives: { content: string }[] }).alternatives;
      expect(html?.content).not.toContain(SECRET);
      expect(html?.content.includes(OTHER)).toBe(showsOthers);
    });
  });

  it('that are shown while DEBUG is on show what was marked: whoever develops has to see it', async () => {
    await overrideSettings({ DEBUG: true }, async () => {
      const client = new Client({ raiseRequestException: false });
      expect((await client.post('/pay/', { card: SECRET })).text).toContain(SECRET);
    });
  });

  it('that are logged without a request have one line as a subject', async () => {
    getLogger('tsango.jobs').error('first\nsecond');
    await sent(1);
    expect(outbox[0]?.subject).toBe('[Django] ERROR: first\\nsecond');
    expect(outbox[0]?.body).toMatch(/^first\\nsecond\n\n/);
  });

  it('a mail that cannot be sent fails nobody', async () => {
    await overrideSettings({ EMAIL_BACKEND: 'nowhere.EmailBackend' }, async () => {
      expect(await fail()).toMatchObject({ statusCode: 500 });
    });
  });

  it('a subclass sends them elsewhere', async () => {
    const told: string[] = [];
    class Pager extends AdminEmailHandler {
      override async sendMail(subject: string): Promise<void> {
        told.push(subject);
      }
    }
    const record: LogRecord = {
      name: 'a',
      level: 40,
      levelName: 'ERROR',
      message: 'down',
      time: 0,
      extra: {},
    };
    await overrideSettings({ ADMINS: [] }, () => new Pager().emit(record));
    expect(told).toEqual(['ERROR: down']);
  });
});

describe('broken links', () => {
  const MIDDLEWARE = [
    'django.middleware.common.BrokenLinkEmailsMiddleware',
    'django.middleware.common.CommonMiddleware',
  ];
  const get = async (url: string, referer?: string, settings: Partial<Settings> = {}): Promise<void> => {
    outbox.length = 0;
    await overrideSettings({ MIDDLEWARE, ...settings }, async () => {
      await new Client({ raiseRequestException: false }).get(
        url,
        {},
        { headers: { 'user-agent': 'Browser', ...(referer !== undefined && { referer }) } },
      );
    });
  };

  it('are mailed to MANAGERS', async () => {
    await get('/gone', 'http://other.example/page');
    expect(outbox).toHaveLength(1);
    expect(outbox[0]).toMatchObject({
      subject: '[Django] Broken link on testserver',
      to: ['managers@example.com'],
      body: 'Referrer: http://other.example/page\nRequested URL: /gone\nUser agent: Browser\nIP address: 127.0.0.1\n',
    });
    await get('/gone', 'https://testserver/page');
    expect(outbox[0]?.subject).toBe('[Django] Broken INTERNAL link on testserver');
  });

  it.each([
    ['there is no referer', '/gone', undefined, {}],
    ['it is the page itself', '/gone', 'http://testserver/gone', {}],
    ['it is the page itself, without a host', '/gone', '/gone', {}],
    ['a search engine links', '/gone', 'https://search.example/?q=gone', {}],
    ['a slash was appended', '/gone/', '/gone', {}],
    ['the path is ignored', '/favicon.ico', 'http://other.example/', { IGNORABLE_404_URLS: [/^\/favicon/g] }],
    ['DEBUG is on', '/gone', 'http://other.example/', { DEBUG: true }],
    ['it is there', '/there/', 'http://other.example/', {}],
    ['there is nobody', '/gone', 'http://other.example/', { MANAGERS: [] }],
  ] as const)('are not mailed where %s', async (_why, url, referer, settings) => {
    await get(url, referer, settings as Partial<Settings>);
    expect(outbox).toHaveLength(0);
  });

  it('a referer cannot write headers', async () => {
    await get('/gone', 'http://other.example/%0d%0aBcc:x@example.com');
    expect(outbox[0]?.message().keys()).not.toContain('Bcc');
  });
});
