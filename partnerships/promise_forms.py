"""What staff type about promises, their instalments and what came of them."""

from __future__ import annotations

import re
from collections.abc import Callable

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from campaigns.desk_forms import choose, counties_of, county_label, provinces_of
from campaigns.enums import NeedState
from campaigns.models import Event, Guest, Need, NeedItem
from core.codes import parse_tracking_code
from core.errors import DomainError
from core.form_fields import JalaliDateField, TomanField
from core.jalali import format_short, parse_jalali
from core.money import group_digits, parse_toman, rial_to_toman
from core.phrases import sentence
from core.text import ascii_digits, normalise, search_key
from donations.models import Donation, GiftInKind, GivenGoods
from partnerships import promise_phrases as phrases
from partnerships.enums import CommitmentState, DeliveryForm, Measure, Purpose
from partnerships.models import Commitment, PartnerSite
from partnerships.partner_selectors import choosable_partners, choosable_sites
from partnerships.promise_selectors import minders_of, plan_of
from partnerships.services.deliveries import Proof
from partnerships.services.promises import Part, PromiseFacts
from provinces.models import County, Province
from provinces.scoping import current_scope

_ALL = ("", _("همه"))
_WHOLE = re.compile(r"[\d٬,،\s]{1,20}")


class CountField(forms.CharField):
    """A whole number of things, typed with digits of three scripts and marks between thousands."""

    def __init__(self, *, least: int = 1, **options) -> None:
        attributes = {"dir": "ltr", "inputmode": "numeric", "autocomplete": "off"}
        self.least = least
        super().__init__(**{"max_length": 20, "widget": forms.TextInput(attrs=attributes)} | options)

    def clean(self, value) -> int | None:
        typed = ascii_digits(normalise(super().clean(value)))
        if not typed:
            return None
        digits = re.sub(r"\D", "", typed)
        if not _WHOLE.fullmatch(typed) or not digits or not self.least <= int(digits) < 10**15:
            raise ValidationError(sentence("bad_target"), code="bad_target")
        return int(digits)


class PromiseFilterForm(forms.Form):
    q = forms.CharField(label=_("چه کسی یا چه چیزی"), required=False, max_length=60)
    standing = forms.ChoiceField(
        label=_("وضعیت"),
        required=False,
        choices=[
            _ALL,
            ("late", phrases.LATE),
            ("soon", phrases.SOON),
            ("waiting", phrases.WAITING),
            *CommitmentState.choices,
        ],
    )
    purpose = forms.ChoiceField(label=_("برای"), required=False, choices=[_ALL, *Purpose.choices])
    measure = forms.ChoiceField(label=_("جنس"), required=False, choices=[_ALL, *Measure.choices])
    mine = forms.BooleanField(label=phrases.MINE, required=False)
    province = forms.ModelChoiceField(
        Province.objects.none(), label=_("استان"), required=False, empty_label=_("همه")
    )

    county = forms.ModelChoiceField(
        County.objects.none(), label=_("شهرستان"), required=False, empty_label=_("همه")
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        scope = current_scope()
        if scope.everything:
            self.fields["province"].queryset = Province.objects.all()
            del self.fields["county"]
        else:
            self.fields["county"].queryset = counties_of(scope)
            del self.fields["province"]


def site_label(site: PartnerSite) -> str:
    """Whose it is, its name and its county."""
    return f"{site.partner.name}: {site.name}، {site.county.name}"


class PromiseForm(forms.Form):
    """A promise of a partner or of somebody else; `facts` of a valid one is what the service takes."""

    partner = forms.ModelChoiceField(None, label=_("شریک"), required=False, empty_label=_("کس دیگر"))
    site = forms.ModelChoiceField(
        None, label=phrases.SITE, required=False, empty_label=_("محل کار ویژه‌ای نه")
    )
    who = forms.CharField(label=_("یا نام"), required=False, max_length=120)
    what = forms.CharField(label=_("چه وعده‌ای"), max_length=300)
    purpose = forms.ChoiceField(label=_("برای"), choices=Purpose.choices)
    measure = forms.ChoiceField(label=_("جنس"), choices=Measure.choices, initial=Measure.GOODS)
    quantity = CountField(label=_("مقدار کالا"), required=False, help_text=_("تنها برای کالا."))
    unit = forms.CharField(
        label=_("واحد"), required=False, max_length=20, help_text=_("مانند دستگاه یا سری.")
    )
    amount = TomanField(label=_("مبلغ (تومان)"), required=False, help_text=_("تنها برای پول."))
    worth = TomanField(label=_("ارزش کالا (تومان)"), required=False)
    province = forms.ModelChoiceField(
        Province.objects.none(), label=_("استان"), required=False, empty_label=_("کشوری (ستاد)")
    )
    county = forms.ModelChoiceField(
        County.objects.none(), label=_("شهرستان"), required=False, empty_label=_("همهٔ استان")
    )
    need = forms.ModelChoiceField(None, label=_("نیاز"), required=False, empty_label=_("نیاز ویژه‌ای نه"))
    need_item = forms.CharField(label=_("قلم نیاز"), required=False, max_length=80)
    promised_on = JalaliDateField(label=_("روز وعده"), required=False)
    due_on = JalaliDateField(label=_("موعد"))

    def __init__(self, *args, promise: Commitment | None = None, item=None, **kwargs) -> None:
        if promise is not None:
            kwargs.setdefault("initial", self.initial_of(promise))
        super().__init__(*args, **kwargs)
        self.item = item or (promise and promise.item)
        scope = current_scope()
        self.fields["partner"].queryset = choosable_partners()
        self.fields["site"].queryset = choosable_sites(self.item and self.item.agreement.partner)
        self.fields["site"].label_from_instance = site_label
        self.fields["province"].queryset = provinces_of(scope)
        self.fields["county"].queryset = counties_of(scope).select_related("province")
        self.fields["county"].label_from_instance = county_label if scope.everything else str
        self.fields["need"].queryset = Need.objects.filter(
            state__in=[NeedState.VERIFIED, NeedState.PUBLISHED]
        )
        if not scope.everything:
            self.fields["province"].required, self.fields["province"].empty_label = True, None
            choose(self, "province", provinces_of(scope))
        if not scope.everything and not scope.provinces:
            self.fields["county"].required, self.fields["county"].empty_label = True, None
        if self.item is not None:
            for name in ("partner", "who", "purpose", "measure", "unit"):
                del self.fields[name]
            del self.fields["quantity" if self.item.measure == Measure.CASH else "amount"]
        if promise is not None and promise.event_id:
            for name in ("province", "county"):
                del self.fields[name]
        self.promise = promise

    @staticmethod
    def initial_of(promise: Commitment) -> dict[str, object]:
        names = ("partner", "site", "who", "what", "purpose", "measure", "unit", "province", "county", "need")
        last = promise.instalments.order_by("-due_on").first()
        cash = promise.measure == Measure.CASH
        return {name: getattr(promise, name) for name in names} | {
            "quantity": None if cash else promise.quantity,
            "amount": promise.quantity if cash else None,
            "worth": promise.worth_rial,
            "need_item": promise.need_item.item if promise.need_item else "",
            "promised_on": promise.promised_on,
            "due_on": last and last.due_on,
        }

    def clean(self) -> dict:
        data = super().clean()
        measure = self.item.measure if self.item else data.get("measure")
        if measure == Measure.CASH and not data.get("amount") and "amount" not in self.errors:
            self.add_error("amount", sentence("bad_target"))
        if measure == Measure.GOODS and not data.get("quantity") and "quantity" not in self.errors:
            self.add_error("quantity", sentence("bad_target"))
        data["need_item"] = self._need_item(data.get("need"), data.get("need_item", ""))
        return data

    def _need_item(self, need: Need | None, typed: str) -> NeedItem | None:
        if not typed:
            return None
        rows = NeedItem.objects.filter(need=need) if need else NeedItem.objects.none()
        found = next((row for row in rows if search_key(row.item) == search_key(typed)), None)
        if found is None:
            self.add_error("need_item", sentence("not_found"))
        return found

    @property
    def facts(self) -> PromiseFacts:
        data, promise = self.cleaned_data, self.promise
        measure = Measure(self.item.measure if self.item else data["measure"])
        quantity = data.get("amount") if measure == Measure.CASH else data.get("quantity")
        return PromiseFacts(
            what=data["what"],
            due_on=data["due_on"],
            measure=measure,
            quantity=quantity or 1,
            unit=data.get("unit", ""),
            purpose=Purpose(data.get("purpose") or Purpose.OTHER),
            partner=data.get("partner"),
            site=data["site"],
            who=data.get("who", ""),
            item=self.item,
            need=data["need"],
            need_item=data["need_item"],
            province=data.get("province") or (promise.province if promise else None),
            county=data.get("county") or (promise.county if promise and promise.event_id else None),
            promised_on=data["promised_on"],
            worth_rial=data["worth"],
        )


class EventPromiseForm(forms.Form):
    """A promise made at an event, in its own words."""

    guest = forms.ModelChoiceField(None, label=_("مهمان"), required=False, empty_label=_("کس دیگر"))
    who = forms.CharField(label=_("یا نام"), required=False, max_length=120)
    what = forms.CharField(label=_("چه وعده‌ای"), max_length=300)
    amount_rial = TomanField(label=_("ارزش (تومان)"), required=False)
    due_on = JalaliDateField(label=_("موعد"))

    def __init__(self, *args, event: Event, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.event = event
        self.fields["guest"].queryset = Guest.objects.filter(event=event)


class FollowForm(forms.Form):
    state = forms.ChoiceField(label=_("نتیجه"), choices=CommitmentState.choices, initial=CommitmentState.OPEN)
    note = forms.CharField(label=_("چه شد"), max_length=300)
    due_on = JalaliDateField(label=_("موعد تازه"), required=False)

    def __init__(self, *args, promise: Commitment | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if promise is not None and promise.measure != Measure.WORDS:
            self.fields["state"].choices = [
                choice for choice in CommitmentState.choices if choice[0] != CommitmentState.KEPT
            ]


class HandOverForm(forms.Form):
    """Whoever minds a promise from now on."""

    to = forms.ModelChoiceField(None, label=phrases.HANDED_TO, empty_label=None)

    def __init__(self, *args, promise: Commitment, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = minders_of(promise).exclude(pk=promise.minded_by_id)


class PlanForm(forms.Form):
    """Instalments, one a line: day, quantity. Money in toman."""

    plan = forms.CharField(
        label=phrases.PLAN,
        max_length=4_000,
        help_text=phrases.PLAN_HELP,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "ltr"}),
    )

    def __init__(self, *args, promise: Commitment, **kwargs) -> None:
        self.read = read_money if promise.measure == Measure.CASH else read_count
        show = (lambda rial: rial_to_toman(rial)[0]) if promise.measure == Measure.CASH else int
        lines = [
            f"{format_short(row.due_on)}، {group_digits(show(row.quantity))}" for row in plan_of(promise)
        ]
        kwargs.setdefault("initial", {"plan": "\n".join(lines)})
        super().__init__(*args, **kwargs)

    def clean_plan(self) -> list[Part]:
        rows = [row for row in self.cleaned_data["plan"].splitlines() if row.strip()]
        try:
            return [self._part(row) for row in rows]
        except DomainError as error:
            raise ValidationError(sentence("bad_plan"), code="bad_plan") from error

    def _part(self, row: str) -> Part:
        day, _mark, quantity = normalise(row).partition("،" if "،" in row else ",")
        return Part(parse_jalali(day.strip()), self.read(quantity.strip()))


def read_money(typed: str) -> int:
    """Rials of toman as typed in a line; DomainError as parse_toman."""
    return int(parse_toman(typed))


def read_count(typed: str) -> int:
    """A whole number as typed in a line; DomainError("bad_plan") otherwise."""
    digits = re.sub(r"[٬,،\s]", "", ascii_digits(typed))
    if not digits.isdecimal() or len(digits) > 15:
        raise DomainError("bad_plan")
    return int(digits)


class DeliveryEntryForm(forms.Form):
    """Something promised that came, with its proof."""

    form = forms.ChoiceField(label=_("چگونه رسید"), choices=DeliveryForm.choices)
    code = forms.CharField(
        label=_("کد رهگیری"),
        required=False,
        max_length=30,
        help_text=_("برای پول: کد رهگیری کمک؛ برای کالای انبار: کد کمک غیرنقدی."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    goods = forms.CharField(label=_("کدام قلم"), required=False, max_length=120)
    quantity = CountField(label=_("مقدار"), required=False)
    delivered_on = JalaliDateField(label=_("روز رسیدن"))
    evidence = forms.CharField(label=_("مدرک"), max_length=300, help_text=_("شمارهٔ صورت‌جلسه، حواله یا رسید."))
    file = forms.FileField(
        label=_("پروندهٔ مدرک"), required=False, help_text=_("PDF، JPEG یا PNG؛ تا ۱۰ مگابایت.")
    )

    def __init__(self, *args, promise: Commitment, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        is_money = promise.measure == Measure.CASH
        self.fields["form"].choices = [
            choice for choice in DeliveryForm.choices if (choice[0] == DeliveryForm.MONEY) is is_money
        ]
        if is_money:
            del self.fields["goods"], self.fields["quantity"]
            self.fields["form"].widget = forms.HiddenInput()
            self.fields["form"].initial = DeliveryForm.MONEY
            self.fields["code"].required = True

    def clean(self) -> dict:
        data = super().clean()
        data["donation"], data["line"] = None, None
        try:
            if data.get("form") == DeliveryForm.MONEY and data.get("code"):
                data["donation"] = _gift(data["code"])
            elif data.get("form") == DeliveryForm.STOCK and data.get("code"):
                data["line"] = _goods(data["code"], data.get("goods", ""))
        except DomainError as error:
            field = error.data.get("field", "code")
            self.add_error(field if field in self.fields else "code", sentence(error.code))
        return data

    @property
    def proof(self) -> Proof:
        data = self.cleaned_data
        return Proof(
            form=DeliveryForm(data["form"]),
            delivered_on=data["delivered_on"],
            evidence=data["evidence"],
            quantity=data.get("quantity"),
            donation=data["donation"],
            goods=data["line"],
            file=data["file"],
        )


def _gift(typed: str) -> Donation:
    """A gift of the open scope by its code."""
    return _by_code(typed, lambda code: Donation.objects.filter(tracking_code=code).first())


def _goods(typed: str, named: str) -> GivenGoods:
    """A line of a gift in kind of the open scope: the one of this name, or the only one."""
    gift = _by_code(typed, lambda code: GiftInKind.objects.filter(tracking_code=code).first())
    lines = list(GivenGoods.objects.select_related("gift").filter(gift=gift))
    if named:
        lines = [line for line in lines if search_key(named) in search_key(line.name)]
    if len(lines) != 1:
        raise DomainError("goods_not_named", field="goods")
    return lines[0]


def _by_code(typed: str, find: Callable[[str], object]):
    try:
        found = find(parse_tracking_code(typed))
    except DomainError:
        found = None
    if found is None:
        raise DomainError("promise_gift_unknown", field="code")
    return found


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("تصمیم"), choices=[("yes", phrases.CONFIRM), ("no", phrases.REFUSE)], widget=forms.RadioSelect
    )
    reason = forms.CharField(label=_("دلیل"), required=False, max_length=300)


class OutcomeForm(forms.Form):
    outcome = forms.CharField(
        label=phrases.BECAME,
        max_length=500,
        help_text=_("بی نام و نشان کسی؛ مانند: ده زن با این چرخ‌ها کار می‌کنند."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
