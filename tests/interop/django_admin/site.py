"""A Django site with the admin of a library, over the database of another one."""
import json
import sys
import types
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
from django.apps import AppConfig, apps
from django.conf import settings
from django.core.wsgi import get_wsgi_application

options = json.loads(sys.argv[1])


class LibraryConfig(AppConfig):
    name = label = 'library'
    path = '.'
    default_auto_field = 'django.db.models.AutoField'


library = types.ModuleType('library')
library.LibraryConfig = LibraryConfig
sys.modules['library'] = library

settings.configure(
    DEBUG=False,
    ALLOWED_HOSTS=['*'],
    ROOT_URLCONF=__name__,
    STATIC_URL='/static/',
    INSTALLED_APPS=[
        'django.contrib.admin',
        'django.contrib.auth',
        'django.contrib.contenttypes',
        'django.contrib.sessions',
        'django.contrib.messages',
        'library.LibraryConfig',
    ],
    MIDDLEWARE=[
        'django.contrib.sessions.middleware.SessionMiddleware',
        'django.middleware.csrf.CsrfViewMiddleware',
        'django.contrib.auth.middleware.AuthenticationMiddleware',
        'django.contrib.messages.middleware.MessageMiddleware',
    ],
    TEMPLATES=[{
        'BACKEND': 'django.template.backends.django.DjangoTemplates',
        'APP_DIRS': True,
        'OPTIONS': {'context_processors': [
            'django.template.context_processors.request',
            'django.contrib.auth.context_processors.auth',
            'django.contrib.messages.context_processors.messages',
        ]},
    }],
    PASSWORD_HASHERS=['django.contrib.auth.hashers.MD5PasswordHasher'],
    USE_TZ=True,
    **options['settings'],
)
django.setup()

from django.contrib import admin  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import models  # noqa: E402
from django.urls import path  # noqa: E402


class Author(models.Model):
    name = models.CharField(max_length=60)
    born = models.DateField(null=True, blank=True)

    class Meta:
        app_label = 'library'
        ordering = ['name']

    def __str__(self):
        return self.name


class Tag(models.Model):
    word = models.CharField(max_length=20, unique=True)

    class Meta:
        app_label = 'library'

    def __str__(self):
        return self.word


class Book(models.Model):
    title = models.CharField(max_length=100)
    slug = models.SlugField(blank=True)
    author = models.ForeignKey(Author, on_delete=models.CASCADE)
    tags = models.ManyToManyField(Tag, blank=True)
    published = models.DateTimeField(null=True, blank=True)
    price = models.DecimalField(max_digits=6, decimal_places=2, default='0.00')
    is_public = models.BooleanField(default=False)
    kind = models.CharField(max_length=1, default='n', choices=[('n', 'Novel'), ('p', 'Poems')])

    class Meta:
        app_label = 'library'

    def __str__(self):
        return self.title


class Review(models.Model):
    book = models.ForeignKey(Book, on_delete=models.CASCADE)
    text = models.TextField()
    stars = models.IntegerField(default=5)

    class Meta:
        app_label = 'library'

    def __str__(self):
        return self.text


class Loan(models.Model):
    book = models.ForeignKey(Book, on_delete=models.PROTECT)
    who = models.CharField(max_length=30)

    class Meta:
        app_label = 'library'

    def __str__(self):
        return self.who


class ReviewInline(admin.TabularInline):
    model = Review
    extra = 1


@admin.register(Book)
class BookAdmin(admin.ModelAdmin):
    list_display = ['title', 'author', 'published', 'is_public', 'kind']
    list_filter = ['is_public', 'kind', 'author', 'published']
    search_fields = ['title', 'author__name']
    inlines = [ReviewInline]


admin.site.register([Author, Tag, Loan])
urlpatterns = [path('admin/', admin.site.urls)]
# Only apps with a module of models get tables and permissions.
apps.get_app_config('library').models_module = sys.modules[__name__]
call_command('migrate', run_syncdb=True, verbosity=0)


class Handler(WSGIRequestHandler):
    def log_message(self, *args):
        pass


server = make_server('127.0.0.1', 0, get_wsgi_application(), handler_class=Handler)
print(json.dumps({'port': server.server_port, 'version': django.__version__}), flush=True)
server.serve_forever()
