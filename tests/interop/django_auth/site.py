"""A Django site that logs in and out, changes users, and answers who it takes the visitor for."""
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
    INSTALLED_APPS=['django.contrib.auth', 'django.contrib.contenttypes', 'django.contrib.sessions'],
    MIDDLEWARE=[
        'django.contrib.sessions.middleware.SessionMiddleware',
        'django.contrib.auth.middleware.AuthenticationMiddleware',
    ],
    DEFAULT_AUTO_FIELD='django.db.models.AutoField',
    PASSWORD_HASHERS=['django.contrib.auth.hashers.MD5PasswordHasher'],
    USE_TZ=True,
    **options['settings'],
)
django.setup()

from django.contrib.auth import authenticate, login, logout, update_session_auth_hash  # noqa: E402
from django.contrib.auth.models import Group, Permission, User  # noqa: E402
from django.core.management import call_command  # noqa: E402

if options.get('migrate'):
    call_command('migrate', verbosity=0)


def change(what, name, value):
    """Changes a user from outside."""
    users = User.objects.filter(username=name)
    if what == 'create':
        users.delete()
        User.objects.create_user(name, '%s@example.com' % name, value)
    elif what == 'active':
        users.update(is_active=value == '1')
    elif what == 'superuser':
        users.update(is_superuser=value == '1')
    elif what == 'own':
        user, permission = users.get(), Permission.objects.get(codename=value)
        if user.user_permissions.filter(pk=permission.pk).exists():
            user.user_permissions.remove(permission)
        else:
            user.user_permissions.add(permission)
    elif what == 'group':
        group, created = Group.objects.get_or_create(name='editors')
        group.permissions.set([Permission.objects.get(codename=value)])
        users.get().groups.add(group)
    elif what == 'secret':
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY] if name == 'keep' else []
        settings.SECRET_KEY = value


def step(request):
    what, name, value = (request.GET.get(key, '') for key in ('what', 'name', 'value'))
    if what == 'login':
        user = authenticate(request, username=name, password=value)
        if user is not None:
            login(request, user)
    elif what == 'logout':
        logout(request)
    elif what == 'note':
        request.session['note'] = value
    elif what == 'password':
        if request.user.is_authenticated:
            request.user.set_password(value)
            request.user.save()
            update_session_auth_hash(request, request.user)
    elif what:
        change(what, name, value)
    user = request.user
    return JsonResponse({
        'user': user.get_username(),
        'permissions': sorted(user.get_all_permissions()),
        'may': user.has_perm('auth.view_user'),
        'note': request.session.get('note', None),
    })


urlpatterns = [path('', step)]


class Handler(WSGIRequestHandler):
    def log_message(self, *args):
        pass


server = make_server('127.0.0.1', 0, get_wsgi_application(), handler_class=Handler)
print(json.dumps({'port': server.server_port, 'version': django.__version__}), flush=True)
server.serve_forever()
