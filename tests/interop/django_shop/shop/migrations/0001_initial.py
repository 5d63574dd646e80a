from django.db import migrations, models
import django.db.models.deletion


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=30, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name='Category',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=50, unique=True)),
                ('slug', models.SlugField()),
                ('parent', models.ForeignKey('self', null=True, on_delete=django.db.models.deletion.CASCADE)),
            ],
        ),
        migrations.CreateModel(
            name='Product',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200, db_index=True)),
                ('price', models.DecimalField(max_digits=8, decimal_places=2)),
                ('count', models.PositiveIntegerField(default=0)),
                ('body', models.TextField(blank=True)),
                ('active', models.BooleanField(default=True)),
                ('weight', models.FloatField(null=True)),
                ('code', models.UUIDField(null=True)),
                ('extra', models.JSONField(null=True)),
                ('blob', models.BinaryField(null=True)),
                ('day', models.DateField(null=True)),
                ('hour', models.TimeField(null=True)),
                ('address', models.GenericIPAddressField(null=True)),
                ('homepage', models.URLField(blank=True)),
                ('created', models.DateTimeField(auto_now_add=True)),
                ('small', models.SmallIntegerField(default=1)),
                ('big', models.PositiveBigIntegerField(default=1)),
                ('category', models.ForeignKey('shop.Category', on_delete=django.db.models.deletion.CASCADE)),
                ('tags', models.ManyToManyField('shop.Tag')),
            ],
            options={
                'unique_together': {('category', 'title')},
                'indexes': [models.Index(fields=['-created', 'price'], name='shop_created_price_idx')],
            },
        ),
    ]
