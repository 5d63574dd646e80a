"""A real Django for tests/interop/orm_django.test.ts.

Reads one request as JSON, answers with JSON: {"database": ..., "do": "create" | "write" | "read" | "ask" | "dump" | "load" …, "rows": ...}.
"""
import datetime
import decimal
import json
import re
import sys
import uuid

import django
from django.conf import settings

request = json.load(sys.stdin)
settings.configure(
    SECRET_KEY='not a secret',
    INSTALLED_APPS=['library'],
    DATABASES={'default': request['database']} if request.get('database') else {},
    DEFAULT_AUTO_FIELD='django.db.models.BigAutoField',
    USE_TZ=True,
    TIME_ZONE='Europe/Paris',
)
django.setup()

from django.core import serializers  # noqa: E402
from django.db import connection, models  # noqa: E402

from library.models import Author, Book, Everything, Tag  # noqa: E402
from library.queries import queries  # noqa: E402

MODELS = {'Everything': Everything, 'Author': Author, 'Tag': Tag, 'Book': Book}


def wire(value):
    """A value as both sides write it into JSON."""
    if isinstance(value, dict):
        return {key: wire(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [wire(each) for each in value]
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).isoformat(timespec='milliseconds')[:23]
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return str(value // datetime.timedelta(microseconds=1))
    if isinstance(value, decimal.Decimal):
        return {'decimal': str(value)}
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).hex()
    return value


def column(field, value):
    """A field's value as both sides write it into JSON: nothing of it may be lost."""
    if value is None or isinstance(field, models.JSONField):
        return value
    if isinstance(field, models.DateTimeField):
        return value.astimezone(datetime.timezone.utc).isoformat(timespec='milliseconds')[:23]
    if isinstance(field, models.ForeignKey):
        return str(value)
    if isinstance(field, (models.IntegerField, models.DecimalField)) and not isinstance(value, bool):
        return str(value)
    return wire(value)


def from_column(field, value):
    if value is None or isinstance(field, models.JSONField):
        return value
    if isinstance(field, models.DateTimeField):
        return datetime.datetime.fromisoformat(value).replace(tzinfo=datetime.timezone.utc)
    if isinstance(field, models.DurationField):
        return datetime.timedelta(microseconds=int(value))
    if isinstance(field, models.BinaryField):
        return bytes.fromhex(value)
    return field.to_python(value)


def create():
    with connection.schema_editor() as editor:
        for model in MODELS.values():
            editor.create_model(model)


def write():
    for name, rows in request['rows'].items():
        model = MODELS[name]
        for row in rows:
            tags = row.pop('tags', [])
            fields = {field.attname: field for field in model._meta.concrete_fields}
            instance = model(**{key: from_column(fields[key], value) for key, value in row.items()})
            instance.save(force_insert=True)
            if tags:
                instance.tags.set(tags)


def read():
    answer = {}
    for name, model in MODELS.items():
        fields = model._meta.concrete_fields
        answer[name] = [
            {field.attname: column(field, getattr(row, field.attname)) for field in fields}
            for row in model.objects.order_by('pk')
        ]
        if name == 'Book':
            for row in answer[name]:
                row['tags'] = [str(pk) for pk in Tag.objects.filter(books=row['id']).order_by('pk').values_list('pk', flat=True)]
    return answer


def read_exactly():
    moments = Everything.objects.order_by('pk').values_list('moment', 'hour', 'big', 'length')
    return [[wire(each) if not isinstance(each, datetime.datetime) else each.isoformat() for each in row] for row in moments]


def ask():
    return {name: wire(query()) for name, query in queries(Author, Book, Tag, Everything).items()}


def rows(format):
    """All rows; XML has no form of control characters."""
    everything = [row for model in MODELS.values() for row in model.objects.order_by('pk')]
    has_control = re.compile('[\x00-\x08\x0b\x0c\x0e-\x1f]').search
    return [row for row in everything if format != 'xml' or not has_control(str(getattr(row, 'text', '')))]


def dump():
    return {name: serializers.serialize(name, rows(name)) for name in request['rows']}


def load():
    for name, text in request['rows'].items():
        for each in serializers.deserialize(name, text, handle_forward_references=True):
            each.save()


ACTS = {
    'dump': dump,
    'load': load,
    'version': lambda: django.__version__,
    'create': create,
    'write': write,
    'read': read,
    'read_exactly': read_exactly,
    'ask': ask,
}

if __name__ == '__main__':
    json.dump(ACTS[request['do']](), sys.stdout)
