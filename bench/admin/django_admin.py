"""The admin of site/library on a real Django, on the same database: milliseconds of processor time a page, as JSON."""
import json
import re
import sys
import time
import types

import django
from django.conf import settings

library = types.ModuleType("library")
library.__file__ = __file__
sys.modules["library"] = library
given = json.loads(sys.stdin.readline())
settings.configure(
    USE_TZ=True, DEBUG_PROPAGATE_EXCEPTIONS=True, SECRET_KEY=given["secret"], ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, STATIC_URL="/static/",
    DATABASES={"default": given["database"]}, DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=[f"django.contrib.{name}" for name in ("admin", "auth", "contenttypes", "sessions", "messages", "staticfiles")] + ["library"],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware", "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware", "django.contrib.messages.middleware.MessageMiddleware",
    ],
    TEMPLATES=[{
        "BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
        "OPTIONS": {"context_processors": [
            "django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
            "django.contrib.messages.context_processors.messages",
        ]},
    }],
)
django.setup()
from django.contrib import admin  # noqa: E402
from django.core.handlers.base import BaseHandler  # noqa: E402
from django.db import connections, models  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from django.urls import path  # noqa: E402


class Author(models.Model):
    name = models.CharField(max_length=60)

    class Meta:
        app_label = "library"

    def __str__(self):
        return self.name


class Book(models.Model):
    title = models.CharField(max_length=100)
    author = models.ForeignKey(Author, models.CASCADE)
    published = models.DateField(db_index=True)
    price = models.DecimalField(max_digits=6, decimal_places=2)
    is_public = models.BooleanField(default=False)

    class Meta:
        app_label = "library"

    def __str__(self):
        return self.title


class Review(models.Model):
    book = models.ForeignKey(Book, models.CASCADE)
    text = models.TextField()
    stars = models.IntegerField(default=5)

    class Meta:
        app_label = "library"

    def __str__(self):
        return self.text


class ReviewInline(admin.TabularInline):
    model = Review
    extra = 0


class BookAdmin(admin.ModelAdmin):
    list_display = ["title", "author", "published", "price", "is_public"]
    list_filter = ["is_public"]
    search_fields = ["title"]
    inlines = [ReviewInline]


class DatedAdmin(BookAdmin):
    date_hierarchy = "published"
    autocomplete_fields = ["author"]


class AuthorAdmin(admin.ModelAdmin):
    search_fields = ["name"]


dated = admin.AdminSite("dated")
for site, book_admin in ((admin.site, BookAdmin), (dated, DatedAdmin)):
    site.register(Author, AuthorAdmin)
    site.register(Book, book_admin)
urlpatterns = [path("admin/", admin.site.urls), path("dated/", dated.urls)]

handler = BaseHandler()
handler.load_middleware()
factory = RequestFactory()
factory.cookies["sessionid"] = given["session"]


def page(url):
    response = handler.get_response(factory.get(url))
    return response.status_code, response.content.decode()


found = {}
for name, url in given["pages"].items():
    status, html = page(url)
    for _ in range(5):
        page(url)
    start, begun, count = time.process_time(), time.monotonic(), 0
    while count == 0 or time.process_time() - start < given["seconds"] and time.monotonic() - begun < 4 * given["seconds"]:
        page(url)
        count += 1
    used = (time.process_time() - start) / count
    found[name] = {"status": status, "ms": used * 1000, "wall": (time.monotonic() - begun) / count * 1000, "bytes": len(html), "reviews": len(re.findall(r'name="review_set-\d+-text"', html)), "checks": len(re.findall("_selected_action", html))}
connections.close_all()
print(json.dumps(found))
