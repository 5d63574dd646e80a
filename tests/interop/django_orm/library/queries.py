"""The queries of tests/interop/orm_queries.ts, under the same names."""
import datetime

from django.db.models import (
    Avg, Case, Count, Exists, ExpressionWrapper, F, FloatField, Max, Min, OuterRef, Q, Subquery, Sum,
    Value, When,
)


def queries(Author, Book, Tag, Everything):
    books, authors, tags, everything = Book.objects, Author.objects, Tag.objects, Everything.objects

    def titles(rows):
        return [row.title for row in rows]

    def names(rows):
        return [row.name for row in rows]

    utc = datetime.timezone.utc
    new_year = datetime.datetime(2020, 1, 1, tzinfo=utc)
    asked = {
        'all': lambda: titles(books.all()),
        'exact': lambda: titles(books.filter(title='Ulysses')),
        'iexact': lambda: titles(books.filter(title__iexact='uLYSSES')),
        'contains': lambda: titles(books.filter(title__contains='the')),
        'icontains': lambda: titles(books.filter(title__icontains='THE')),
        'startswith with a wildcard': lambda: titles(books.filter(title__startswith='100%')),
        'endswith with an underscore': lambda: titles(books.filter(title__endswith='_x')),
        'a backslash': lambda: titles(books.filter(title__contains='\\')),
        'in': lambda: titles(books.filter(pages__in=[100, 200, 300])),
        'in nothing': lambda: titles(books.filter(pages__in=[])),
        'range': lambda: titles(books.filter(pages__range=(100, 250))),
        'gt and lte': lambda: titles(books.filter(pages__gt=100, pages__lte=300)),
        'isnull': lambda: titles(books.filter(author__isnull=True)),
        'exclude': lambda: titles(books.exclude(pages=200)),
        'exclude null': lambda: titles(books.exclude(rating__gt=4)),
        'a boolean': lambda: titles(books.filter(in_print=False)),
        'a decimal': lambda: titles(books.filter(price__gte='19.99')),
        'a moment': lambda: titles(books.filter(published__gte=new_year)),
        'or': lambda: titles(books.filter(Q(pages=100) | Q(rating__gte=4.5))),
        'and not': lambda: titles(books.filter(Q(in_print=True) & ~Q(pages=200))),
        'order': lambda: titles(books.order_by('-pages', 'title')),
        'order by a relation': lambda: titles(books.filter(author__isnull=False).order_by('author__name', '-id')),
        'nulls last': lambda: titles(books.order_by(F('pages').asc(nulls_last=True), 'id')),
        'nulls first': lambda: titles(books.order_by(F('rating').desc(nulls_first=True), 'id')),
        'a slice': lambda: titles(books.order_by('id')[2:5]),
        'reverse': lambda: titles(books.order_by('id').reverse()[:3]),
        'count': lambda: books.filter(pages__gt=100).count(),
        'exists': lambda: [books.filter(title='x').exists(), books.exists()],
        'first and last': lambda: [books.order_by('pages', 'id').first().title, books.order_by('id').last().title],
        'a relation': lambda: titles(books.filter(author__name='Ada')),
        'two relations': lambda: titles(books.filter(author__teacher__name='Ada')),
        'a reverse relation': lambda: names(authors.filter(books__pages__gt=200).distinct().order_by('id')),
        'many to many': lambda: titles(books.filter(tags__name='new')),
        'one filter on many': lambda: titles(books.filter(tags__name='new', tags__id__gt=1)),
        'two filters on many': lambda: titles(books.filter(tags__name='new').filter(tags__name='old')),
        'exclude many': lambda: titles(books.exclude(tags__name='new')),
        'exclude a reverse relation': lambda: names(authors.exclude(books__in_print=False).order_by('id')),
        'select related': lambda: [row.author and row.author.name for row in books.select_related('author').order_by('id')],
        'values': lambda: list(books.order_by('id').values('title', 'author__name', 'price')),
        'values list': lambda: list(books.order_by('id').values_list('pages', 'rating')),
        'flat': lambda: list(authors.order_by('id').values_list('born', flat=True)),
        'distinct values': lambda: list(books.order_by('in_print').values_list('in_print', flat=True).distinct()),
        'aggregates': lambda: books.aggregate(n=Count('id'), pages=Sum('pages'), mean=Avg('rating'), least=Min('price'), last=Max('published')),
        'aggregates of nothing': lambda: books.filter(pages=-1).aggregate(n=Count('id'), pages=Sum('pages'), most=Max('price')),
        'annotate': lambda: [[row.name, row.n] for row in authors.annotate(n=Count('books')).order_by('id')],
        'having': lambda: names(authors.annotate(n=Count('books')).filter(n__gte=2).order_by('id')),
        'group by': lambda: list(books.order_by('author_id').values('author_id').annotate(n=Count('id'), pages=Sum('pages')).values_list('n', 'pages')),
        'count distinct': lambda: books.aggregate(n=Count('author', distinct=True)),
        'an aggregate with a filter': lambda: books.aggregate(n=Count('id', filter=Q(pages__gt=150))),
        'F': lambda: titles(books.filter(pages__gt=F('rating') * 50)),
        'arithmetic': lambda: list(books.order_by('id').annotate(x=F('pages') * 2 + 1).values_list('x', flat=True)),
        'case': lambda: list(books.order_by('id').annotate(size=Case(When(pages__lt=150, then=Value('small')), When(pages__lt=250, then=Value('middling')), default=Value('large'))).values_list('size', flat=True)),
        'exists subquery': lambda: names(authors.filter(Exists(books.filter(author=OuterRef('pk'), pages__gte=300))).order_by('id')),
        'subquery': lambda: list(authors.order_by('id').annotate(last=Subquery(books.filter(author=OuterRef('pk')).order_by('-id').values('title')[:1])).values_list('last', flat=True)),
        'in a subquery': lambda: titles(books.filter(author__in=authors.filter(born__isnull=False))),
        'union': lambda: [row['title'] for row in books.filter(pages=100).order_by().values('title').union(books.filter(pages=200).order_by().values('title')).order_by('title')],
        'a wrapper': lambda: list(books.order_by('id').annotate(x=ExpressionWrapper(F('pages') * 1.5, output_field=FloatField())).values_list('x', flat=True)),
        'a duration': lambda: everything.filter(length__gt=datetime.timedelta(hours=1)).count(),
        'a uuid': lambda: everything.filter(key='12345678-1234-5678-1234-567812345678').count(),
        'an address': lambda: everything.filter(address='::1').count(),
        'a day': lambda: everything.filter(day__lte=datetime.date(1970, 1, 1)).count(),
        'a big number': lambda: everything.filter(big__gte=2**53 - 1).count(),
        'by year': lambda: titles(books.filter(published__year=2020)),
        'by month': lambda: titles(books.filter(published__month=12)),
        'tags': lambda: list(tags.order_by('name').values_list('name', flat=True)),
    }
    # Django has it since 4.1.
    if hasattr(Q, '__xor__'):
        asked['xor'] = lambda: titles(books.filter(Q(in_print=True) ^ Q(pages__gt=200)))
    return asked
