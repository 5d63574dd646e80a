"""A Django site that does to its session what it is asked to, and answers with what is in it then."""
import json
import sys
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from django.urls import path

options = json.loads(sys.argv[1])
settings.configure(
    DEBUG=False,
    ALLOWED_HOSTS=['*'],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=['django.contrib.sessions'],
    MIDDLEWARE=['django.contrib.sessions.middleware.SessionMiddleware'],
    USE_TZ=True,
    **options['settings'],
)
django.setup()

if options.get('migrate'):
    from django.core.management import call_command

    call_command('migrate', verbosity=0)


def step(request):
    session = request.session
    what = request.GET['what']
    if what == 'set':
        session[request.GET['key']] = json.loads(request.GET['value'])
    elif what == 'delete':
        session.pop(request.GET['key'], None)
    elif what == 'push':
        session.setdefault('list', []).append(json.loads(request.GET['value']))
        session.modified = True
    elif what == 'flush':
        session.flush()
    elif what == 'clear':
        session.clear()
    elif what == 'cycle':
        session.cycle_key()
    elif what == 'expiry':
        session.set_expiry(json.loads(request.GET['value']))
    return JsonResponse({'items': dict(session.items())})


urlpatterns = [path('', step)]


class Handler(WSGIRequestHandler):
    def log_message(self, *args):
        pass


server = make_server('127.0.0.1', 0, get_wsgi_application(), handler_class=Handler)
print(server.server_port, flush=True)
server.serve_forever()
