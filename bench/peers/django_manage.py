"""manage.py of the Django site: its start is measured."""
import os
import sys

from django.core.management import execute_from_command_line

os.environ["BENCH_MANAGE"] = "1"
import django_site  # noqa: E402, F401

execute_from_command_line(sys.argv)
