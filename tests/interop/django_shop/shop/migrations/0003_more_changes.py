from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [('shop', '0002_changes')]
    operations = [
        migrations.AlterField('product', 'note', models.CharField(max_length=100, default="it's 100% new")),
        migrations.AlterField('category', 'slug', models.SlugField(unique=True)),
        migrations.AlterField('product', 'rank', models.IntegerField(default=7)),
        migrations.AlterUniqueTogether('product', {('title', 'rank')}),
        migrations.RemoveIndex('product', 'shop_price_idx'),
        migrations.RenameModel('Tag', 'Label'),
        migrations.AlterField('label', 'name', models.CharField(max_length=30)),
    ]
