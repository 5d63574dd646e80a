"""The forms of forms.ts on a real Django: a line of JSON in, microseconds of processor time and what came of it out."""
import json
import sys
import time

import django
from django.conf import settings

settings.configure(
    USE_TZ=False, LANGUAGE_CODE="en", USE_I18N=False, SECRET_KEY="x", FORMS_URLFIELD_ASSUME_HTTPS=True,
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
)
django.setup()
from django import forms  # noqa: E402
from django.http import QueryDict  # noqa: E402

COLORS = [(name, name.upper()) for name in ("red", "green", "blue", "white", "black")]


def ten():
    return {
        "name": forms.CharField(max_length=100, help_text="As in your passport"),
        "email": forms.EmailField(),
        "count": forms.IntegerField(min_value=0),
        "city": forms.CharField(max_length=100),
        "price": forms.DecimalField(max_digits=8, decimal_places=2),
        "day": forms.DateField(),
        "agreed": forms.BooleanField(),
        "color": forms.ChoiceField(choices=COLORS),
        "notes": forms.CharField(widget=forms.Textarea),
        "site": forms.URLField(),
    }


fields = {f"{name}_a": field for name, field in ten().items()} | {f"{name}_b": field for name, field in ten().items()}
TwentyForm = type("TwentyForm", (forms.Form,), fields)


class SelectForm(forms.Form):
    choice = forms.ChoiceField(choices=[(str(i), f"Option <{i}>") for i in range(1000)], initial="500")


class LineForm(forms.Form):
    title = forms.CharField(max_length=100)
    count = forms.IntegerField(min_value=0)
    price = forms.DecimalField(max_digits=8, decimal_places=2)
    day = forms.DateField()
    agreed = forms.BooleanField(required=False)


LineFormSet = forms.formset_factory(LineForm, extra=0)


def main():
    given = json.loads(sys.stdin.readline())
    valid, wrong, lines = (QueryDict(given[name]) for name in ("valid", "wrong", "lines"))

    def errors(form):
        form.is_valid()
        return form.errors.as_json()

    ops = {
        "valid errors": lambda: errors(TwentyForm(valid)),
        "wrong errors": lambda: errors(TwentyForm(wrong)),
        "valid": lambda: str(TwentyForm(valid).is_valid()).lower(),
        "wrong": lambda: str(TwentyForm(wrong).is_valid()).lower(),
        "render": lambda: str(TwentyForm(valid)),
        "select": lambda: str(SelectForm()),
        "formset": lambda: str(LineFormSet(lines).is_valid()).lower(),
        "formset render": lambda: str(LineFormSet(lines)),
    }
    found = {}
    for name, op in ops.items():
        text = op()
        end = time.process_time() + given["seconds"]
        start, count = time.process_time(), 0
        while time.process_time() < end:
            op()
            count += 1
        found[name] = {"us": (time.process_time() - start) / count * 1e6, "text": text}
    print(json.dumps(found))


main()
