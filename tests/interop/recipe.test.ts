/**
 * docs/interop.md, followed to the letter: the settings of both sites and the nginx in front are taken from the page, and a
 * visitor goes from one to the other. DJANGO_PATHS: folders with a Django each, besides that of the machine's Python.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { scratchDatabase } from '../support/databases';
import { describeWith, SERVICES } from '../support/services';
import { freePort } from '../support/site';
import { manage, REPOSITORY, type Running, Site } from '../support/temporary_site';

const DJANGOS = ['', ...(process.env['DJANGO_PATHS'] ?? '').split(path.delimiter).filter(Boolean)];
const PAGE = readFileSync(path.join(REPOSITORY, 'docs', 'interop.md'), 'utf8');
const HOST = 'shop.example.com';

/** The first block of the page in a language, with a text in it. */
function block(language: string, text: string): string {
  for (const [, name, body = ''] of PAGE.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)) {
    if (name === language && body.includes(text)) return body;
  }
  throw new Error(`docs/interop.md has no block of ${language} with ${text}.`);
}
const DJANGO_SETTINGS = block('python', 'SESSION_ENGINE');
const OUR_SETTINGS = block('ts', 'SESSION_ENGINE');
const NGINX = block('nginx', 'listen 443');

/** What a site has besides: its URLs, templates and mail. */
const OURS = (templates: string): string => `import { defineSettings } from 'tsango/conf';

export default defineSettings({
${OUR_SETTINGS}
  ROOT_URLCONF: 'urls',
  TEMPLATES: [{ BACKEND: 'django.template.backends.django.DjangoTemplates', DIRS: [${JSON.stringify(templates)}], APP_DIRS: true }],
  DEFAULT_AUTO_FIELD: 'django.db.models.AutoField',
});
`;
const OUR_URLS = `import { User } from 'tsango/contrib/auth/models';
import { type HttpRequest, JsonResponse } from 'tsango/http';
import { include, path } from 'tsango/urls';

async function who(request: HttpRequest) {
  const user = await request.user;
  return new JsonResponse({
    user: user.getUsername(),
    permissions: [...(await user.getAllPermissions())].sort(),
    hash: user instanceof User ? user.password : '',
    secure: request.isSecure(),
  });
}

export const urlpatterns = [path('api/who/', who), path('api/accounts/', include('django.contrib.auth.urls'))];
`;
const DJANGOS_OWN = (templates: string, mail: string): string => `
ROOT_URLCONF = 'urls'
TEMPLATES = [{'BACKEND': 'django.template.backends.django.DjangoTemplates', 'DIRS': [${JSON.stringify(templates)}], 'APP_DIRS': True}]
DEFAULT_AUTO_FIELD = 'django.db.models.AutoField'
EMAIL_BACKEND = 'django.core.mail.backends.filebased.EmailBackend'
EMAIL_FILE_PATH = ${JSON.stringify(mail)}
USE_TZ = True
`;
const FORM = '<form method="post">{% csrf_token %}{{ form.as_p }}</form>';
const TEMPLATES: Readonly<Record<string, string>> = {
  'login.html': FORM,
  'password_change_form.html': FORM,
  'password_change_done.html': 'changed',
  'password_reset_form.html': FORM,
  'password_reset_done.html': 'sent',
  'password_reset_subject.txt': 'A new password',
  'password_reset_email.html': 'reset/{{ uid }}/{{ token }}/',
  'password_reset_confirm.html': `{% if validlink %}${FORM}{% else %}no good{% endif %}`,
  'password_reset_complete.html': 'complete',
  'logged_out.html': 'logged out',
};

interface Answer {
  status: number;
  text: string;
  location: string;
}
interface Who {
  user: string;
  permissions: string[];
  hash: string;
  secure: boolean;
}

/** A browser: its cookies go to both sites, and forms are sent with the token that the page has. */
class Visitor {
  readonly cookies = new Map<string, string>();
  constructor(private readonly port: number) {}

  private ask(target: string, form?: Readonly<Record<string, string>>): Promise<Answer> {
    const cookie = [...this.cookies].map((pair) => pair.join('=')).join('; ');
    const body = form && new URLSearchParams(form).toString();
    return new Promise((resolve, reject) => {
      const request = https.request(
        {
          port: this.port,
          path: target,
          method: body === undefined ? 'GET' : 'POST',
          rejectUnauthorized: false,
          servername: HOST,
          headers: {
            host: HOST,
            ...(cookie && { cookie }),
            ...(body !== undefined && {
              'content-type': 'application/x-www-form-urlencoded',
              'content-length': Buffer.byteLength(body),
              origin: `https://${HOST}`,
              referer: `https://${HOST}/`,
            }),
          },
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (part: string) => {
            text += part;
          });
          response.on('end', () => {
            for (const header of response.headers['set-cookie'] ?? []) {
              const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(header) ?? [];
              if (value === '' || value === '""') this.cookies.delete(name);
              else this.cookies.set(name, value);
            }
            resolve({ status: response.statusCode ?? 0, text, location: response.headers.location ?? '' });
          });
        },
      );
      request.on('error', reject);
      request.end(body);
    });
  }

  get(target: string): Promise<Answer> {
    return this.ask(target);
  }

  /** Sends a form to a page, with the token that another page, perhaps of the other site, has given. */
  async send(target: string, form: Readonly<Record<string, string>>, from = target): Promise<Answer> {
    const page = await this.get(from);
    const token = /name="csrfmiddlewaretoken" value="(\w+)"/.exec(page.text)?.[1] ?? '';
    return this.ask(target, { ...form, csrfmiddlewaretoken: token });
  }

  /** Who the visitor is to both sites. */
  async who(): Promise<[django: Who, ours: Who]> {
    const [django, ours] = [await this.get('/who/'), await this.get('/api/who/')];
    if (django.status !== 200 || ours.status !== 200) throw new Error(`${django.text}\n${ours.text}`);
    return [JSON.parse(django.text) as Who, JSON.parse(ours.text) as Who];
  }

  /** Their one opinion. @throws Error where they have two. */
  async name(): Promise<string> {
    const [django, ours] = await this.who();
    expect(ours).toEqual(django);
    return django.user;
  }
}

describe.each(DJANGOS)('the recipe of docs/interop.md, with %j', (django) => {
  describeWith(['django', 'postgresql', 'nginx', 'openssl'], 'two sites under one address', () => {
    const database = scratchDatabase('postgresql');
    const folder = mkdtempSync(path.join(tmpdir(), 'tsango-recipe-'));
    const templates = path.join(folder, 'templates');
    const mail = path.join(folder, 'mail');
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      SECRET_KEY: 'one secret for both of the sites, of more than fifty letters',
      DB_NAME: String(database.NAME),
      DB_USER: String(database.USER),
      DB_HOST: String(database.HOST),
      DB_PORT: String(database.PORT),
      DJANGO_SETTINGS_MODULE: 'settings',
      PYTHONWARNINGS: 'ignore',
      PYTHONPATH: django ? `${folder}:${django}` : folder,
    };
    let site: Site;
    let ours: Running | undefined;
    const children: ChildProcess[] = [];
    let port: number;
    let iterations: number;

    const python = (...args: string[]): string =>
      execFileSync(SERVICES.python, args, { cwd: folder, env, encoding: 'utf8' });
    const own = (...args: string[]) => manage(site.root, args, env).ended;

    beforeAll(async () => {
      mkdirSync(path.join(templates, 'registration'), { recursive: true });
      for (const [name, text] of Object.entries(TEMPLATES)) {
        writeFileSync(path.join(templates, 'registration', name), text);
      }
      cpSync(path.join(__dirname, 'django_recipe', 'urls.py'), path.join(folder, 'urls.py'));
      writeFileSync(path.join(folder, 'settings.py'), DJANGO_SETTINGS + DJANGOS_OWN(templates, mail));
      // What the page says of versions holds for the one that runs.
      const program =
        'from django.contrib.auth.hashers import PBKDF2PasswordHasher as H; print(H.iterations)';
      iterations = Number(python('-c', program));
      const settings = OURS(templates).replace('1_000_000', String(iterations));
      site = new Site({ 'settings.ts': settings, 'urls.ts': OUR_URLS });

      const [one, other] = [await freePort(), await freePort()];
      port = await freePort();
      python('-m', 'django', 'migrate', '--verbosity', '0');
      const runserver = ['-m', 'django', 'runserver', '--noreload', `127.0.0.1:${one}`];
      children.push(spawn(SERVICES.python, runserver, { cwd: folder, env, stdio: 'ignore' }));
      ours = manage(site.root, ['serve', `127.0.0.1:${other}`, '--workers', '0'], env);

      const [key, certificate] = [path.join(folder, 'shop.key'), path.join(folder, 'shop.pem')];
      execFileSync(
        'openssl',
        ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${HOST}`].concat([
          ...['-keyout', key, '-out', certificate],
        ]),
        { stdio: 'ignore' },
      );
      const server = NGINX.replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
        .replace('/etc/ssl/shop.pem', certificate)
        .replace('/etc/ssl/shop.key', key)
        .replace(':3000', `:${other}`)
        .replace(':8000', `:${one}`);
      const scratch = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
        .map((name) => `${name}_temp_path ${folder}/${name};`)
        .join(' ');
      const config = path.join(folder, 'nginx.conf');
      const head = `daemon off; pid ${folder}/nginx.pid; error_log ${folder}/error.log; worker_processes 1;`;
      writeFileSync(config, `${head}\nevents { }\nhttp { access_log off; ${scratch}\n${server}}\n`);
      children.push(spawn('nginx', ['-p', folder, '-c', config], { stdio: 'ignore' }));
      await both();
    }, 120_000);
    afterAll(async () => {
      for (const child of children.reverse()) {
        const ended = new Promise((resolve) => child.once('exit', resolve));
        if (child.exitCode === null && child.kill()) await ended;
      }
      await ours?.stop();
      site?.remove();
      rmSync(folder, { recursive: true, force: true });
    });

    /** Waits until both sites answer through nginx. */
    async function both(): Promise<void> {
      for (let tries = 0; ; tries++) {
        try {
          await new Visitor(port).who();
          return;
        } catch (error) {
          if (tries > 600) throw new Error(`${ours?.stdout}${ours?.stderr}`, { cause: error });
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      }
    }

    async function logIn(
      visitor: Visitor,
      where: '/' | '/api/',
      username: string,
      password: string,
    ): Promise<void> {
      const { status, text } = await visitor.send(`${where}accounts/login/?next=/who/`, {
        username,
        password,
      });
      if (status !== 302) throw new Error(`${status} ${text}`);
    }

    it('shares users, log-ins, forms and links', async () => {
      expect((await own('migrate')).stdout).toContain('No migrations to apply.');
      const create = (name: string): string[] => [
        'createsuperuser',
        '--noinput',
        '--username',
        name,
        '--email',
        `${name}@example.com`,
      ];
      env['DJANGO_SUPERUSER_PASSWORD'] = 'correct horse 9';
      expect(await own(...create('ada'))).toMatchObject({ status: 0 });
      python('-m', 'django', ...create('bob'));

      const [one, other] = [new Visitor(port), new Visitor(port)];
      expect(await one.name()).toBe('');
      await logIn(one, '/', 'ada', 'correct horse 9');
      await logIn(other, '/api/', 'ada', 'correct horse 9');
      expect([await one.name(), await other.name()]).toEqual(['ada', 'ada']);
      const [{ permissions, secure, hash }] = await one.who();
      expect([secure, permissions.includes('auth.change_user')]).toEqual([true, true]);
      // Neither makes the other's hash anew.
      expect(hash).toMatch(new RegExp(`^pbkdf2_sha256\\$${iterations}\\$`));
      await logIn(new Visitor(port), '/', 'ada', 'correct horse 9');
      await logIn(new Visitor(port), '/api/', 'ada', 'correct horse 9');
      expect((await one.who())[0].hash).toBe(hash);

      // A form of Django's page is sent to ours: the password changes, and other sessions end at both.
      const change = {
        old_password: 'correct horse 9',
        new_password1: 'battery staple 8',
        new_password2: 'battery staple 8',
      };
      const changed = await one.send('/api/accounts/password_change/', change, '/accounts/password_change/');
      expect([changed.status, changed.location]).toEqual([302, '/api/accounts/password_change/done/']);
      expect([await one.name(), await other.name()]).toEqual(['ada', '']);

      // Out at one is out at the other.
      await one.send('/accounts/logout/', {}, '/api/accounts/password_change/');
      expect(await one.name()).toBe('');
      await logIn(one, '/api/', 'bob', 'correct horse 9');
      expect(await one.name()).toBe('bob');
      await one.send('/api/accounts/logout/', {}, '/accounts/password_change/');
      expect(await one.name()).toBe('');

      // Who is not logged in comes to LOGIN_URL, which is Django's.
      expect((await one.get('/api/accounts/password_change/')).location).toBe(
        '/accounts/login/?next=/api/accounts/password_change/',
      );

      // A link that Django mailed is good at ours, once.
      await one.send('/accounts/password_reset/', { email: 'bob@example.com' });
      const [file = ''] = readdirSync(mail);
      const link = /reset\/\S+/.exec(readFileSync(path.join(mail, file), 'utf8'))?.[0] ?? '';
      const { location } = await one.get(`/api/accounts/${link}`);
      expect(location).toMatch(/^\/api\/accounts\/reset\/\w+\/set-password\/$/);
      const password = { new_password1: 'purple monkey 7', new_password2: 'purple monkey 7' };
      expect((await one.send(location, password)).status).toBe(302);
      expect((await one.get(`/accounts/${link}`)).text).toBe('no good');
      await logIn(one, '/', 'bob', 'purple monkey 7');
      expect(await one.name()).toBe('bob');
    }, 120_000);
  });
});

it('the page has the same shared settings for both sites', () => {
  const shared = (text: string, pattern: RegExp): string[] =>
    text
      .slice(text.indexOf('Both sites have these as they are.'))
      .split('\n')
      .flatMap((line) => pattern.exec(line)?.[1] ?? []);
  const ours = shared(OUR_SETTINGS.slice(0, OUR_SETTINGS.indexOf('// Ours alone')), /^([A-Z_]+): /);
  expect(ours).toEqual(shared(DJANGO_SETTINGS, /^([A-Z_]+) = /));
  expect(ours.length).toBeGreaterThan(10);
});
