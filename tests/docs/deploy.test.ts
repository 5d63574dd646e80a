/** docs/deploy.md: its nginx configuration is run as it stands there, and it knows every option of `serve`. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import os from 'node:os';
import path from 'node:path';
import { describeWith } from '../support/services';
import { freePort, manage, ROOT, type RunningSite, startSite } from '../support/site';

const TEXT = readFileSync(path.join(ROOT, 'docs', 'deploy.md'), 'utf8');

/** The text of a code block. */
function block(language: string): string {
  const found = new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'm').exec(TEXT)?.[1];
  if (found === undefined) throw new Error(`docs/deploy.md has no block of ${language}.`);
  return found;
}

/** Puts a test's paths and ports in the place of the documentation's; each has to be there. */
function substitute(text: string, replacements: Readonly<Record<string, string>>): string {
  let result = text;
  for (const [from, to] of Object.entries(replacements)) {
    if (!result.includes(from)) throw new Error(`docs/deploy.md: no "${from}" in the configuration.`);
    result = result.replaceAll(from, to);
  }
  return result;
}

describe('the options of serve', () => {
  it('are all explained', () => {
    const help = manage({ DEBUG: '0' }, 'help', 'serve');
    const options = new Set(help.split('Options provided by')[0]?.match(/--[a-z][a-z-]+/g));
    const common = new Set(manage({ DEBUG: '0' }, 'help', 'check').match(/--[a-z][a-z-]+/g));
    const own = [...options].filter((option) => !common.has(option) && option !== '--skip-checks');
    expect(own).toContain('--workers');
    const inTable = (option: string): boolean => new RegExp(`^\\|.*\`${option}[ \`]`, 'm').test(TEXT);
    expect(own.filter((option) => !inTable(option))).toEqual([]);
  });
});

interface Answer {
  status: number;
  headers: http2.IncomingHttpHeaders;
  text: string;
}

describeWith(['nginx', 'openssl'], 'the nginx configuration', () => {
  let folder: string;
  let site: RunningSite;
  let nginx: ChildProcess;
  let httpPort: number;
  let client: http2.ClientHttp2Session;

  function ask(target: string, headers: http2.OutgoingHttpHeaders = {}, body?: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const stream = client.request(
        { ':path': target, ':authority': 'www.example.com', ...headers },
        { endStream: body === undefined },
      );
      let [text, answer] = ['', {} as http2.IncomingHttpHeaders & http2.IncomingHttpStatusHeader];
      stream.on('response', (got) => {
        answer = got;
      });
      stream.setEncoding('utf8');
      stream.on('data', (chunk: string) => {
        text += chunk;
      });
      const done = (): void => resolve({ status: answer[':status'] ?? 0, headers: answer, text });
      stream.on('end', done);
      // nginx may refuse a body before all of it is sent; its answer is there nevertheless.
      stream.on('error', (error) => (answer[':status'] === undefined ? reject(error) : done()));
      if (body !== undefined) stream.end(body);
    });
  }

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'tsango-nginx-'));
    // nginx's workers are of another user.
    execFileSync('chmod', ['755', folder]);
    const [key, certificate] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
    execFileSync(
      'openssl',
      `req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=www.example.com -addext subjectAltName=DNS:www.example.com -keyout ${key} -out ${certificate}`.split(
        ' ',
      ),
      { stdio: 'ignore' },
    );
    const files = path.join(folder, 'www', 'static');
    mkdirSync(files, { recursive: true });
    writeFileSync(path.join(files, 'a.css'), 'a {}');
    writeFileSync(path.join(files, 'a.0123456789ab.css'), 'b {}');
    const socket = path.join(folder, 'site.sock');
    const httpsPort = await freePort();
    httpPort = await freePort();
    const configuration = substitute(block('nginx'), {
      'unix:/run/example.com/site.sock': `unix:${socket}`,
      'listen 80;': `listen 127.0.0.1:${httpPort};`,
      'listen 443 ssl http2;': `listen 127.0.0.1:${httpsPort} ssl http2;`,
      '/etc/ssl/example.com.crt': certificate,
      '/etc/ssl/example.com.key': key,
      'root /var/www/example.com;': `root ${path.join(folder, 'www')};`,
    });
    const file = path.join(folder, 'nginx.conf');
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `${name}_temp_path ${folder}/${name};`,
    );
    writeFileSync(
      file,
      `daemon off; pid ${folder}/nginx.pid; error_log ${folder}/error.log; worker_processes 1;
events { worker_connections 64; }
http { access_log off; types { text/css css; } ${temporary.join(' ')}
${configuration}}`,
    );
    execFileSync('nginx', ['-t', '-p', folder, '-c', file], { stdio: 'ignore' });
    const args = ['-w', '2', '--socket-mode', '666', '--settings', 'tests.support.proxied_site'];
    site = await startSite(() => ['serve', `unix:${socket}`, ...args], {
      migrate: false,
      probe: '/',
      socket,
    });
    nginx = spawn('nginx', ['-p', folder, '-c', file], { stdio: 'ignore' });
    const deadline = Date.now() + 10_000;
    for (;;) {
      try {
        await fetch(`http://127.0.0.1:${httpPort}/`, { redirect: 'manual' });
        break;
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    }
    client = http2.connect(`https://127.0.0.1:${httpsPort}`, {
      ca: readFileSync(certificate),
      servername: 'www.example.com',
    });
  }, 60_000);

  afterAll(async () => {
    client?.close();
    if (nginx) {
      const ended = new Promise((resolve) => nginx.once('exit', resolve));
      nginx.kill('SIGTERM');
      await ended;
    }
    await site?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  it('sends who comes without TLS to https', async () => {
    const headers = { host: 'www.example.com' };
    const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
      http
        .get({ port: httpPort, host: '127.0.0.1', path: '/whoami/?a=1', headers }, resolve)
        .on('error', reject);
    });
    answer.resume();
    expect([answer.statusCode, answer.headers.location]).toEqual([
      301,
      'https://www.example.com/whoami/?a=1',
    ]);
  });

  it('tells the site who asks and how, whatever the client claims', async () => {
    const { status, text } = await ask('/whoami/', {
      'x-forwarded-proto': 'http',
      'x-forwarded-for': '6.6.6.6',
    });
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({
      scheme: 'https',
      secure: true,
      host: 'www.example.com',
      uri: 'https://www.example.com/whoami/',
      forwardedFor: '127.0.0.1',
    });
  });

  it('serves static files, those with a hash in their name for good', async () => {
    const plain = await ask('/static/a.css');
    expect([plain.status, plain.text, plain.headers['cache-control']]).toEqual([200, 'a {}', 'max-age=3600']);
    const hashed = await ask('/static/a.0123456789ab.css');
    expect([hashed.status, hashed.text]).toEqual([200, 'b {}']);
    expect(hashed.headers['cache-control']).toContain('public, immutable');
    expect((await ask('/static/../site.sock')).status).not.toBe(200);
  });

  it('lets a body of 10 MB through, and the site decides what of it is too much', async () => {
    const page = await ask('/form/');
    const headers = {
      ':method': 'POST',
      'content-type': 'application/x-www-form-urlencoded',
      origin: 'https://www.example.com',
      cookie: (page.headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0]).join('; '),
    };
    const form = (bytes: number): Buffer => Buffer.alloc(bytes, 'a');
    // More than DATA_UPLOAD_MAX_MEMORY_SIZE: the site's 400. More than client_max_body_size: nginx's 413.
    expect((await ask('/form/', headers, form(3 * 2 ** 20))).status).toBe(400);
    expect((await ask('/form/', headers, form(11 * 2 ** 20))).status).toBe(413);
  });
});
