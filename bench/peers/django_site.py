"""The same endpoints on a real Django: gunicorn django_site:application, one worker."""
import itertools
import os
import tempfile

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

# True in django_manage.py: a manage.py sets Django up by itself, and serves nothing.
MANAGE = os.environ.get("BENCH_MANAGE") == "1"
STORE = os.environ.get("BENCH_STORE", "sqlite")
SQLITE = os.environ.get("BENCH_SQLITE", os.path.join(tempfile.gettempdir(), "tsango-bench.sqlite3"))
PAGE = """<!DOCTYPE html>
<html><head><title>Session</title></head><body><h1>Session</h1><ul>
{% for key, value in request.session.items %}<li>{{ key }}: {{ value }}</li>
{% endfor %}</ul></body></html>"""

DATABASE = (
    {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ.get("PGDATABASE", "tsango_bench"),
        "USER": os.environ.get("PGUSER", "postgres"),
        "HOST": os.environ.get("PGHOST", "127.0.0.1"),
        "CONN_MAX_AGE": None,
    }
    if STORE == "postgresql"
    else {"ENGINE": "django.db.backends.sqlite3", "NAME": SQLITE + ".django", "CONN_MAX_AGE": None}
)

CACHE = (
    {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": os.environ.get("BENCH_REDIS", "redis://127.0.0.1:6379/9"),
    }
    if STORE == "redis"
    else {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 10_000_000},
    }
)

settings.configure(
    DEBUG=False,
    SECRET_KEY="benchmark-secret-key-of-more-than-fifty-characters-0123456789",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": DATABASE},
    CACHES={"default": CACHE},
    USE_TZ=True,
    INSTALLED_APPS=["django.contrib.sessions", "django.contrib.messages"],
    SESSION_ENGINE="django.contrib.sessions.backends."
    + {"cookie": "signed_cookies", "memory": "cache", "redis": "cache"}.get(STORE, "db"),
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "context_processors": ["django.template.context_processors.request"],
                "loaders": [
                    (
                        "django.template.loaders.cached.Loader",
                        [("django.template.loaders.locmem.Loader", {"page.html": PAGE})],
                    )
                ],
            },
        }
    ],
)
if not MANAGE:
    django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.backends.signals import connection_created  # noqa: E402
from django.shortcuts import render  # noqa: E402


def durability(sender, connection, **kwargs):
    """As the others have it: write-ahead log, no flush to the disk at each commit."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute("PRAGMA synchronous = NORMAL")


connection_created.connect(durability)
if STORE in ("sqlite", "postgresql") and not MANAGE:
    call_command("migrate", verbosity=0)
    connection.close()  # gunicorn forks


made = itertools.count(1)


def plain(request):
    return HttpResponse("Hello, world", content_type="text/plain")


def get(request):
    return HttpResponse("data is " + request.session["name"], content_type="text/plain")


def set_(request):
    session = {"name": "amrit panta", "age": 25, "city": "Kathmandu", "theme": "dark <&> bold", "visits": next(made)}
    for key, value in session.items():
        request.session[key] = value
    return HttpResponse("set successfully", content_type="text/plain")


def page(request):
    return render(request, "page.html")


urlpatterns = [path("plain", plain), path("get", get), path("set", set_), path("page", page)]
if not MANAGE:
    application = get_wsgi_application()
