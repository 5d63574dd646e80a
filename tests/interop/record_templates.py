"""Runs pages of a real Django and records what each template was given and what came out, as JSON.

Only what a template looked at is recorded: names of the context, attributes of objects, items of sequences.
"""
import datetime
import json
import os
import sys
from contextlib import nullcontext

import django
from django.conf import settings

DJANGO = os.path.dirname(django.__file__)
settings.configure(
    DEBUG=True,
    SECRET_KEY="record",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF="recorded_urls",
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.admindocs",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.debug",
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend",
    STATIC_URL="/static/",
    USE_TZ=False,
    USE_L10N=False,
    TIME_ZONE="UTC",
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
)
django.setup()

from types import ModuleType  # noqa: E402

from django.contrib import admin  # noqa: E402
from django.contrib.admin import helpers  # noqa: E402
from django.contrib.admin.templatetags import log  # noqa: E402
from django.contrib.auth.models import Group, User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db.models.options import Options  # noqa: E402
from django.http import HttpRequest  # noqa: E402
from django.template import base, library  # noqa: E402
from django.template.context import BaseContext  # noqa: E402
from django.templatetags import i18n  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import get_resolver, include, path  # noqa: E402
from django.utils.functional import Promise  # noqa: E402
from django.utils.safestring import SafeData  # noqa: E402

urls = ModuleType("recorded_urls")
urls.urlpatterns = [
    path("admin/doc/", include("django.contrib.admindocs.urls")),
    path("admin/password_reset/", lambda request: None, name="admin_password_reset"),
    path("admin/", admin.site.urls),
    path("accounts/", include("django.contrib.auth.urls")),
]
sys.modules["recorded_urls"] = urls

recordings = []
stack = []


def flatten(context):
    flat = {}
    for layer in context.dicts:
        flat.update(flatten(layer) if isinstance(layer, BaseContext) else layer)
    return flat


class Recording:
    def __init__(self, template, context):
        self.name = template.name
        self.source = template.source
        self.given = flatten(context)
        self.names = {}
        self.objects = {}
        self.alive = []
        self.tags = []
        if "csrf_token" in self.given:
            self.names["csrf_token"] = str(self.given["csrf_token"])

    def describe(self, value):
        if isinstance(value, Promise):
            value = str(value)
        if isinstance(value, SafeData):
            return {"$safe": str(value)}
        if value is None or isinstance(value, (bool, int, str)):
            return value
        if isinstance(value, float):
            return {"$float": repr(value)} if value == int(value) else value
        if isinstance(value, datetime.datetime):
            return {"$datetime": value.isoformat()}
        if isinstance(value, datetime.date):
            return {"$date": value.isoformat()}
        key = str(id(value))
        if key not in self.objects:
            self.alive.append(value)
            entry = self.objects[key] = {"attributes": {}}
            if isinstance(value, dict):
                entry["entries"] = [[self.describe(k), self.describe(v)] for k, v in value.items()]
            elif hasattr(value, "__iter__") and not isinstance(value, (type, HttpRequest)):
                try:
                    entry["items"] = [self.describe(item) for item in value]
                    entry["tuple"] = isinstance(value, tuple)
                except Exception:
                    pass
            try:
                stack.append(None)
                entry["text"] = value.__html__() if hasattr(value, "__html__") else str(value)
                entry["safe"] = hasattr(value, "__html__")
            except Exception:
                entry["text"] = ""
            finally:
                stack.pop()
            if isinstance(value, Options):
                for name in ("app_label", "model_name"):
                    entry["attributes"][name] = getattr(value, name)
        return {"$object": key}


resolve_lookup = base.Variable._resolve_lookup


def resolve(variable, context):
    recording = stack[-1] if stack else None
    value = resolve_lookup(variable, context)
    if hasattr(value, "__next__"):
        value = list(value)
    if not isinstance(recording, Recording):
        return value
    parent = None
    for count in range(1, len(variable.lookups) + 1):
        name = variable.lookups[count - 1]
        if count == len(variable.lookups):
            found = value
        else:
            part = base.Variable(".".join(variable.lookups[:count]))
            found = resolve_lookup(part, context)
        if count == 1:
            raw = None
            try:
                raw = context[name]
            except (KeyError, TypeError):
                pass
            if name in recording.given and recording.given[name] is raw:
                recording.names[name] = recording.describe(found)
        elif not isinstance(parent, (str, int, dict)) and name != "super":
            recording.describe(parent)
            entry = recording.objects.get(str(id(parent)))
            if entry is not None:
                entry["attributes"][name] = recording.describe(found)
        parent = found
    return value


base.Variable._resolve_lookup = resolve

render = base.Template.render


def recorded_render(template, context):
    included = bool(stack) and stack[-1] == "inclusion"
    if context.template is not None and not included:
        return render(template, context)
    with context.bind_template(template) if context.template is None else nullcontext():
        recording = Recording(template, context)
        stack.append(recording)
        try:
            with context.render_context.push_state(template):
                if not included:
                    context.template_name = template.name
                output = template._render(context)
        finally:
            stack.pop()
    recordings.append(
        {
            "name": recording.name,
            "source": recording.source,
            "names": recording.names,
            "objects": recording.objects,
            "tags": recording.tags,
            "output": output,
        }
    )
    return output


base.Template.render = recorded_render


def record_tag(cls):
    original = cls.render

    def rendered(node, context):
        recording = stack[-1] if stack else None
        before = flatten(context)
        stack.append("inclusion" if cls is library.InclusionNode else None)
        try:
            output = original(node, context)
        finally:
            stack.pop()
        if isinstance(recording, Recording):
            after = flatten(context)
            changed = {k: recording.describe(v) for k, v in after.items() if k not in before or before[k] is not v}
            recording.tags.append({"output": str(output), "set": changed})
        return output

    cls.render = rendered


def keep_items(cls):
    make = cls.__iter__

    def items(self):
        # New ones each time would be others than those that were recorded.
        if "_kept" not in self.__dict__:
            self.__dict__["_kept"] = list(make(self))
        return iter(self.__dict__["_kept"])

    cls.__iter__ = items


for cls in (helpers.AdminForm, helpers.Fieldset, helpers.Fieldline):
    keep_items(cls)
for cls in (library.SimpleNode, library.InclusionNode, log.AdminLogNode):
    record_tag(cls)


blocktranslate = i18n.BlockTranslateNode.render


def rendered_block(node, context, nested=False):
    # It reads the names in it from the context itself, not as variables.
    recording = stack[-1] if stack else None
    if isinstance(recording, Recording):
        for token in [*node.singular, *(node.plural or [])]:
            name = token.contents
            if token.token_type == base.TokenType.VAR and name in recording.given and name in context:
                if context[name] is recording.given[name]:
                    recording.names[name] = recording.describe(context[name])
    return blocktranslate(node, context, nested)


i18n.BlockTranslateNode.render = rendered_block


def tree(patterns):
    rows = []
    for pattern in patterns:
        regex = pattern.pattern
        row = {"route": regex._route} if hasattr(regex, "_route") else {"regex": regex._regex}
        row["defaults"] = {}
        if hasattr(pattern, "url_patterns"):
            row.update(namespace=pattern.namespace, app_name=pattern.app_name, children=tree(pattern.url_patterns))
        else:
            row["name"] = pattern.name
        rows.append(row)
    return rows


call_command("migrate", verbosity=0)
user = User.objects.create_superuser("admin<1>", "admin@example.com", "secret")
for i in range(30):
    User.objects.create_user("user%d" % i, "user%d@example.com" % i, "secret", is_active=i % 2 == 0)
group = Group.objects.create(name="Editors & co")

visitor, client = Client(raise_request_exception=False), Client(raise_request_exception=False)
client.force_login(user)
for page in ["/admin/login/", "/accounts/password_reset/", "/accounts/password_reset/done/", "/accounts/reset/done/",
             "/accounts/reset/MQ/bad-token/", "/nowhere/", "/accounts/login/"]:
    visitor.get(page)
visitor.post("/admin/login/", {"username": "x", "password": "y"})
visitor.post("/accounts/password_reset/", {"email": "admin@example.com"})
for page in [
    "/admin/", "/admin/auth/", "/admin/auth/user/", "/admin/auth/user/?q=user1&is_active__exact=1", "/admin/auth/user/?p=1",
    "/admin/auth/user/add/", "/admin/auth/user/1/change/", "/admin/auth/user/1/history/", "/admin/auth/user/1/delete/",
    "/admin/auth/user/1/password/", "/admin/auth/user/2/delete/", "/admin/auth/group/", "/admin/auth/group/add/?_popup=1",
    "/admin/auth/group/1/change/", "/admin/password_change/", "/admin/password_change/done/", "/admin/nothing/",
    "/admin/doc/", "/admin/doc/bookmarklets/", "/admin/doc/tags/", "/admin/doc/filters/", "/admin/doc/views/",
    "/admin/doc/models/", "/admin/doc/models/auth.user/", "/admin/doc/templates/admin/base.html/",
]:
    client.get(page)
client.post("/admin/auth/group/add/", {"name": ""})
client.post("/admin/auth/group/add/?_popup=1", {"name": "Popup", "_popup": "1"})
client.post("/admin/auth/group/1/change/", {"name": "Renamed"})
client.cookies.pop("messages", None)  # Of a message, Python's str() is a safe string; JavaScript's is only text.
client.get("/admin/auth/group/1/history/")
client.post("/admin/auth/user/", {"action": "delete_selected", "_selected_action": ["3", "4"]})
client.post("/admin/password_change/", {"old_password": "x", "new_password1": "a", "new_password2": "b"})
client.get("/admin/logout/")

from django import forms  # noqa: E402
from django.contrib.admin import widgets as admin_widgets  # noqa: E402

choices = [("a", "A < B"), ("Group", [("b", "B"), ("c", "C")])]
for widget, value in [
    (forms.TextInput(attrs={"class": "x", "required": True}), "a<b"), (forms.NumberInput(), 3), (forms.EmailInput(), "a@b"),
    (forms.URLInput(), "http://x/"), (forms.PasswordInput(), "p"), (forms.HiddenInput(), 1), (forms.Textarea(), "<b>"),
    (forms.MultipleHiddenInput(), ["a", "b"]), (forms.FileInput(), None), (forms.ClearableFileInput(), None),
    (forms.DateInput(), datetime.date(2026, 1, 2)), (forms.DateTimeInput(), None), (forms.TimeInput(), None),
    (forms.CheckboxInput(), True), (forms.Select(choices=choices), "b"), (forms.NullBooleanSelect(), True),
    (forms.SelectMultiple(choices=choices), ["a", "c"]), (forms.RadioSelect(choices=choices), "a"),
    (forms.CheckboxSelectMultiple(choices=choices), ["a"]), (forms.SplitDateTimeWidget(), None),
    (forms.SplitHiddenDateTimeWidget(), None), (forms.SelectDateWidget(years=[2025, 2026]), datetime.date(2026, 1, 2)),
    (admin_widgets.AdminSplitDateTime(), None), (admin_widgets.AdminURLFieldWidget(), "http://x/"),
    (admin_widgets.AdminRadioSelect(choices=choices), "c"), (admin_widgets.AdminFileWidget(), None),
]:
    widget.render("name", value, {"id": "id_name"})

seen, chosen = {}, []
for recording in recordings:
    key = recording["name"] or recording["source"][:80]
    if seen.setdefault(key, 0) < 6:
        seen[key] += 1
        chosen.append(recording)
print(json.dumps({"django": DJANGO, "urlconf": {"urlconf": "recorded", "patterns": tree(get_resolver().url_patterns)}, "recordings": chosen}))
