/**
 * docs/security.md, docs/middleware.md, docs/middleware.md#content-security-policy, docs/settings.md#security: what a browser
 * makes of the headers: frames that stay empty, scripts that do not run, windows that stay apart, and the way to https.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CSP } from 'tsango/utils/csp';
import { journey, otherSite, seen, siteFor } from './support';

journey('headers', (visitors) => {
  const site = siteFor({
    settings: {
      SECURE_CSP: { 'script-src': [CSP.SELF, CSP.NONCE] },
      SECURE_REFERRER_POLICY: 'same-origin',
      SECURE_CROSS_ORIGIN_OPENER_POLICY: null,
    },
  });
  let other: Awaited<ReturnType<typeof otherSite>>;
  let page = '';
  beforeAll(async () => {
    other = await otherSite(() => page);
  });
  afterAll(() => other?.close());

  it('a frame is empty but where a view allows it', async () => {
    const window = await visitors.page();
    const inside = async (): Promise<Record<string, boolean>> => {
      const found: Record<string, boolean> = {};
      for (const name of ['deny', 'same', 'exempt']) {
        const frame = window.frame({ name });
        found[name] = (await frame?.locator('#inside').count()) === 1;
      }
      return found;
    };
    await window.goto(site().url('/framing/', 'shop.example'), { waitUntil: 'networkidle' });
    expect(await inside()).toEqual({ deny: false, same: true, exempt: true });
    page = ['deny', 'same', 'exempt']
      .map((how) => `<iframe name="${how}" src="${site().url(`/framed/${how}/`, 'shop.example')}"></iframe>`)
      .join('');
    await window.goto(other.url('evil.example'), { waitUntil: 'networkidle' });
    expect(await inside()).toEqual({ deny: false, same: false, exempt: true });
  });

  it('scripts run that the page knows, and what says that it is text does not', async () => {
    const window = await visitors.page();
    const first = await window.goto(site().url('/nonce/'));
    await window.locator('#text').click();
    expect(await window.title()).toBe('the page ran its own');
    const nonce = /'nonce-([^']+)'/.exec(first?.headers()['content-security-policy'] ?? '')?.[1];
    expect(nonce).toMatch(/^[A-Za-z0-9_-]{22}$/);
    const second = await window.reload();
    expect(second?.headers()['content-security-policy']).not.toContain(nonce);
    await window.goto(site().url('/sniff/'), { waitUntil: 'networkidle' });
    expect(await window.title()).toBe('quiet');
    expect(visitors.errors.join()).toContain('strict MIME type checking is enabled');
  });

  it('another site is not told which page one came from', async () => {
    const window = await visitors.page();
    page = '<title>other</title><script>document.title = document.referrer || "nobody"</script>';
    await window.goto(site().url('/articles/2026/secret/', 'shop.example'));
    await window.evaluate(`location.href = '${other.url('other.example')}'`);
    await window.waitForURL(/other\.example/);
    expect(await window.title()).toBe('nobody');
    await window.goto(site().url('/', 'shop.example'));
    await window.getByRole('link', { name: 'Tea time' }).click();
    expect(await window.evaluate('document.referrer')).toBe(site().url('/', 'shop.example'));
  });
});

journey(
  'https',
  (visitors) => {
    let folder: string;
    const secure = siteFor(() => {
      folder = mkdtempSync(path.join(tmpdir(), 'tsango-tls-'));
      const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
      const subject = ['-subj', '/CN=shop.example', '-addext', 'subjectAltName=DNS:shop.example'];
      const args = [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-days',
        '1',
        '-keyout',
        key,
        '-out',
        cert,
      ];
      execFileSync('openssl', [...args, ...subject], { stdio: 'ignore' });
      return {
        settings: {
          SESSION_COOKIE_SECURE: true,
          CSRF_COOKIE_SECURE: true,
          SECURE_HSTS_SECONDS: 3600,
          SECURE_SSL_REDIRECT: true,
        },
        before: [
          ['migrate', '--verbosity', '0'],
          ['collectstatic', '--noinput', '--verbosity', '0'],
        ],
        command: ['serve', '--workers', '0', '--static', '--tls-cert', cert, '--tls-key', key],
      };
    });
    const plain = siteFor(() => ({
      settings: { SECURE_SSL_REDIRECT: true, SECURE_SSL_HOST: `shop.example:${secure().port}` },
    }));
    afterAll(() => {
      if (folder) rmSync(folder, { recursive: true, force: true });
    });

    it('is where a visitor is sent to, and its cookies stay there', async () => {
      const page = await visitors.open({ ignoreHTTPSErrors: true });
      const first = await page.goto(plain().url('/visits/?from=http', 'shop.example'));
      expect(page.url()).toBe(secure().url('/visits/?from=http', 'shop.example'));
      expect(first?.headers()['strict-transport-security']).toBe('max-age=3600');
      await page.getByLabel('Key').fill('name');
      await page.getByLabel('Value').fill('Ada');
      await page.getByRole('button', { name: 'set', exact: true }).click();
      expect(await seen(page, 'dl')).toContain('Ada');
      const cookies = await page.context().cookies();
      expect(cookies.map(({ name, secure: isSecure }) => [name, isSecure]).sort()).toEqual([
        ['csrftoken', true],
        ['sessionid', true],
      ]);
      // That was said on the way, over http, where it means nothing.
      expect(visitors.errors.filter((text) => !text.startsWith('The Cross-Origin-Opener-Policy'))).toEqual(
        [],
      );
    });

    it('a form that hides where it comes from is refused there', async () => {
      const page = await visitors.open({ ignoreHTTPSErrors: true });
      await page.goto(secure().url('/ajax/bare/', 'shop.example'));
      await page.locator('head').evaluate((head) => {
        head.innerHTML += '<meta name="referrer" content="no-referrer">';
      });
      await page.getByRole('button').click();
      // The browser says `Origin: null` then.
      expect(await seen(page, 'h1')).toContain('Forbidden');
      await page.goto(secure().url('/ajax/bare/', 'shop.example'));
      await page.getByRole('button').click();
      expect(await seen(page, 'pre')).toContain('typed');
    });
  },
  ['openssl'],
);
