"""What staff and leaders type about opportunities, shifts and who came."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django import forms
from django.utils import timezone

from campaigns.desk_forms import choose, counties_of, provinces_of
from campaigns.enums import CampaignState, EventState
from campaigns.event_forms import ClockField
from campaigns.models import Branch, Event
from core.errors import DomainError
from core.form_fields import JalaliDateField
from core.jalali import TEHRAN, format_time, tehran_day
from core.list_forms import DaysForm
from provinces.models import County, Province
from provinces.scoping import all_provinces, current_scope
from volunteers.enums import AssignmentState, GroupState, OpportunityState, Purpose, Section
from volunteers.models import Assignment, Opportunity, Shift, VolunteerGroup
from volunteers.services.attendance import Seen
from volunteers.services.opportunities import OpportunityFacts
from volunteers.skills import all_skills
from volunteers.surge_selectors import calls_of

_ALL = [("", "همه")]
_NUMBER = {"dir": "ltr", "inputmode": "numeric", "autocomplete": "off"}


class OpportunityFilterForm(DaysForm):
    state = forms.ChoiceField(label="وضعیت", required=False, choices=_ALL + OpportunityState.choices)
    purpose = forms.ChoiceField(label="برای", required=False, choices=_ALL + Purpose.choices)


class OpportunityForm(forms.Form):
    """`facts` of a valid one is what the service takes. Of a `row`: filled with it, in its own province; what it is for
    stays to be chosen, be it over by now."""

    title = forms.CharField(label="عنوان", max_length=120)
    province = forms.ModelChoiceField(Province.objects.none(), label="استان", empty_label=None)
    county = forms.ModelChoiceField(
        County.objects.none(), label="شهرستان", required=False, empty_label="همهٔ استان"
    )
    place = forms.CharField(label="محل", max_length=200)
    section = forms.ChoiceField(label="بخش", choices=Section.choices)
    event = forms.ModelChoiceField(None, label="برای رویداد", required=False, empty_label="هیچ")
    branch = forms.ModelChoiceField(None, label="برای پویش", required=False, empty_label="هیچ")
    surge = forms.ModelChoiceField(None, label="برای فراخوان بحران", required=False, empty_label="هیچ")
    group = forms.ModelChoiceField(None, label="گروهی که انجام می‌دهد", required=False, empty_label="هیچ")
    skills = forms.MultipleChoiceField(
        label="مهارت‌های خواسته", required=False, widget=forms.CheckboxSelectMultiple
    )
    story = forms.CharField(
        label="شرح", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    meets_clients = forms.BooleanField(
        label="با مددجویان روبه‌رو می‌شود (تنها تأییدشدگان دعوت می‌شوند)", required=False, initial=True
    )
    is_remote = forms.BooleanField(label="از راه دور هم می‌شود", required=False)
    is_public = forms.BooleanField(label="در فهرست همگانی بیاید", required=False, initial=True)

    def __init__(self, *args, row: Opportunity | None = None, **kwargs) -> None:
        if row is not None:
            kwargs["initial"] = {name: getattr(row, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        scope = current_scope()
        provinces, counties = provinces_of(scope), counties_of(scope)
        if row is not None:
            provinces, counties = (
                provinces.filter(pk=row.province_id),
                counties.filter(province=row.province_id),
            )
        choose(self, "province", provinces)
        choose(self, "county", counties)
        if not scope.everything and not scope.provinces:
            self.fields["county"].required, self.fields["county"].empty_label = True, None
        since = timezone.now() - timedelta(days=1)
        self.fields["event"].queryset = Event.objects.filter(
            starts_at__gt=since, state__in=(EventState.PLANNED, EventState.ANNOUNCED)
        )
        self.fields["branch"].queryset = Branch.objects.filter(state=CampaignState.OPEN).select_related(
            "edition"
        )
        self.fields["surge"].queryset = calls_of(provinces_of(scope))
        groups = VolunteerGroup.objects.exclude(state=GroupState.CLOSED).order_by("name_key")
        self.fields["group"].queryset = groups if not scope.everything else groups.none()
        self.fields["skills"].choices = [(s.code, s.label) for s in all_skills().values()]
        if row is not None:
            self._keep_choice_of(row)

    def _keep_choice_of(self, row: Opportunity) -> None:
        with all_provinces("what one's own work is for, be it a call of the whole country"):
            for name in ("event", "branch", "surge", "group"):
                field = self.fields[name]
                present = field.queryset.model.objects.filter(pk=getattr(row, f"{name}_id"))
                field.queryset = field.queryset | present

    @property
    def facts(self) -> OpportunityFacts:
        return OpportunityFacts(**self.cleaned_data)


class ShiftForm(forms.Form):
    day = JalaliDateField(label="روز")
    since = ClockField(label="از ساعت")
    until = ClockField(label="تا ساعت")
    capacity = forms.IntegerField(label="چند نفر", min_value=1, widget=forms.TextInput(attrs=_NUMBER))

    def __init__(self, *args, row: Shift | None = None, **kwargs) -> None:
        if row is not None:
            kwargs["initial"] = {
                "day": tehran_day(row.starts_at),
                "since": format_time(row.starts_at),
                "until": format_time(row.ends_at),
                "capacity": row.capacity,
            }
        super().__init__(*args, **kwargs)

    @property
    def times(self) -> tuple[datetime, datetime]:
        """From and until; an end before the start is on the next day."""
        data = self.cleaned_data
        starts = datetime.combine(data["day"], data["since"], tzinfo=TEHRAN)
        ends = datetime.combine(data["day"], data["until"], tzinfo=TEHRAN)
        return starts, ends if ends > starts else ends + timedelta(days=1)


class ReasonForm(forms.Form):
    reason = forms.CharField(label="دلیل (برای همه پیامک می‌شود)", max_length=300)


class InviteForm(forms.Form):
    """Those of the proposed volunteers that are ticked."""

    volunteers = forms.TypedMultipleChoiceField(
        label="داوطلبان", coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, people: Iterable[tuple[int, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["volunteers"].choices = list(people)


class AttendanceForm(forms.Form):
    """Who came to a shift and for how long, all on one page; a row that is left open says nothing."""

    def __init__(self, *args, places: list[Assignment], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.places = places
        for place in places:
            came = {AssignmentState.PRESENT: "yes", AssignmentState.ABSENT: "no"}.get(place.state, "")
            whole = int((place.shift.ends_at - place.shift.starts_at).total_seconds() // 60)
            name = place.volunteer.name if place.volunteer else ""
            self.fields[f"came_{place.pk}"] = forms.ChoiceField(
                label=f"حضور {name}",
                required=False,
                choices=[("", "هنوز نه"), ("yes", "آمد"), ("no", "نیامد")],
                initial=came,
            )
            self.fields[f"minutes_{place.pk}"] = forms.IntegerField(
                label=f"دقیقه‌های {name}",
                required=False,
                min_value=1,
                max_value=24 * 60,
                initial=place.confirmed_minutes or place.said_minutes or whole,
                widget=forms.TextInput(attrs=_NUMBER | {"maxlength": "4"}),
            )

    def rows(self) -> list[dict]:
        """For the page: the place and its two fields."""
        return [
            {"place": place, "came": self[f"came_{place.pk}"], "minutes": self[f"minutes_{place.pk}"]}
            for place in self.places
        ]

    @property
    def seen(self) -> list[Seen]:
        said = []
        for place in self.places:
            came = self.cleaned_data[f"came_{place.pk}"]
            minutes = self.cleaned_data[f"minutes_{place.pk}"]
            if came:
                said.append(Seen(place.pk, came == "yes", minutes if came == "yes" else None))
        if not said:
            raise DomainError("attendance_empty")
        return said


class FeedbackForm(forms.Form):
    rating = forms.TypedChoiceField(
        label="این نوبت چگونه بود؟",
        coerce=int,
        choices=[(5, "بسیار خوب"), (4, "خوب"), (3, "میانه"), (2, "بد"), (1, "بسیار بد")],
        widget=forms.RadioSelect,
    )
    minutes = forms.IntegerField(
        label="چند دقیقه بودید؟",
        required=False,
        min_value=1,
        max_value=24 * 60,
        widget=forms.TextInput(attrs=_NUMBER),
        help_text="سرگروه یا کارشناس آن را می‌بیند و خودش تأیید می‌کند.",
    )
    words = forms.CharField(
        label="چه بهتر شود؟", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
