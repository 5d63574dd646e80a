"""What Django has since 5.0: defaults and columns that the database makes, and keys of several columns since 5.2."""
from django.db import models
from django.db.models import F
from django.db.models.functions import Now, Upper


class Calculated(models.Model):
    price = models.IntegerField(db_default=3)
    count = models.IntegerField(default=1)
    total = models.GeneratedField(expression=F('price') * F('count'), output_field=models.IntegerField(), db_persist=True)
    name = models.CharField(max_length=10, db_default='none')
    loud = models.GeneratedField(expression=Upper('name'), output_field=models.CharField(max_length=10), db_persist=True)
    made = models.DateTimeField(db_default=Now())


class Alike(models.Model):
    # Beside a db_default, Django 5.2 would send MariaDB a constraint that it does not have as the statement None.
    name = models.CharField(max_length=10, null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=['name'], name='alike', nulls_distinct=False)]


class Seat(models.Model):
    pk = models.CompositePrimaryKey('row', 'place')
    row = models.CharField(max_length=1)
    place = models.IntegerField()
