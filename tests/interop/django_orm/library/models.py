"""The models of tests/interop/orm_models.ts."""
from django.db import models


class Everything(models.Model):
    big = models.BigIntegerField(null=True)
    whole = models.IntegerField(null=True)
    small = models.SmallIntegerField(null=True)
    positive = models.PositiveIntegerField(null=True)
    positive_small = models.PositiveSmallIntegerField(null=True)
    positive_big = models.PositiveBigIntegerField(null=True)
    yes = models.BooleanField(null=True)
    char = models.CharField(max_length=200, null=True)
    text = models.TextField(null=True)
    email = models.EmailField(null=True)
    slug = models.SlugField(null=True)
    url = models.URLField(null=True)
    day = models.DateField(null=True)
    moment = models.DateTimeField(null=True)
    hour = models.TimeField(null=True)
    price = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    ratio = models.FloatField(null=True)
    length = models.DurationField(null=True)
    key = models.UUIDField(null=True)
    data = models.JSONField(null=True)
    bytes = models.BinaryField(null=True)
    address = models.GenericIPAddressField(null=True)


class Author(models.Model):
    name = models.CharField(max_length=40)
    born = models.DateField(null=True)
    teacher = models.ForeignKey('self', models.SET_NULL, null=True, related_name='pupils')


class Tag(models.Model):
    name = models.CharField(max_length=20, unique=True)


class Book(models.Model):
    class Meta:
        ordering = ['title', 'id']

    title = models.CharField(max_length=60)
    author = models.ForeignKey(Author, models.CASCADE, null=True, related_name='books')
    tags = models.ManyToManyField(Tag, related_name='books')
    pages = models.IntegerField(null=True)
    price = models.DecimalField(max_digits=8, decimal_places=2)
    rating = models.FloatField(null=True)
    published = models.DateTimeField()
    in_print = models.BooleanField(default=True)
