# ruff: noqa: DJ008
"""The usual small donation site, as a yardstick: Django with its usual middleware, a table of gifts and one of bank
records, a ready-made gateway's way of asking (one fresh connection a call), verifying inside the callback request.

No books, no queue, no receipt, no second look at anything. Ten statements a gift, each its own transaction. Settings by
environment: DATABASE_URL, YARDSTICK_URL, YARDSTICK_BANK.
"""

import json
import os
import urllib.request
import uuid

import environ
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils import timezone

URL, BANK = os.environ.get("YARDSTICK_URL", ""), os.environ.get("YARDSTICK_BANK", "")
settings.configure(
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["*"],
    SECRET_KEY="no secret",
    USE_TZ=True,
    DATABASES={"default": environ.Env().db("DATABASE_URL") | {"CONN_MAX_AGE": 600}},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions"],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
)
application = get_wsgi_application()

from django import forms  # noqa: E402
from django.db import models  # noqa: E402


class Setting(models.Model):
    gateway, merchant = models.TextField(), models.TextField()
    is_active = models.BooleanField()

    class Meta:
        app_label, db_table, managed = "yardstick", "yardstick_setting", False


class Donation(models.Model):
    code = models.UUIDField(default=uuid.uuid4)
    amount = models.BigIntegerField()
    purpose, mobile, name = models.TextField(), models.TextField(default=""), models.TextField(default="")
    state = models.TextField(default="pending")
    created_at, paid_at = models.DateTimeField(default=timezone.now), models.DateTimeField(null=True)

    class Meta:
        app_label, db_table, managed = "yardstick", "yardstick_donation", False


class BankRecord(models.Model):
    donation = models.ForeignKey(Donation, models.PROTECT)
    gateway, token, state = (
        models.TextField(),
        models.TextField(null=True),
        models.TextField(default="waiting"),
    )
    amount = models.BigIntegerField()
    reference, card, returned = (models.TextField(default="") for _ in range(3))
    created_at, updated_at = models.DateTimeField(default=timezone.now), models.DateTimeField(auto_now=True)

    class Meta:
        app_label, db_table, managed = "yardstick", "yardstick_bank", False


class GiftForm(forms.Form):
    amount = forms.IntegerField(min_value=1_000)
    purpose = forms.CharField(max_length=40)
    name = forms.CharField(max_length=80, required=False)
    mobile = forms.CharField(max_length=15, required=False)


def give(request):
    form = GiftForm(request.POST)
    if not form.is_valid():
        return HttpResponse(form.errors.as_json(), status=422)
    donation = Donation.objects.create(**form.cleaned_data)
    setting = Setting.objects.filter(is_active=True).first()
    record = BankRecord.objects.create(donation=donation, gateway=setting.gateway, amount=donation.amount)
    said = _ask(
        "request",
        {
            "merchant_id": setting.merchant,
            "amount": donation.amount,
            "currency": "IRR",
            "callback_url": f"{URL}/back/",
            "description": donation.purpose,
        },
    )
    record.token, record.state = said["authority"], "redirected"
    record.save()
    return HttpResponseRedirect(f"{BANK}/zarinpal/pg/StartPay/{record.token}")


def back(request):
    record = BankRecord.objects.get(token=request.GET["Authority"])
    record.returned, record.state = request.GET["Status"], "returned"
    record.save()
    setting = Setting.objects.get(gateway=record.gateway)
    said = _ask(
        "verify", {"merchant_id": setting.merchant, "amount": record.amount, "authority": record.token}
    )
    paid = said.get("code") in (100, 101)
    record.state, record.reference = ("complete" if paid else "failed"), str(said.get("ref_id", ""))
    record.card = said.get("card_pan", "")
    record.save()
    donation = Donation.objects.get(pk=record.donation_id)
    donation.state, donation.paid_at = ("paid" if paid else "failed"), timezone.now()
    donation.save()
    return HttpResponse(f"<h1>{donation.code}</h1><p>{donation.state} {donation.amount}</p>")


def _ask(what: str, body: dict) -> dict:
    asked = urllib.request.Request(
        f"{BANK}/zarinpal/pg/v4/payment/{what}.json",
        json.dumps(body).encode(),
        {"Content-Type": "application/json", "Accept": "application/json"},
    )
    with urllib.request.urlopen(asked, timeout=10) as answer:
        return json.load(answer)["data"]


urlpatterns = [
    path("", lambda request: HttpResponse(b"ok", content_type="text/plain")),
    path("give/", give),
    path("back/", back),
]
