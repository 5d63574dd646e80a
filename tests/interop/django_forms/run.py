"""The forms of forms_django.test.ts on a real Django: their HTML, and what it makes of what is sent to them."""
import json
import sys

import django
from django.conf import settings

given = json.load(sys.stdin)
settings.configure(
    USE_TZ=False,
    LANGUAGE_CODE="en",
    SECRET_KEY="x",
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    **({"FORMS_URLFIELD_ASSUME_HTTPS": True} if django.VERSION[0] == 5 else {}),
)
django.setup()
from django import forms  # noqa: E402
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.http import QueryDict  # noqa: E402
from django.utils.safestring import mark_safe  # noqa: E402

CHOICES = [("", "---"), ("a&b", "A & B"), ("Group <1>", [("1", mark_safe("<b>One</b>")), ("2", "Two")])]
PLAIN = [("r", "Red"), ("g", "Green <&>"), ("b", "Blue")]


class EveryForm(forms.Form):
    error_css_class = "error"
    required_css_class = "required"
    text = forms.CharField(max_length=20, min_length=2, help_text="Some <em>help</em>", label="Text <b>")
    area = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)
    secret = forms.CharField(widget=forms.PasswordInput, label="")
    hidden = forms.CharField(widget=forms.HiddenInput, initial='"quoted"')
    cc_myself = forms.BooleanField(required=False)
    integer = forms.IntegerField(min_value=1, max_value=1000)
    step = forms.IntegerField(step_size=5, required=False) if django.VERSION >= (4, 1) else forms.IntegerField(required=False)
    real = forms.FloatField(required=False)
    decimal = forms.DecimalField(decimal_places=2, max_digits=6)
    email = forms.EmailField()
    url = forms.URLField()
    slug = forms.SlugField(required=False)
    ip = forms.GenericIPAddressField(required=False)
    uuid = forms.UUIDField(required=False)
    regex = forms.RegexField(r"^[a-c]+$", required=False)
    json = forms.JSONField(required=False)
    duration = forms.DurationField(required=False)
    date = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    datetime = forms.DateTimeField(required=False)
    when = forms.SplitDateTimeField(help_text="In <UTC>")
    birthday = forms.DateField(widget=forms.SelectDateWidget(years=[2025, 2026]), required=False)
    time = forms.TimeField(required=False)
    agree = forms.BooleanField()
    maybe = forms.NullBooleanField()
    one = forms.ChoiceField(choices=CHOICES)
    many = forms.MultipleChoiceField(choices=PLAIN)
    typed = forms.TypedChoiceField(choices=[(1, "One"), (2, "Two")], coerce=int, empty_value=None, required=False)
    radio = forms.ChoiceField(choices=PLAIN, widget=forms.RadioSelect, help_text="Pick")
    boxes = forms.MultipleChoiceField(choices=PLAIN, widget=forms.CheckboxSelectMultiple)
    file = forms.FileField(max_length=12)

    def clean_slug(self):
        if self.cleaned_data["slug"] == "taken":
            raise forms.ValidationError("“%(slug)s” is taken.", code="taken", params={"slug": "taken"})
        return self.cleaned_data["slug"]

    def clean(self):
        if self.cleaned_data.get("integer") == 13:
            raise forms.ValidationError("Thirteen & all that")


class LineForm(forms.Form):
    title = forms.CharField(max_length=10)
    amount = forms.IntegerField(min_value=0)


LineFormSet = forms.formset_factory(LineForm, extra=2, can_delete=True, can_order=True, min_num=1, validate_min=True)


def layouts(form):
    if django.VERSION < (4, 1):  # laid out otherwise, and a JSONField without a value cannot be shown
        return {}
    names = [name for name in ("as_div", "as_p", "as_table", "as_ul") if hasattr(form, name)]
    return {name: str(getattr(form, name)()) for name in names}


def checked(form):
    valid = form.is_valid()
    return {
        "valid": valid,
        "errors": form.errors.as_json(),
        "cleaned": {name: str(value) for name, value in form.cleaned_data.items() if name != "json"},
        "changed": form.changed_data,
        "html": layouts(form),
    }


def files(row):
    return {"file": SimpleUploadedFile(row["name"], row["text"].encode())} if row else {}


def of_set(text):
    formset = LineFormSet(QueryDict(text))
    return {
        "valid": formset.is_valid(),
        "errors": [each.as_json() for each in formset.errors],
        "non_form": formset.non_form_errors().as_json(),
        "html": layouts(formset),
    }


print(json.dumps({
    "version": django.VERSION[:2],
    "unbound": layouts(EveryForm()),
    "prefixed": layouts(EveryForm(prefix="p", auto_id=False, label_suffix="")),
    "sent": [checked(EveryForm(QueryDict(row["text"]), files(row.get("file")))) for row in given["sent"]],
    "formset": layouts(LineFormSet()),
    "sets": [of_set(text) for text in given["sets"]],
}))
