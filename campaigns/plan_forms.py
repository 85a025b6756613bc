"""Forms of those who make editions and branches."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from campaigns.enums import CampaignScope, CampaignState, ChannelKind, YearKind
from campaigns.models import Branch, Campaign, Edition, Fund
from campaigns.pictures import MOST_BYTES
from campaigns.plan_selectors import editions_to_join
from campaigns.services.branches import Asked
from campaigns.services.editions import EditionFacts
from campaigns.services.plans import MOST_STORY
from core.form_fields import JalaliDateField, TomanField
from core.jalali import tehran_today, to_jalali
from core.phrases import sentence
from core.text import persian_digits
from provinces.models import Province
from provinces.scoping import current_scope

_LINES = {"rows": 8, "maxlength": MOST_STORY}
_CHANNELS = [kind for kind in ChannelKind.choices if kind[0] not in (ChannelKind.WEB, ChannelKind.QR)]
_FUNDS_HELP = _("هیچ‌کدام: همهٔ انواع کمک پذیرفته می‌شود.")
_CHANNELS_HELP = _("درگاه اینترنتی و کد چاپی همیشه هست؛ شماره‌های تأییدشدهٔ این راه‌ها در صفحه نشان داده می‌شود.")


def provinces_to_join() -> list[Province]:
    """The provinces in which one may make a branch."""
    scope = current_scope()
    provinces = (
        Province.objects.all() if scope.everything else Province.objects.filter(pk__in=scope.provinces)
    )
    return list(provinces)


class StartForm(forms.Form):
    """In which edition a branch begins, and whether it begins like last year's."""

    edition = forms.ModelChoiceField(Edition.objects.none(), label=_("پویش"), empty_label=None)
    province = forms.ModelChoiceField(Province.objects.none(), label=_("استان"), empty_label=None)
    like_last_year = forms.BooleanField(
        label=_("اگر پارسال شاخه‌ای داشتیم، متن و هدف و تصویرهای همان را بیاور"), required=False, initial=True
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        provinces = provinces_to_join()
        self.fields["province"].queryset = Province.objects.filter(pk__in=[p.pk for p in provinces])
        editions = editions_to_join()
        if len(provinces) == 1:
            self.fields["province"].initial = provinces[0].pk
            self.fields["province"].widget = forms.HiddenInput()
            editions = editions.exclude(branches__province=provinces[0])
        self.fields["edition"].queryset = editions


class OwnForm(forms.Form):
    """A campaign that a province begins for itself, or another year of one it has."""

    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label=_("پویش"), required=False, empty_label=_("پویشی تازه")
    )
    name = forms.CharField(label=_("نام پویش"), max_length=80, required=False)
    summary = forms.CharField(
        label=_("برای چیست؟ در یک جمله"),
        max_length=300,
        required=False,
        help_text=_("در فهرست پویش‌ها می‌آید."),
    )
    fund = forms.ModelChoiceField(
        Fund.objects.none(), label=_("نوع کمک"), required=False, empty_label=None, to_field_name="code"
    )
    year = forms.IntegerField(
        label=_("سال"), widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "numeric"})
    )
    province = forms.ModelChoiceField(Province.objects.none(), label=_("استان"), empty_label=None)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        provinces = provinces_to_join()
        codes = [province.pk for province in provinces]
        self.fields["province"].queryset = Province.objects.filter(pk__in=codes)
        self.fields["fund"].queryset = Fund.objects.filter(is_active=True)
        self.fields["year"].initial = persian_digits(to_jalali(tehran_today()).year)
        self.fields["campaign"].queryset = Campaign.objects.filter(only_in__in=codes).order_by("name")
        if len(provinces) == 1:
            self.fields["province"].initial = provinces[0].pk
            self.fields["province"].widget = forms.HiddenInput()
        if not self.fields["campaign"].queryset.exists():
            self.fields["campaign"].widget = forms.HiddenInput()

    def clean(self) -> dict:
        said = super().clean()
        if not said.get("campaign"):
            for name in ("name", "summary", "fund"):
                if not said.get(name) and name not in self.errors:
                    self.add_error(name, ValidationError(_("برای پویش تازه لازم است."), code="required"))
        return said


class AskForm(forms.Form):
    """What a branch asks for; `asked` of a valid one is what the service takes."""

    goal_rial = TomanField(label=_("هدف (تومان)"), help_text=_("مانند ۵۰۰ میلیون."))
    starts_on = JalaliDateField(label=_("آغاز"), required=False)
    ends_on = JalaliDateField(label=_("پایان"), required=False)
    fund_codes = forms.MultipleChoiceField(
        label=_("انواع کمک مجاز"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_FUNDS_HELP
    )
    channel_kinds = forms.MultipleChoiceField(
        label=_("راه‌های پرداخت دیگر"),
        required=False,
        choices=_CHANNELS,
        widget=forms.CheckboxSelectMultiple,
        help_text=_CHANNELS_HELP,
    )

    def __init__(self, *args, branch: Branch, **kwargs) -> None:
        self.branch = branch
        super().__init__(*args, initial={name: getattr(branch, name) for name in self.base_fields}, **kwargs)
        is_own = bool(branch.edition.campaign.only_in)  # its edition says what the branch says
        self.fields["fund_codes"].choices = _funds(() if is_own else branch.edition.fund_codes)

    def asked(self) -> Asked:
        said = self.cleaned_data
        return Asked(
            goal_rial=said["goal_rial"],
            starts_on=said["starts_on"],
            ends_on=said["ends_on"],
            fund_codes=tuple(said["fund_codes"]),
            channel_kinds=tuple(said["channel_kinds"]),
        )


class StoryForm(forms.Form):
    story = forms.CharField(
        label=_("شرح"),
        widget=forms.Textarea(attrs=_LINES),
        max_length=MOST_STORY,
        help_text=_("برای چه کسانی، چه کاری، با چه برنامه‌ای؟ دو سه بند کوتاه؛ نام و نشانی کسی را ننویسید."),
    )


class PictureForm(forms.Form):
    """A picture with the words for those who do not see it."""

    file = forms.FileField(
        label=_("تصویر"),
        help_text=_("JPEG، PNG یا WebP تا ۸ مگابایت. مکان و مشخصات دوربین از آن پاک می‌شود."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    alt = forms.CharField(
        label=_("شرح تصویر"), max_length=200, help_text=_("آنچه در تصویر دیده می‌شود، در یک جمله.")
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and file.size > MOST_BYTES:
            raise ValidationError(sentence("picture_too_large"), code="picture_too_large")
        return file


class NewsForm(PictureForm):
    """A piece of news; its picture may be left out."""

    title = forms.CharField(label=_("عنوان"), max_length=120)
    text = forms.CharField(label=_("متن"), max_length=3_000, widget=forms.Textarea(attrs={"rows": 5}))
    on = JalaliDateField(label=_("روز"))
    field_order = ("title", "text", "on", "file", "alt")

    def __init__(self, *args, **kwargs) -> None:
        kwargs["initial"] = {"on": tehran_today()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.fields["file"].required = self.fields["alt"].required = False


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("دلیل"), max_length=500, help_text=_("سازندگان آن را می‌خوانند."))


class TextForm(forms.Form):
    """The closing word, or the report."""

    text = forms.CharField(label=_("متن"), max_length=MOST_STORY, widget=forms.Textarea(attrs={"rows": 5}))


# --- headquarters ----------------------------------------------------------------------------------------
class EditionForm(forms.Form):
    """A campaign's year; `facts` of a valid one is what the service takes."""

    title = forms.CharField(label=_("عنوان"), max_length=120, help_text=_("مانند «نام پویش – رمضان ۱۴۴۹»"))
    story = forms.CharField(
        label=_("شرح"), required=False, widget=forms.Textarea(attrs=_LINES), max_length=MOST_STORY
    )
    goal_rial = TomanField(label=_("هدف کشور (تومان)"), required=False)
    season_starts_on = JalaliDateField(label=_("آغاز موسم"), required=False)
    season_ends_on = JalaliDateField(label=_("پایان موسم"), required=False)
    fund = forms.ModelChoiceField(
        Fund.objects.none(), label=_("نوع کمک پیش‌فرض"), empty_label=None, to_field_name="code"
    )
    fund_codes = forms.MultipleChoiceField(
        label=_("انواع کمک مجاز"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_FUNDS_HELP
    )
    channel_kinds = forms.MultipleChoiceField(
        label=_("راه‌های پرداخت دیگر"),
        required=False,
        choices=_CHANNELS,
        widget=forms.CheckboxSelectMultiple,
        help_text=_CHANNELS_HELP,
    )

    def __init__(self, *args, edition: Edition | None = None, **kwargs) -> None:
        if edition is not None and "initial" not in kwargs:
            kwargs["initial"] = {name: getattr(edition, name) for name in EditionForm.base_fields}
        super().__init__(*args, **kwargs)
        self.fields["fund"].queryset = Fund.objects.filter(is_active=True)
        self.fields["fund_codes"].choices = _funds(())

    def facts(self) -> EditionFacts:
        said = self.cleaned_data
        return EditionFacts(
            title=said["title"],
            fund=said["fund"].pk,
            goal_rial=said["goal_rial"],
            story=said["story"],
            season_starts_on=said["season_starts_on"],
            season_ends_on=said["season_ends_on"],
            fund_codes=tuple(said["fund_codes"]),
            channel_kinds=tuple(said["channel_kinds"]),
        )


class NewEditionForm(EditionForm):
    """A year of a campaign that is there, or of one that begins with it."""

    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label=_("پویش"), required=False, empty_label=_("پویشی تازه")
    )
    name = forms.CharField(label=_("نام پویش تازه"), max_length=80, required=False)
    slug = forms.CharField(
        label=_("نشانی لاتین پویش تازه"),
        max_length=50,
        required=False,
        help_text=_("حروف کوچک، رقم و خط تیره؛ در نشانی‌های چاپی می‌ماند."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    scope = forms.ChoiceField(label=_("گستره"), choices=CampaignScope.choices, required=False)
    summary = forms.CharField(label=_("خلاصهٔ پویش تازه در یک جمله"), max_length=300, required=False)
    year_kind = forms.ChoiceField(label=_("تقویم"), choices=YearKind.choices)
    year = forms.IntegerField(
        label=_("سال"), widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "numeric"})
    )
    field_order = ("campaign", "name", "slug", "scope", "summary", "year_kind", "year")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["campaign"].queryset = Campaign.objects.filter(only_in="").order_by("name")

    def clean(self) -> dict:
        said = super().clean()
        if not said.get("campaign"):
            for name in ("name", "slug", "summary"):
                if not said.get(name) and name not in self.errors:
                    self.add_error(name, ValidationError(_("برای پویش تازه لازم است."), code="required"))
        return said


class CloneEditionForm(EditionForm):
    """Another year of the same campaign, to begin with what this year said."""

    year = forms.IntegerField(
        label=_("سال"), widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "numeric"})
    )
    with_branches = forms.BooleanField(
        label=_("شاخه‌های همهٔ استان‌ها هم، به صورت پیش‌نویس"), required=False, initial=True
    )
    field_order = ("year",)


class BranchFilterForm(forms.Form):
    """Which branches are looked at; where the scope is one province, that need not be said."""

    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label=_("پویش"), required=False, empty_label=_("همه")
    )
    province = forms.ModelChoiceField(
        Province.objects.none(), label=_("استان"), required=False, empty_label=_("همه")
    )
    standing = forms.ChoiceField(label=_("وضعیت"), required=False)

    def __init__(self, *args, with_province: bool = True, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["campaign"].queryset = Campaign.objects.filter(
            pk__in=Branch.objects.values("edition__campaign")
        ).order_by("name")
        self.fields["standing"].choices = STANDINGS
        if with_province:
            self.fields["province"].queryset = Province.objects.all()
        else:
            del self.fields["province"]


class WaitingFilterForm(BranchFilterForm):
    """The same of what waits for a yes."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["standing"]


STANDINGS = [
    ("", _("همه")),
    ("waiting", _("در انتظار تأیید")),
    ("late", _("دیرکرد")),
    ("edit", _("تغییری در انتظار تأیید")),
    ("own", _("پویش‌های خود استان‌ها")),
    *CampaignState.choices,
]


class SpreadForm(forms.Form):
    """From which plan branches are made in the ticked provinces."""

    source = forms.ChoiceField(label=_("از روی"))
    by_population = forms.BooleanField(label=_("هدف هر استان به نسبت جمعیت"), required=False, initial=True)


def _funds(within) -> list[tuple[str, str]]:
    allowed = set(within)
    return [
        (fund.code, fund.name)
        for fund in Fund.objects.filter(is_active=True)
        if not allowed or fund.code in allowed
    ]
