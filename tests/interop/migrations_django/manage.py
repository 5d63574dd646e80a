"""A Django project with the apps of tests/interop/everything and tests/interop/modern. DATABASE is its DATABASES['default'], as JSON;
STAGE says how far its models have come."""
import json
import os
import sys

import django
from django.conf import settings

MODERN = ['modern'] if django.VERSION >= (5, 0) else []

settings.configure(
    SECRET_KEY='not a secret',
    INSTALLED_APPS=['django.contrib.contenttypes', 'django.contrib.sessions', 'everything', *MODERN],
    DATABASES={'default': json.loads(os.environ.get('DATABASE', '{}'))},
    DEFAULT_AUTO_FIELD='django.db.models.BigAutoField',
    USE_TZ=True,
    TIME_ZONE='UTC',
    SILENCED_SYSTEM_CHECKS=[
        'fields.W162', 'fields.W163', 'models.W036', 'models.W037', 'models.W038', 'models.W039', 'models.W040',
        'models.W043', 'models.W044', 'models.W045', 'models.W046', 'models.W047', 'mysql.W002', 'mysql.W003',
    ],
)

if __name__ == '__main__':
    from django.core.management import execute_from_command_line
    execute_from_command_line(sys.argv)
