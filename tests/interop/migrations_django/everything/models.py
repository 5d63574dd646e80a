"""Every field and every option of Meta that a Django 4.2 has."""
import os

import django
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

CHECK = 'condition' if django.VERSION >= (5, 1) else 'check'
# What the models are like when some time has gone by.
LATER = os.environ.get('STAGE') == '2'


class Plain(models.Model):
    char = models.CharField(max_length=40 if LATER else 20, verbose_name='a text', help_text='short', db_index=True)
    slug = models.SlugField(unique=True)
    text = models.TextField(blank=True, default='')
    email = models.EmailField()
    url = models.URLField(null=True)
    choice = models.CharField(max_length=2, choices=[('a', 'A'), ('b', 'B')], default='a')
    integer = models.IntegerField(default=0)
    big = models.BigIntegerField(db_column='big_one', null=LATER)
    small = models.SmallIntegerField(null=True, blank=True)
    positive = models.PositiveIntegerField()
    positive_big = models.PositiveBigIntegerField(null=True)
    positive_small = models.PositiveSmallIntegerField(default=3)
    boolean = models.BooleanField(default=False)
    perhaps = models.BooleanField(null=True)
    decimal = models.DecimalField(max_digits=8, decimal_places=3)
    float = models.FloatField()
    date = models.DateField(auto_now=True)
    time = models.TimeField(null=True)
    instant = models.DateTimeField(auto_now_add=True, editable=False)
    duration = models.DurationField(null=True)
    binary = models.BinaryField(null=True)
    uuid = models.UUIDField(null=True, unique=True)
    ip = models.GenericIPAddressField(null=True, protocol='IPv4')
    json = models.JSONField(default=dict)
    file = models.FileField(upload_to='files', max_length=150)
    path = models.FilePathField(path='/tmp', null=True)
    if LATER:
        more = models.CharField(max_length=5, default='x')

    class Meta:
        ordering = ['-integer', 'char']
        verbose_name = 'plain thing'
        verbose_name_plural = 'plain things'
        get_latest_by = 'instant'


class Keyed(models.Model):
    code = models.CharField(max_length=10, primary_key=True)
    number = models.IntegerField(unique=True)
    if LATER:
        fresh = models.BooleanField(null=True, db_index=True)

    class Meta:
        db_table = 'everything_with_a_table_name_that_is_quite_a_bit_too_long_for_it'
        db_table_comment = 'has keys'


class SmallKey(models.Model):
    id = models.SmallAutoField(primary_key=True)


class UuidKey(models.Model):
    id = models.UUIDField(primary_key=True)
    commented = models.IntegerField(db_comment='a number')


class Base(models.Model):
    name = models.CharField(max_length=30)
    owner = models.ForeignKey(Keyed, models.CASCADE, related_name='%(app_label)s_%(class)s_owned')

    class Meta:
        abstract = True
        ordering = ['name']
        indexes = [models.Index(fields=['name'], name='%(app_label)s_%(class)s_name')]
        constraints = [models.CheckConstraint(**{CHECK: ~Q(name='none'), 'name': '%(app_label)s_%(class)s_named'})]


class First(Base):
    pass


class Second(Base):
    first = models.OneToOneField(First, models.SET_NULL, null=True)

    class Meta(Base.Meta):
        default_related_name = 'seconds'


class Child(Plain):
    extra = models.TextField()


class GrandChild(Child):
    parent_link = models.OneToOneField(Child, models.CASCADE, parent_link=True, primary_key=True)


class Shown(First):
    class Meta:
        proxy = True
        ordering = ['-name']


class Related(models.Model):
    parent = models.ForeignKey('self', models.CASCADE, null=True, related_name='children')
    by_number = models.ForeignKey(Keyed, models.PROTECT, to_field='number', related_name='+', db_column='num')
    by_code = models.ForeignKey(Keyed, models.DO_NOTHING, db_constraint=False, db_index=False)
    small = models.OneToOneField(SmallKey, models.RESTRICT)
    uuid = models.ForeignKey(UuidKey, models.SET_DEFAULT, default=None, null=True)
    friends = models.ManyToManyField('self', symmetrical=False)
    keys = models.ManyToManyField(Keyed, related_name='relateds', db_table='related_keys')
    plains = models.ManyToManyField(Plain, through='Between', through_fields=('related', 'plain'))

    class Meta:
        unique_together = [('parent', 'small')]
        permissions = [('see', 'Can see')]
        default_permissions = ('add', 'view')


class Between(models.Model):
    related = models.ForeignKey(Related, models.CASCADE)
    plain = models.ForeignKey(Plain, models.CASCADE)
    other = models.ForeignKey(Plain, models.CASCADE, related_name='+', null=True)
    since = models.DateField()

    class Meta:
        order_with_respect_to = 'related'


class Indexed(models.Model):
    a = models.IntegerField()
    b = models.CharField(max_length=20, null=True)
    c = models.DateField()

    class Meta:
        indexes = [
            models.Index(fields=['a', '-c']),
            models.Index(fields=['b'], name='partial', condition=Q(a__gt=0)),
            models.Index(fields=['c'], name='covering', include=['a']),
            models.Index(Lower('b'), F('a').desc(), name='expressions'),
        ]
        constraints = [
            models.UniqueConstraint(fields=['a', 'b'], name='both'),
            models.UniqueConstraint(fields=['a'], name='some', condition=Q(b__isnull=False)),
            models.UniqueConstraint(fields=['c'], name='later', deferrable=models.Deferrable.DEFERRED),
            models.UniqueConstraint(Lower('b'), name='lowered'),
            models.UniqueConstraint(fields=['b'], name='with_more', include=['c']),
        ]


class Tagged(models.Model):
    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.PositiveIntegerField()
    content_object = GenericForeignKey()


class HasTags(models.Model):
    tags = GenericRelation(Tagged)


class Unmanaged(models.Model):
    n = models.IntegerField()

    class Meta:
        managed = False


class OnlyPostgres(models.Model):
    class Meta:
        required_db_vendor = 'postgresql'


class Circle(models.Model):
    square = models.ForeignKey('Square', models.CASCADE, null=True, related_name='+')


class Square(models.Model):
    circle = models.ForeignKey(Circle, models.CASCADE, related_name='+')


if LATER:
    class Added(models.Model):
        plain = models.ForeignKey(Plain, models.CASCADE)
