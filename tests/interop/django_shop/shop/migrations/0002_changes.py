from django.db import migrations, models
import django.db.models.deletion


class Migration(migrations.Migration):
    dependencies = [('shop', '0001_initial')]
    operations = [
        migrations.AddField('product', 'note', models.CharField(max_length=100, null=True)),
        migrations.AddField('product', 'rank', models.IntegerField(default=7, db_index=True)),
        migrations.AddField('product', 'origin', models.ForeignKey(
            'shop.Category', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='made')),
        migrations.AddField('product', 'related', models.ManyToManyField('self')),
        migrations.AlterField('product', 'title', models.CharField(max_length=300, db_index=True)),
        migrations.AlterField('product', 'count', models.BigIntegerField(default=0)),
        migrations.RenameField('product', 'body', 'description'),
        migrations.RemoveField('product', 'weight'),
        migrations.AddIndex('product', models.Index(fields=['price'], name='shop_price_idx')),
    ]
