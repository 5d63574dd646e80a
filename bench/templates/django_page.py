"""Renders the page with Django and prints the milliseconds that one takes, and its length."""
import json
import sys
import time

from django.conf import settings

settings.configure(USE_TZ=False)

from django.template import Context, Engine  # noqa: E402

pages, data, seconds = sys.argv[1], json.load(sys.stdin), float(sys.argv[2])
engine = Engine(dirs=[pages], loaders=[("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"])])
start = time.perf_counter()
template = engine.get_template("page.html")
text = template.render(Context(data))
first = time.perf_counter() - start
count, start = 0, time.perf_counter()
while time.perf_counter() - start < seconds:
    text = template.render(Context(data))
    count += 1
print(json.dumps({"ms": (time.perf_counter() - start) * 1000 / count, "first": first * 1000, "text": text}))
