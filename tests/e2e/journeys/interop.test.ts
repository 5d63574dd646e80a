/** docs/interop.md: a browser goes to and fro between a real Django and a site of ours, with one session, form and message. */
import { type ChildProcess, spawn } from 'node:child_process';
import { listens } from '../../support/servers';
import { SERVICES } from '../../support/services';
import { freePort } from '../../support/site';
import { journey, seen, siteFor } from './support';

/** The same shop, in Django: its visit, and a form that posts to either site. */
const DJANGO = `
import json, sys
from wsgiref.simple_server import make_server, WSGIRequestHandler
import django
from django.conf import settings
port, database, common = int(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])
page = '''<!DOCTYPE html><title>Django</title><link rel="icon" href="data:,"><ul role="status">{% for message in messages %}<li class="{{ message.tags }}">{{ message }}</li>{% endfor %}</ul>
<dl>{% for key, value in request.session.items %}<dt>{{ key }}</dt><dd>{{ value }}</dd>{% endfor %}</dl>
<form method="post" action="{{ request.GET.action }}">{% csrf_token %}<input name="key"><input name="value"><button>set</button></form>'''
settings.configure(**common, ALLOWED_HOSTS=['*'], ROOT_URLCONF=__name__, USE_TZ=True,
  INSTALLED_APPS=['django.contrib.sessions', 'django.contrib.messages'],
  DATABASES={'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': database}},
  MIDDLEWARE=['django.contrib.sessions.middleware.SessionMiddleware', 'django.middleware.csrf.CsrfViewMiddleware', 'django.contrib.messages.middleware.MessageMiddleware'],
  TEMPLATES=[{'BACKEND': 'django.template.backends.django.DjangoTemplates', 'OPTIONS': {
    'context_processors': ['django.template.context_processors.request', 'django.contrib.messages.context_processors.messages'],
    'loaders': [('django.template.loaders.locmem.Loader', {'page.html': page})]}}])
django.setup()
from django.contrib import messages
from django.core.wsgi import get_wsgi_application
from django.shortcuts import redirect, render
from django.urls import path
def index(request):
    if request.method == 'POST':
        request.session[request.POST['key']] = request.POST['value']
        messages.success(request, 'Django: ' + request.POST['key'])
        return redirect(request.GET.get('next', '/'))
    return render(request, 'page.html')
urlpatterns = [path('', index)]
class Quiet(WSGIRequestHandler):
    def log_message(self, *args): pass
make_server('127.0.0.1', port, get_wsgi_application(), handler_class=Quiet).serve_forever()
`;

journey(
  'a real Django beside it',
  (visitors) => {
    const common = { SECRET_KEY: 'one key for the two of them, of more than fifty characters, 0123456789' };
    let django: ChildProcess;
    let port: number;
    const site = siteFor({ settings: { ...common, CSRF_TRUSTED_ORIGINS: [] } });
    beforeAll(async () => {
      port = await freePort();
      const args = ['-c', DJANGO, String(port), `${site().data}/db.sqlite3`, JSON.stringify(common)];
      django = spawn(SERVICES.python, args, { stdio: 'inherit' });
      while (!(await listens(port))) {
        if (django.exitCode !== null) throw new Error('Django did not start.');
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }, 60_000);
    afterAll(async () => {
      if (!django || django.exitCode !== null) return;
      const ended = new Promise((resolve) => django.once('exit', resolve));
      django.kill('SIGTERM');
      await ended;
    });

    it('has the same visitor', async () => {
      const page = await visitors.page();
      const there = (query = ''): string => `http://127.0.0.1:${port}/${query}`;
      const here = (): string => site().url('/visits/');
      const fill = async (key: string, value: string): Promise<void> => {
        await page.locator('[name=key]').fill(key);
        await page.locator('[name=value]').fill(value);
        await page.getByRole('button', { name: 'set', exact: true }).click();
      };
      await page.goto(here());
      await fill('ours', 'Zoë & <co>');
      await page.goto(there());
      expect(await seen(page, 'dl')).toContain('Zoë & <co>');
      await fill('theirs', '今日 "quoted"');
      expect(await seen(page, '[role=status]')).toBe('Django: theirs');
      await page.goto(here());
      const all = await page.locator('dd').allInnerTexts();
      expect(all).toEqual(['Zoë & <co>', '今日 "quoted"']);
      // A message of ours that is shown there: nobody follows the redirect here.
      await page.getByLabel('Say').fill('from here, to there');
      const post = `fetch('/visits/say/', {
        method: 'POST', body: new FormData(document.querySelector('form[action$="/say/"]')), redirect: 'manual',
      }).then((answer) => answer.type)`;
      expect(await page.evaluate(post)).toBe('opaqueredirect');
      await page.goto(there());
      expect(await page.locator('[role=status] li').allInnerTexts()).toContain('from here, to there');
      // A new key on one side is the key on the other; what ends there has ended here.
      await page.goto(here());
      await page.getByRole('button', { name: 'cycle' }).click();
      await page.goto(there());
      expect(await seen(page, 'dl')).toContain('今日');
      await page.goto(here());
      await page.getByRole('button', { name: 'flush' }).click();
      await page.goto(there());
      expect(await page.locator('dt').count()).toBe(0);
      expect(visitors.errors).toEqual([]);
    }, 60_000);

    it('made a form that is taken here', async () => {
      const page = await visitors.page();
      // Behind one domain both have one origin; here only the port is another, so the browser names it.
      await page.goto(`http://127.0.0.1:${port}/?action=x`);
      const token = await page.locator('[name=csrfmiddlewaretoken]').inputValue();
      await page.goto(site().url('/ajax/bare/'));
      await page
        .locator('[name=csrfmiddlewaretoken]')
        .evaluate((field, value) => field.setAttribute('value', value), token);
      await page.getByRole('button').click();
      expect(await seen(page, 'pre')).toContain('typed');
    });
  },
  ['django'],
);
