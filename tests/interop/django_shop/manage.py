"""A Django project with the migrations of tests/db/fixtures/shop. DATABASE is its DATABASES['default'], as JSON."""
import json
import os
import sys

from django.conf import settings

settings.configure(
    SECRET_KEY='not a secret',
    INSTALLED_APPS=['django.contrib.sessions', 'shop'],
    DATABASES={'default': json.loads(os.environ['DATABASE'])},
    DEFAULT_AUTO_FIELD='django.db.models.BigAutoField',
    USE_TZ=True,
    TIME_ZONE='UTC',
    SILENCED_SYSTEM_CHECKS=['mysql.W002'],
)

if __name__ == '__main__':
    from django.core.management import execute_from_command_line
    execute_from_command_line(sys.argv)
