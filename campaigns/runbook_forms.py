"""Forms of a season's plan: headquarters' template, and a place's own copy."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.enums import Anchor, TaskKind, YearKind
from campaigns.models import Campaign, Occasion, Runbook, RunbookTask, RunbookTemplate, TemplateTask
from campaigns.rates import giving_year
from campaigns.runbook import PLANNED, colleagues_of
from campaigns.services.runbook_templates import MOST_OFFSET, TaskFacts
from core.form_fields import JalaliDateField
from core.jalali import tehran_today, to_jalali
from core.models import User
from core.text import persian_digits
from provinces.enums import Role
from provinces.models import County
from provinces.selectors import counties_of, provinces_in_order

_NUMBER = {"dir": "ltr", "inputmode": "text", "autocomplete": "off"}
_ROLES = [(role.value, role.label) for role in (Role.PROVINCIAL_EXPERT, Role.PROVINCIAL_MANAGER,
          Role.PROVINCIAL_ACCOUNTANT, Role.COUNTY_OFFICER)]  # fmt: skip


class TemplateForm(forms.Form):
    """The head of a template; its calendar is asked once."""

    title = forms.CharField(label=_("عنوان"), max_length=120)
    year_kind = forms.ChoiceField(label=_("تقویم"), choices=YearKind.choices, initial=YearKind.HIJRI)
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label=_("پویش"), required=False, empty_label=_("هیچ")
    )
    intro = forms.CharField(label=_("سرآغاز"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, template: RunbookTemplate | None = None, **kwargs: Any) -> None:
        if template is not None:
            kwargs["initial"] = {name: getattr(template, name) for name in ("title", "campaign", "intro")}
        super().__init__(*args, **kwargs)
        self.fields["campaign"].queryset = Campaign.objects.filter(only_in="")
        if template is not None:
            del self.fields["year_kind"]


class TaskForm(forms.Form):
    """What a task says, on whichever side."""

    title = forms.CharField(label=_("عنوان"), max_length=160)
    kind = forms.ChoiceField(label=_("گونه"), choices=TaskKind.choices)
    role = forms.ChoiceField(label=_("نقش مسئول"), choices=_ROLES)
    occasion_code = forms.ChoiceField(label=_("مناسبت"))
    anchor = forms.ChoiceField(label=_("از"), choices=Anchor.choices)
    offset_days = forms.IntegerField(
        label=_("چند روز پس از آن"),
        initial=0,
        min_value=-MOST_OFFSET,
        max_value=MOST_OFFSET,
        help_text=_("پیش از آن با منفی: ‎-۳"),
        widget=forms.TextInput(attrs=_NUMBER),
    )
    position = forms.IntegerField(
        label=_("ترتیب در همان روز"),
        initial=100,
        min_value=1,
        max_value=999,
        widget=forms.TextInput(attrs=_NUMBER),
    )
    text = forms.CharField(
        label=_("متن"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("شرح کار، متن پیام یا نامه، یا برنامهٔ رویداد."),
    )

    def __init__(self, *args: Any, task: TemplateTask | None = None, **kwargs: Any) -> None:
        if task is not None:
            kwargs["initial"] = self._said(task)
        super().__init__(*args, **kwargs)
        self.fields["occasion_code"].choices = self._occasions()

    def _said(self, task: TemplateTask | RunbookTask) -> dict[str, Any]:
        return {name: getattr(task, name) for name in (*PLANNED, "occasion_code")}

    def _occasions(self) -> list[tuple[str, str]]:
        names = dict(Occasion.objects.order_by("starts_on").values_list("code", "name"))
        return sorted(names.items(), key=lambda pair: pair[1])

    def facts(self) -> TaskFacts:
        said = self.cleaned_data
        return TaskFacts(**{name: said[name] for name in (*PLANNED, "occasion_code")})


class OwnTaskForm(TaskForm):
    """A task of a place's copy: its day may be written by hand, and it may be handed to a person."""

    own_due_on = JalaliDateField(
        label=_("روز دستی"),
        required=False,
        help_text=_("خالی: روز از مناسبت شمرده می‌شود و با تأیید تاریخ جابه‌جا می‌شود."),
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "numeric"}),
    )
    assignee = forms.ModelChoiceField(
        User.objects.none(), label=_("سپرده به"), required=False, empty_label=_("هنوز کسی")
    )

    def __init__(self, *args: Any, runbook: Runbook, task: RunbookTask | None = None, **kwargs: Any) -> None:
        self.runbook, self.task = runbook, task
        super().__init__(*args, task=task, **kwargs)
        people = colleagues_of(runbook)
        if task is not None and task.assignee_id:
            people = people | User.objects.filter(pk=task.assignee_id)
        self.fields["assignee"].queryset = people

    def _said(self, task: RunbookTask) -> dict[str, Any]:
        said = {name: getattr(task, name) for name in (*PLANNED, "own_due_on", "assignee")}
        return {**said, "occasion_code": task.occasion.code}

    def _occasions(self) -> list[tuple[str, str]]:
        return [(occasion.code, occasion.name) for occasion in self._of_year()]

    def _of_year(self) -> list[Occasion]:
        runbook = self.runbook
        if runbook.template.year_kind == YearKind.HIJRI:
            return list(Occasion.objects.filter(hijri_year=runbook.year))
        return list(Occasion.objects.filter(hijri_year=0, jalali_year=runbook.year))

    def chosen(self) -> dict[str, Any]:
        """What the services ask for beside the facts."""
        said = self.cleaned_data
        occasion = next(o for o in self._of_year() if o.code == said["occasion_code"])
        return {"occasion": occasion, "own_due_on": said["own_due_on"], "assignee": said["assignee"]}


class CloneForm(forms.Form):
    """For which year a template is cloned, and to which provinces; none ticked: all."""

    year = forms.TypedChoiceField(label=_("سال"), coerce=int)
    provinces = forms.MultipleChoiceField(
        label=_("استان‌ها"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, template: RunbookTemplate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_hijri = template.year_kind == YearKind.HIJRI
        name = "hijri_year" if is_hijri else "jalali_year"
        found = (
            Occasion.objects.filter(hijri_year__gt=0) if is_hijri else Occasion.objects.filter(hijri_year=0)
        )
        years = sorted(set(found.values_list(name, flat=True)), reverse=True)
        self.fields["year"].choices = [(year, persian_digits(year)) for year in years]
        self.fields["year"].initial = giving_year() if is_hijri else to_jalali(tehran_today()).year
        self.fields["provinces"].choices = [(p.code, p.name) for p in provinces_in_order()]

    def chosen(self) -> list:
        codes = self.cleaned_data["provinces"]
        return [p for p in provinces_in_order() if not codes or p.code in codes]


class CountiesForm(forms.Form):
    """To which counties a province gives its copy; none ticked: all."""

    counties = forms.MultipleChoiceField(
        label=_("شهرستان‌ها"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, runbook: Runbook, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.all: list[County] = counties_of(runbook.province)
        self.fields["counties"].choices = [(county.code, county.name) for county in self.all]

    def chosen(self) -> list[County]:
        codes = self.cleaned_data["counties"]
        return [county for county in self.all if not codes or county.code in codes]


class ChooseForm(forms.Form):
    """Which template and year headquarters looks at."""

    template = forms.ModelChoiceField(
        RunbookTemplate.objects.none(), label=_("الگو"), required=False, empty_label=None
    )
    year = forms.TypedChoiceField(label=_("سال"), coerce=int, required=False)

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].queryset = RunbookTemplate.objects.all()
        self.fields["year"].choices = [(year, persian_digits(year)) for year in years]


class AttachForm(forms.Form):
    attachment_title = forms.CharField(label=_("عنوان فایل"), max_length=120)
    file = forms.FileField(label=_("فایل (PDF، PNG یا JPEG)"))


class DropForm(forms.Form):
    reason = forms.CharField(label=_("دلیل"), max_length=300)
