from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [('shop', '0003_more_changes')]
    operations = [
        migrations.RunSQL(
            "INSERT INTO shop_label (name) VALUES ('a;b'); INSERT INTO shop_label (name) VALUES ('c')",
            'DELETE FROM shop_label',
        ),
    ]
