"""What people type about allocations and deliveries."""

from __future__ import annotations

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from aid import allocation_phrases as phrases
from aid.enums import AllocationState, BatchState, DeliveryForm, KitSource, Outcome, Purpose, Signatory
from aid.models import Allocation, KitFunding, Pool
from aid.services.allocations import Plan
from aid.services.deliveries import Evidence
from campaigns.enums import NeedState
from campaigns.models import Need
from core.form_fields import JalaliDateField, TomanField
from core.jalali import tehran_today
from core.list_forms import DaysForm
from core.text import ascii_digits, normalise
from provinces.models import County, Province

_CODE = {"dir": "ltr", "autocomplete": "off"}
_COUNT = {"dir": "ltr", "inputmode": "numeric", "autocomplete": "off"}


class CountField(forms.CharField):
    """A whole number above nothing, in digits of three scripts."""

    def __init__(self, **options) -> None:
        super().__init__(max_length=9, widget=forms.TextInput(attrs=_COUNT), **options)

    def clean(self, value) -> int:
        typed = ascii_digits(normalise(super().clean(value)))
        if not typed.isdecimal() or not 0 < int(typed) < 10_000_000:
            raise forms.ValidationError(_("عددی بزرگ‌تر از صفر بنویسید."), code="invalid")
        return int(typed)


class AllocationFilterForm(DaysForm):
    """Which allocations are shown; those that wait for somebody unless something else is asked for."""

    state = forms.ChoiceField(
        label=phrases.STATE,
        required=False,
        choices=[("", _("در جریان")), *AllocationState.choices, ("all", _("همه"))],
    )


class AllocateForm(forms.Form):
    """Money of one pool for a need, or for a programme; only what the fund may be spent on is offered."""

    amount = TomanField(label=phrases.AMOUNT_TOMAN)
    need = forms.ModelChoiceField(
        label=phrases.NEED,
        queryset=None,
        required=False,
        empty_label=_("برای نیازی نیست؛ برنامه را می‌نویسم"),
    )
    funding = forms.ModelChoiceField(
        label=phrases.KIT_ITEM,
        queryset=None,
        required=False,
        empty_label=_("برای بسته‌ای نیست"),
        help_text=_("کالاهایی از بسته‌های در حال تأمین که همین نیت باید بهایشان را بدهد."),
    )
    programme = forms.CharField(
        label=phrases.PROGRAMME,
        required=False,
        max_length=120,
        help_text=_("نامی که نیکوکار می‌خواند، مانند «بسته‌های معیشتی آذر». نام و نشان کسی در آن نباشد."),
    )
    purpose = forms.ChoiceField(label=phrases.PURPOSE, help_text=_("تنها مصارف مجاز این نوع کمک."))
    place = forms.ChoiceField(label=phrases.PLACE, required=False)
    gifts = forms.CharField(
        label=_("کد رهگیری کمک‌ها"),
        required=False,
        help_text=_("تنها هنگامی که کمک‌های معینی منظورند؛ برای نذر لازم است. هر کد در یک سطر."),
        widget=forms.Textarea(attrs={"rows": 2, **_CODE}),
    )
    intention = forms.CharField(label=_("نیت نذر"), required=False, max_length=200)
    moved_because = forms.CharField(
        label=_("دلیل جابه‌جایی"),
        required=False,
        max_length=300,
        help_text=_("تنها اگر پولِ جابه‌جاشدنی به استان یا پویش دیگری می‌رود."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args, pool: Pool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        spendable = pool.fund.spendable_on
        labels = dict(Purpose.choices)
        self.fields["purpose"].choices = [(code, labels.get(code, code)) for code in spendable]
        wanted = Need.objects.filter(
            kind__in=spendable, state__in=[NeedState.VERIFIED, NeedState.PUBLISHED, NeedState.FUNDED]
        )
        if pool.need_id:
            wanted = wanted.filter(kind=pool.need.kind)
        if pool.province_id and not pool.fund.is_movable:
            wanted = wanted.filter(province=pool.province_id)
        self.fields["need"].queryset = wanted.select_related("province").order_by(
            "-urgency", "wanted_by", "pk"
        )
        self.fields["need"].initial = pool.need_id
        self.fields["funding"].queryset = _kits_of(pool)
        self.fields["funding"].label_from_instance = lambda row: f"{row.title} ({row.line.batch.title})"
        self.fields["place"].choices = _places(pool)
        self.fields["place"].initial = f"{pool.province_id or ''}:{pool.county_id or ''}"
        if not pool.fund.is_movable:
            del self.fields["moved_because"]
        if Purpose.NAZR not in spendable:
            del self.fields["intention"]

    def clean(self) -> dict:
        data = super().clean()
        if data.get("need") and data.get("funding"):
            self.add_error("funding", _("یا نیاز را برگزینید یا کالای بسته را."))
        return data

    def plan(self) -> Plan:
        """What the service takes, of a valid form."""
        data = self.cleaned_data
        need, funding = data["need"], data["funding"]
        purpose = need.kind if need else funding.line.batch.kit.purpose if funding else data["purpose"]
        province, _colon, county = data["place"].partition(":")
        return Plan(
            amount_rial=data["amount"],
            purpose=purpose,
            need=need,
            funding=funding,
            programme=data["programme"],
            province=Province.objects.filter(pk=province).first() if province else None,
            county=County.objects.filter(pk=county).first() if county else None,
            gifts=data["gifts"].split(),
            intention=data.get("intention", ""),
            moved_because=data.get("moved_because", ""),
        )


def _kits_of(pool: Pool) -> QuerySet[KitFunding]:
    """Items of kits that are still planned, that this fund is to pay for and where this pool may go."""
    rows = KitFunding.objects.filter(
        source=KitSource.CASH, is_active=True, fund=pool.fund_id, line__batch__state=BatchState.PLANNED
    )
    if pool.province_id and not pool.fund.is_movable:
        rows = rows.filter(line__batch__warehouse__office__province=pool.province_id)
    if pool.county_id and not pool.fund.is_movable:
        rows = rows.filter(line__batch__warehouse__office__county=pool.county_id)
    return rows.select_related("item", "line__batch__kit", "line__batch__warehouse__office").order_by("-pk")


def _places(pool: Pool) -> list[tuple[str, str]]:
    """Where a programme may deliver: the pool's own place and what lies in it; anywhere for what may move."""
    if pool.county_id and not pool.fund.is_movable:
        return [(f"{pool.province_id}:{pool.county_id}", pool.county.name)]
    if pool.province_id and not pool.fund.is_movable:
        counties = County.objects.filter(province=pool.province_id, is_active=True)
        whole = (f"{pool.province_id}:", phrases.WHOLE_PROVINCE.format(name=pool.province.name))
        return [whole, *((f"{pool.province_id}:{c.pk}", c.name) for c in counties)]
    own = [] if pool.county_id is None else [(f"{pool.province_id}:{pool.county_id}", pool.county.name)]
    provinces = ((f"{p.pk}:", phrases.WHOLE_PROVINCE.format(name=p.name)) for p in Province.objects.all())
    return [(":", phrases.WHOLE_COUNTRY), *own, *provinces]


class DecisionForm(forms.Form):
    """Yes or no by a second person; a no says why."""

    decision = forms.ChoiceField(
        label=phrases.DECISION,
        choices=[("approve", _("تأیید می‌کنم")), ("refuse", _("تأیید نمی‌کنم"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=phrases.REASON_FOR_NO,
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(label=phrases.REASON, max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class DeliverForm(forms.Form):
    """What reached people, with its evidence. No name and no number of anybody is asked for."""

    amount = TomanField(label=phrases.DELIVERED_AMOUNT)
    form = forms.ChoiceField(label=phrases.FORM, choices=DeliveryForm.choices)
    what = forms.CharField(
        label=_("چه چیزی"), max_length=80, help_text=_("مانند «بستهٔ خوراک». همه می‌خوانند.")
    )
    quantity = CountField(label=phrases.QUANTITY)
    unit = forms.CharField(label=phrases.UNIT, max_length=20, initial=_("بسته"))
    households = CountField(label=phrases.HOUSEHOLDS)
    county = forms.ChoiceField(label=phrases.COUNTY, required=False)
    delivered_on = JalaliDateField(label=phrases.DELIVERED_ON)
    first = forms.ChoiceField(label=phrases.FIRST, choices=Signatory.choices, initial=Signatory.SOCIAL_WORKER)
    second = forms.ChoiceField(label=phrases.SECOND, choices=Signatory.choices, initial=Signatory.RECIPIENT)
    minutes_number = forms.CharField(
        label=phrases.MINUTES, required=False, max_length=40, widget=forms.TextInput(attrs=_CODE)
    )
    references = forms.CharField(
        label=phrases.REFERENCES,
        required=False,
        help_text=_(
            "کد پرونده در سامانهٔ مددجویی، هر خانوار یک سطر. نام، کد ملی و شمارهٔ همراه پذیرفته نمی‌شود. "
            "برای اطعامِ جمعی می‌تواند خالی باشد."
        ),
        widget=forms.Textarea(attrs={"rows": 4, **_CODE}),
    )
    again_because = forms.CharField(
        label=_("دلیل تحویل دوباره"),
        required=False,
        max_length=200,
        help_text=_("تنها اگر پرونده‌ای در سی روز گذشته همین کمک را گرفته است."),
    )
    photo = forms.FileField(label=phrases.PHOTO, required=False, help_text=_("JPEG یا PNG، تا ۵ مگابایت."))
    photo_is_faceless = forms.BooleanField(label=_("در عکس چهرهٔ هیچ‌کس دیده نمی‌شود"), required=False)

    def __init__(self, *args, allocation: Allocation, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.allocation = allocation
        self.fields["amount"].initial = allocation.left_rial
        self.fields["delivered_on"].initial = tehran_today()
        if allocation.purpose == Purpose.FOOD:
            self.fields["form"].choices = [(DeliveryForm.FOOD, DeliveryForm.FOOD.label)]
        counties = County.objects.filter(province=allocation.province_id, is_active=True)
        if allocation.county_id:
            counties = counties.filter(pk=allocation.county_id)
            self.fields["county"].initial = allocation.county_id
        blank = [] if allocation.county_id else [("", phrases.NO_COUNTY)]
        self.fields["county"].choices = [*blank, *((c.pk, c.name) for c in counties)]

    def evidence(self) -> Evidence:
        """What the service takes, of a valid form."""
        data = self.cleaned_data
        names = (
            "form", "what", "quantity", "unit", "households", "delivered_on", "first", "second", "minutes_number",
            "again_because", "photo", "photo_is_faceless",
        )  # fmt: skip
        return Evidence(
            amount_rial=data["amount"],
            county=County.objects.get(pk=data["county"]) if data["county"] else None,
            references=[line for line in data["references"].splitlines() if line.strip()],
            **{name: data[name] for name in names},
        )


class OutcomeForm(forms.Form):
    """What a delivery led to."""

    outcome = forms.ChoiceField(label=phrases.OUTCOME, choices=Outcome.choices)
    references = forms.CharField(
        label=phrases.REFERENCES,
        required=False,
        help_text=_("خالی: برای همهٔ پرونده‌های این تحویل."),
        widget=forms.Textarea(attrs={"rows": 2, **_CODE}),
    )
