"""The site of site.ts on a real Django: as a script what request.user costs in its own process, under gunicorn a server."""
import os
import sys
import tempfile
import time

import django
from django.conf import settings

folder = os.environ.get("BENCH_FOLDER") or tempfile.mkdtemp()
settings.configure(
    SECRET_KEY="benchmark-secret-key-of-more-than-fifty-characters-0123456789",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.path.join(folder, "db.sqlite3"),
            "CONN_MAX_AGE": None,
        }
    },
)
django.setup()

from django.contrib.auth import authenticate, login  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.test import Client, RequestFactory  # noqa: E402
from django.urls import path  # noqa: E402

PASSWORD = "correct horse"


def plain(request):
    return HttpResponse("plain")


def enter(request):
    login(request, authenticate(request, username="ada", password=request.GET.get("password")))
    return HttpResponse("in")


urlpatterns = [
    path("plain", plain),
    path("present", plain),
    path("who", lambda request: HttpResponse(request.user.get_username())),
    path("enter", enter),
]

call_command("migrate", verbosity=0)
ada = User.objects.filter(username="ada").first() or User.objects.create_user("ada", "ada@example.com", PASSWORD)
application = get_wsgi_application()


def main():
    client = Client()
    client.force_login(ada)
    cookie = "sessionid=" + client.cookies["sessionid"].value
    factory = RequestFactory()

    def ask(target):
        environ = factory.get(target, HTTP_COOKIE=cookie).environ
        response = application(environ, lambda status, headers: None)
        content = b"".join(response)
        response.close()
        return content

    def cost(target, expected):
        assert ask(target) == expected
        begin, calls = time.process_time(), 0
        while time.process_time() - begin < float(sys.argv[1] if len(sys.argv) > 1 else 0.3):
            for _ in range(50):
                ask(target)
            calls += 50
        return (time.process_time() - begin) / calls * 1e6

    plain = who = float("inf")
    for _ in range(7):
        plain = min(plain, cost("/plain", b"plain"))
        who = min(who, cost("/who", b"ada"))
    print(f"Django {django.__version__}: plain {plain:.1f} µs, who {who:.1f} µs: request.user {who - plain:.1f} µs")


if __name__ == "__main__":
    main()
