import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { configure, overrideSettings, resetSettings } from 'tsango/conf';
import { HttpRequest } from 'tsango/http';
import { NO_SOURCE } from 'tsango/http/request_source';
import { technical404Response, technical500Response } from 'tsango/views/debug';
import { SafeExceptionReporterFilter } from 'tsango/views/exception_reporter_filter';
import { parseStack, reportErrors } from 'tsango/views/traceback';

beforeAll(() =>
  configure({
    SECRET_KEY: 'the-secret-key',
    DEBUG: true,
    ALLOWED_HOSTS: ['*'],
    ROOT_URLCONF: 'mysite.urls',
    CACHES: { default: { BACKEND: 'x', LOCATION: 'redis://user:pa55@localhost:6379/1' } },
    DATABASES: { default: { ENGINE: 'postgresql', NAME: 'app', PASSWORD: 'pa55' } },
    STRIPE_API_KEY: 'sk_live',
    STRIPE: { token: 'tok', urls: ['https://a'] },
  }),
);
afterAll(() => resetSettings());

function request(target: string, headers: Record<string, string> = {}): HttpRequest {
  return new HttpRequest({
    ...NO_SOURCE,
    method: 'GET',
    target,
    headers: { host: 'testserver', ...headers },
  });
}

function html(error: unknown, from: HttpRequest | null = request('/boom/?a=1')): string {
  return String(technical500Response(from, error).content);
}

function failing(): Error {
  try {
    (undefined as unknown as { x: { y: 1 } }).x.y satisfies number;
  } catch (error) {
    return error as Error;
  }
  throw new Error('unreachable');
}

describe('technical500Response', () => {
  it('shows what happened, where, and the source around it', () => {
    const page = html(failing());
    expect(page).toContain('<h1>TypeError at /boom/</h1>');
    expect(page).toContain('Cannot read properties of undefined');
    expect(page).toContain('debug.test.ts');
    expect(page).toContain('satisfies number');
    expect(page).toContain('http://testserver/boom/?a=1');
    expect(page).toContain('DEBUG = true');
  });

  it('shows the causes of an error', () => {
    const page = html(new Error('outer', { cause: new Error('inner') }));
    expect(page).toContain('The above exception (inner) was the direct cause of the following exception:');
    expect(page).toContain('Error: outer');
  });

  it('escapes everything that a client or an error can say', () => {
    const attack = '<script>alert(1)</script>';
    const page = html(
      new Error(attack),
      request(`/?q=${encodeURIComponent(attack)}`, { 'x-test': attack, cookie: `c=${attack}` }),
    );
    expect(page).not.toContain(attack);
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  it('hides secrets of settings, headers and the session cookie', () => {
    // Without frames: they would show this very source.
    const error = Object.assign(new Error('x'), { stack: '' });
    const page = html(
      error,
      request('/', { cookie: 'sessionid=s3ss10n; theme=dark', authorization: 'Basic abc' }),
    );
    for (const secret of ['the-secret-key', 'pa55', 'sk_live', "'tok'", 's3ss10n', 'Basic abc']) {
      expect(page).not.toContain(secret);
    }
    expect(page).toContain('https://a');
    expect(page).toContain('dark');
  });

  it('survives a request that cannot be read, and things thrown that are no errors', () => {
    const broken = request('/', { host: 'bad host' });
    expect(html(new Error('x'), broken)).toContain('<h1>Error at /</h1>');
    expect(html('just text', null)).toContain('A string was thrown: just text');
    expect(html(null, null)).toContain('A object was thrown: null');
    expect(html(Object.create(null), null)).toContain('<!DOCTYPE html>');
  });

  it('is text for a client that does not accept HTML', () => {
    const response = technical500Response(request('/x/', { accept: 'application/json' }), failing());
    expect(response.statusCode).toBe(500);
    expect(response.headers.get('Content-Type')).toBe('text/plain; charset=utf-8');
    expect(String(response.content)).toMatch(/^TypeError: Cannot read properties of undefined/);
    expect(String(response.content)).toContain('Traceback (most recent call last):');
  });

  it('lets a site decide what is hidden', async () => {
    class Filter extends SafeExceptionReporterFilter {
      override hiddenSettings = /^X_FRAME_OPTIONS$/;
    }
    await overrideSettings({ DEFAULT_EXCEPTION_REPORTER_FILTER: Filter }, () => {
      expect(html(failing(), null)).not.toContain('>DENY<');
    });
  });
});

describe('technical404Response', () => {
  it('lists the patterns that were tried', () => {
    const error = Object.assign(new Error('x'), {
      path: 'missing/',
      tried: [[{ pattern: 'admin/', name: 'admin' }], [{ pattern: 'blog/' }, { pattern: '<int:id>/' }]],
    });
    const response = technical404Response(request('/missing/'), error);
    expect(response.statusCode).toBe(404);
    const page = String(response.content);
    expect(page).toContain('<li><code>admin/ [name=&#x27;admin&#x27;]</code></li>');
    expect(page).toContain('<li><code>blog/ &lt;int:id&gt;/</code></li>');
    expect(page).toContain('<code>missing/</code>, didn’t match any of these');
  });

  it('says what a view said', () => {
    const page = String(
      technical404Response(request('/a/'), new Error('No Poll matches the given query.')).content,
    );
    expect(page).toContain('No Poll matches the given query.');
  });

  it('welcomes where there are no URLs yet', () => {
    const response = technical404Response(
      request('/'),
      Object.assign(new Error(''), { path: '', tried: [] }),
    );
    expect(response.statusCode).toBe(200);
    expect(String(response.content)).toContain('The install worked successfully! Congratulations!');
  });
});

describe('tracebacks', () => {
  it('follow a source map to the file that was written', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'trace-'));
    try {
      writeFileSync(path.join(folder, 'a.ts'), 'line one\nthe real line\n');
      writeFileSync(path.join(folder, 'a.js'), 'x\n');
      // Generated line 1, column 0 is line 2, column 0 of a.ts.
      const map = { version: 3, file: 'a.js', sources: ['a.ts'], names: [], mappings: 'AACA' };
      writeFileSync(path.join(folder, 'a.js.map'), JSON.stringify(map));
      const [frame] = parseStack(`Error: x\n    at run (${path.join(folder, 'a.js')}:1:1)`);
      expect(frame).toMatchObject({
        functionName: 'run',
        filename: path.join(folder, 'a.ts'),
        line: 2,
        origin: 'site',
      });
      expect(frame?.context).toContainEqual([2, 'the real line']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('tell whose code a frame is, outermost first', () => {
    const frames = parseStack(
      [
        'Error: x',
        '    at inner (/site/views.js:3:5)',
        '    at async Promise.all (index 0)',
        '    at /site/node_modules/pkg/index.js:1:2',
        '    at async process.run (node:internal/process:5:6)',
      ].join('\n'),
    );
    expect(frames.map((frame) => [frame.functionName, frame.origin])).toEqual([
      ['process.run', 'node'],
      ['<anonymous>', 'framework'],
      ['inner', 'site'],
    ]);
  });

  it('end, for causes that go in circles and stacks of any length', () => {
    const error = new Error('a');
    error.cause = error;
    expect(reportErrors(error)).toHaveLength(1);
    expect(parseStack(`Error\n${'    at f (/a.js:1:1)\n'.repeat(10_000)}`)).toHaveLength(60);
    const hostile = `    at ${'('.repeat(1900)}`;
    expect(parseStack(hostile)).toEqual([]);
  });
});

describe('secrets in settings', () => {
  class Config {
    password = 'secret-of-a-class';
    toString(): string {
      return this.password;
    }
  }

  it.each([
    ['an object of the site’s own', new Config()],
    ['a map', new Map([['password', 'secret-of-a-map']])],
    ['a map in a list', [new Map([['api_key', 'secret-of-a-map']])]],
    ['a set of URLs', new Set(['redis://user:secret@host/'])],
    ['a URL', new URL('postgres://u:secret@h/db')],
    ['a password that holds an @', 'postgres://u:p@ss-secret@h/db'],
    ['a password that holds a slash', 'postgres://u:p/secret@h/db'],
  ])('%s shows none', async (_name, value) => {
    await overrideSettings({ MY_THING: value } as never, () => {
      const shown = new SafeExceptionReporterFilter().getSafeSettings().find(([name]) => name === 'MY_THING');
      expect(inspect(shown, { depth: 10 })).not.toContain('secret');
    });
  });
});
