"""contrib.postgres of a real Django, for tests/interop/postgres_django.test.ts: makes the table, fills it, asks it."""
import json
import sys

import django
from django.conf import settings

request = json.load(sys.stdin)
settings.configure(
    SECRET_KEY='not a secret',
    INSTALLED_APPS=['django.contrib.postgres'],
    DATABASES={'default': request['database']} if request.get('database') else {},
    DEFAULT_AUTO_FIELD='django.db.models.BigAutoField',
)
django.setup()

from django.contrib.postgres import aggregates, search  # noqa: E402

try:
    from django.contrib.postgres import expressions  # noqa: E402
except ImportError:
    expressions = None
from django.core.exceptions import FieldError  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.db.models import F, OuterRef, Q  # noqa: E402


class Line(models.Model):
    speaker = models.CharField(max_length=100)
    dialogue = models.TextField(null=True)
    x = models.IntegerField()
    y = models.IntegerField(null=True)
    loud = models.BooleanField(default=False)
    language = models.CharField(max_length=20, default='english')
    vector = search.SearchVectorField(null=True)

    class Meta:
        app_label = 'stage'
        db_table = 'stage_line'


def create():
    with connection.cursor() as cursor:
        for name in ['pg_trgm', 'unaccent']:
            cursor.execute(f'CREATE EXTENSION IF NOT EXISTS {name}')
    with connection.schema_editor() as editor:
        editor.create_model(Line)
    Line.objects.bulk_create([Line(**row) for row in request['rows']])
    Line.objects.update(vector=search.SearchVector('speaker', weight='A') + search.SearchVector('dialogue', weight='B'))


def ids(query):
    return list(query.order_by('id').values_list('id', flat=True))


def near(rows):
    return [[pk, round(float(value), 5)] for pk, value in rows]


def answers(queries):
    """What the queries answer; an old Django has not all of it."""
    found = {}
    for name, query in queries.items():
        # It takes `default`, and forgets it.
        if django.VERSION < (4, 0) and name in ('array default', 'bools of none'):
            continue
        try:
            found[name] = query()
        except (AttributeError, TypeError, FieldError):
            if django.VERSION >= (4, 2):
                raise
    return found


def ask():
    lines = Line.objects
    both = search.SearchVector('speaker', 'dialogue')
    query = search.SearchQuery('brave sir robin')
    queries = {
        'search': lambda: ids(lines.filter(dialogue__search='brave knights')),
        'search null': lambda: ids(lines.filter(speaker__search='galahad')),
        'config': lambda: ids(lines.filter(dialogue__search=search.SearchQuery('cœur', config='french'))),
        'config of a column': lambda: ids(
            lines.annotate(s=search.SearchVector('dialogue', config=F('language'))).filter(s=search.SearchQuery('eating', config=F('language')))
        ),
        'vector of two': lambda: ids(lines.annotate(search=both).filter(search='robin bravely')),
        'vector of a number': lambda: ids(lines.annotate(search=search.SearchVector('x')).filter(search='42')),
        'added': lambda: ids(lines.annotate(search=search.SearchVector('speaker') + search.SearchVector('dialogue')).filter(search='minstrel')),
        'field': lambda: ids(lines.filter(vector='robin')),
        'or': lambda: ids(lines.filter(dialogue__search=search.SearchQuery('killed') | search.SearchQuery('eyes'))),
        'and': lambda: ids(lines.filter(dialogue__search=search.SearchQuery('robin') & search.SearchQuery('eyes'))),
        'not': lambda: ids(lines.filter(dialogue__search=~search.SearchQuery('robin'))),
        'and not': lambda: ids(lines.filter(dialogue__search=search.SearchQuery('robin') & ~search.SearchQuery('eyes'))),
        'inverted': lambda: ids(lines.filter(dialogue__search=search.SearchQuery('robin', invert=True))),
        'phrase': lambda: ids(lines.filter(dialogue__search=search.SearchQuery('brave sir robin', search_type='phrase'))),
        'raw': lambda: ids(lines.filter(dialogue__search=search.SearchQuery("'robin' & !'eyes'", search_type='raw'))),
        'websearch': lambda: ids(lines.filter(dialogue__search=search.SearchQuery('"sir robin" -eyes', search_type='websearch'))),
        'rank': lambda: near(lines.annotate(r=search.SearchRank(both, query)).order_by('-r', 'id').values_list('id', 'r')),
        'weights': lambda: near(
            lines.annotate(r=search.SearchRank(F('vector'), search.SearchQuery('robin'), weights=[0.1, 0.3, 0.9, 0.2]))
            .order_by('-r', 'id').values_list('id', 'r')
        ),
        'normalized': lambda: near(
            lines.annotate(r=search.SearchRank(both, query, normalization=2, cover_density=True))
            .order_by('-r', 'id').values_list('id', 'r')
        ),
        'headline': lambda: list(
            lines.filter(vector='robin').order_by('id')
            .annotate(h=search.SearchHeadline('dialogue', search.SearchQuery('robin'), start_sel="<b class='x'>", stop_sel='</b>', max_words=6, min_words=2))
            .values_list('h', flat=True)
        ),
        'unaccent': lambda: ids(lines.filter(dialogue__unaccent__icontains='COEUR')),
        'unaccent exact': lambda: ids(lines.filter(speaker__unaccent='Zoot')),
        'trigram': lambda: ids(lines.filter(speaker__trigram_similar='Minstrul')),
        'trigram word': lambda: ids(lines.filter(dialogue__trigram_word_similar='brively')),
        'similarity': lambda: near(
            lines.annotate(s=search.TrigramSimilarity('speaker', 'Minstrel')).filter(s__gt=0.3).order_by('-s', 'id').values_list('id', 's')
        ),
        'distance': lambda: near(lines.annotate(d=search.TrigramDistance('speaker', 'Minstrel')).order_by('d', 'id').values_list('id', 'd')),
        'word similarity': lambda: near(
            lines.filter(dialogue__isnull=False).annotate(s=search.TrigramWordSimilarity('brave', 'dialogue')).order_by('-s', 'id').values_list('id', 's')
        ),
        'array': lambda: lines.aggregate(a=aggregates.ArrayAgg('speaker', distinct=True)),
        'array sorted': lambda: lines.aggregate(a=aggregates.ArrayAgg('x', order_by='-x') if django.VERSION >= (5, 2) else aggregates.ArrayAgg('x', ordering='-x')),
        'array filtered': lambda: lines.aggregate(a=aggregates.ArrayAgg('x', filter=Q(loud=True), default=[])),
        # Before 5.0 it is an empty list.
        'array of none': lambda: {'a': lines.filter(x=-1).aggregate(a=aggregates.ArrayAgg('x'))['a'] or None},
        'array default': lambda: lines.filter(x=-1).aggregate(a=aggregates.ArrayAgg('x', default=[1])),
        'array grouped': lambda: list(
            lines.values('speaker').annotate(a=aggregates.ArrayAgg('y', filter=Q(y__isnull=False), default=[])).order_by('speaker').values_list('speaker', 'a')
        ),
        'json': lambda: lines.aggregate(a=aggregates.JSONBAgg('speaker', distinct=True)),
        'string': lambda: lines.aggregate(a=aggregates.StringAgg('speaker', delimiter='; ', distinct=True)),
        'bits': lambda: lines.aggregate(a=aggregates.BitXor('x')),
        'bools': lambda: lines.aggregate(a=aggregates.BoolAnd('loud'), o=aggregates.BoolOr('loud')),
        'bools of none': lambda: lines.filter(x=-1).aggregate(a=aggregates.BoolAnd('loud'), o=aggregates.BoolOr('loud', default=False)),
        'statistics': lambda: {
            key: None if value is None else round(float(value), 6)
            for key, value in lines.aggregate(
                corr=aggregates.Corr('y', 'x'), covar=aggregates.CovarPop('y', 'x'), sample=aggregates.CovarPop('y', 'x', sample=True), count=aggregates.RegrCount('y', 'x'),
                intercept=aggregates.RegrIntercept('y', 'x'), r2=aggregates.RegrR2('y', 'x'), slope=aggregates.RegrSlope('y', 'x'), sxx=aggregates.RegrSXX('y', 'x', filter=Q(loud=True)),
            ).items()
        },
        'count of none': lambda: lines.filter(x=-1).aggregate(a=aggregates.RegrCount('y', 'x')),
        'array subquery': lambda: list(
            lines.order_by('id').annotate(
                a=expressions.ArraySubquery(Line.objects.filter(speaker=OuterRef('speaker')).order_by('-x').values('x'))
            ).values_list('id', 'a')
        ),
    }
    return answers(queries)


result = {'version': lambda: django.__version__, 'create': create, 'ask': ask}[request['do']]()
json.dump(result, sys.stdout)
