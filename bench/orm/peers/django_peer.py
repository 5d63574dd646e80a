"""A real Django as a peer: see ../worker.js."""
import json
import os
import sys
import time
import types
from urllib.parse import urlparse

import django
from django.conf import settings

_, target, scale = sys.argv
BOOKS = int(scale)
# An app without files of its own.
sys.modules['bench'] = types.ModuleType('bench')
sys.modules['bench'].__path__ = [os.path.dirname(os.path.abspath(__file__))]
if target.startswith('postgresql:'):
    url = urlparse(target)
    database = {
        'ENGINE': 'django.db.backends.postgresql', 'NAME': url.path[1:], 'USER': url.username, 'HOST': url.hostname,
        'PORT': url.port, 'CONN_MAX_AGE': None,
    }
else:
    database = {'ENGINE': 'django.db.backends.sqlite3', 'NAME': target}
settings.configure(
    INSTALLED_APPS=['bench'],
    DATABASES={'default': database},
    DEFAULT_AUTO_FIELD='django.db.models.AutoField',
    USE_TZ=False,
)
django.setup()

from django.db import models  # noqa: E402
from django.db.models import Count, F  # noqa: E402


class Author(models.Model):
    class Meta:
        app_label = 'bench'

    name = models.CharField(max_length=60)
    born = models.IntegerField()


class Tag(models.Model):
    class Meta:
        app_label = 'bench'

    name = models.CharField(max_length=30)


class Book(models.Model):
    class Meta:
        app_label = 'bench'

    title = models.CharField(max_length=80)
    author = models.ForeignKey(Author, models.CASCADE, related_name='books')
    price = models.IntegerField()
    published = models.DateField()
    pages = models.IntegerField()
    in_print = models.BooleanField()
    tags = models.ManyToManyField(Tag, related_name='books')


class Review(models.Model):
    class Meta:
        app_label = 'bench'

    book = models.ForeignKey(Book, models.CASCADE, related_name='reviews')
    rating = models.IntegerField()
    text = models.CharField(max_length=60)


def key(at):
    return at * 7919 % (BOOKS - 200) + 1


def review(at):
    return {'book_id': BOOKS - at % 100, 'rating': at % 5 + 1, 'text': f'review {at}'}


def written(row):
    return [row.id, row.title, row.author_id, row.price, row.published.isoformat(), row.pages, row.in_print]


def save(at):
    row = Book.objects.get(id=key(at))
    row.pages = at
    row.save()
    return row


def bulk(at):
    return len(Review.objects.bulk_create([Review(**review(at * 100 + more)) for more in range(100)]))


books = Book.objects
def in_print_over(price):
    return books.filter(in_print=True, price__gt=price).order_by('-published', 'id')[:20]


def ten_calls(at):
    """Ten calls of two kinds, of which only the SQL is wanted."""
    return [
        (in_print_over(500 + ((at + more) * 97) % 400) if more % 2 else books.filter(id=key(at + more)))
        .query.sql_with_params()[0]
        for more in range(10)
    ]


OPERATIONS = {
    'get': (lambda at: books.get(id=key(at)), written),
    'list': (
        lambda at: list(books.filter(in_print=True, price__gt=500 + at * 97 % 400).order_by('-published', 'id')[:20]),
        lambda rows: [written(row) for row in rows],
    ),
    'related': (
        lambda at: list(books.filter(id__gte=key(at)).select_related('author').order_by('id')[:100]),
        lambda rows: [[*written(row), row.author.name] for row in rows],
    ),
    'prefetch': (
        lambda at: list(books.filter(id__gte=key(at)).prefetch_related('tags', 'reviews').order_by('id')[:100]),
        lambda rows: [
            [row.id, sorted(tag.name for tag in row.tags.all()), sorted([each.id, each.rating] for each in row.reviews.all())]
            for row in rows
        ],
    ),
    'having': (
        lambda at: list(Author.objects.annotate(n=Count('books')).filter(n__gt=9).order_by('-n', 'id')[:20]),
        lambda rows: [[row.id, row.name, row.n] for row in rows],
    ),
    'insert': (lambda at: Review.objects.create(**review(at)), lambda row: [row.book_id, row.rating, row.text]),
    'bulk': (bulk, lambda count: count),
    'update': (
        lambda at: books.filter(author_id=at * 31 % (BOOKS // 10) + 1).update(pages=F('pages') + 1),
        lambda count: count,
    ),
    'save': (save, lambda row: [row.id, row.pages]),
    'sql': (ten_calls, len),
}


def run(op, count, answer=False, **rest):
    operation, write = OPERATIONS[op]
    each = count * (100 if op == 'bulk' else 1)
    cpu, wall = time.process_time(), time.perf_counter()
    for at in range(rest['from'], rest['from'] + count):
        last = operation(at)
    result = {
        'cpu': (time.process_time() - cpu) * 1e6 / each,
        'wall': (time.perf_counter() - wall) * 1e6 / each,
    }
    return {**result, 'answer': write(last)} if answer else result


print(json.dumps({'ready': list(OPERATIONS)}), flush=True)
for line in sys.stdin:
    print(json.dumps(run(**json.loads(line))), flush=True)
