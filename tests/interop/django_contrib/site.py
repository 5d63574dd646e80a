"""A Django site with the apps of sites, told what to do by its first argument; it answers in JSON."""
import datetime
import json
import sys

import django
from django.conf import settings

settings.configure(
    DATABASES={'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': sys.argv[2]}},
    DEFAULT_AUTO_FIELD='django.db.models.AutoField',
    INSTALLED_APPS=['django.contrib.sites', 'django.contrib.flatpages', 'django.contrib.redirects'],
    SECRET_KEY='not a secret',
    SITE_ID=1,
    TIME_ZONE='UTC',
    USE_TZ=True,
)
django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import feedgenerator  # noqa: E402


def moment(text):
    return text and datetime.datetime.fromisoformat(text)


def written(case):
    feed = getattr(feedgenerator, case['format'])(**case['feed'])
    for item in case['items']:
        enclosures = [feedgenerator.Enclosure(*each) for each in item.pop('enclosures', [])]
        dates = {name: moment(item.pop(name, None)) for name in ('pubdate', 'updateddate')}
        feed.add_item(**item, **dates, enclosures=enclosures)
    try:
        return feed.writeString('utf-8')
    except ValueError as error:
        return type(error).__name__


if sys.argv[1] == 'migrate':
    call_command('migrate', verbosity=0)
elif sys.argv[1] == 'plan':
    call_command('migrate', plan=True)
elif sys.argv[1] == 'feeds':
    print(json.dumps([written(case) for case in json.load(sys.stdin)]))
