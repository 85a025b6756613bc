import base64

import pytest
from django.core.exceptions import FieldError
from django.db import models
from django.test import override_settings
from django.test.utils import isolate_apps

from core.crypto import CannotDecrypt, encrypt
from core.fields import EncryptedTextField

pytestmark = pytest.mark.usefixtures("keys")


@pytest.fixture(scope="module")
def keys():
    with override_settings(FIELD_ENCRYPTION_KEYS=f"k1:{base64.b64encode(bytes(32)).decode()}"):
        yield


@pytest.fixture
def person():
    with isolate_apps("core"):

        class Person(models.Model):
            mobile = EncryptedTextField()
            national_id = EncryptedTextField(null=True, context="core.donor.national_id")

            class Meta:
                app_label = "core"

            def __str__(self):
                return ""

        yield Person


def test_the_database_gets_ciphertext_and_the_model_gets_text(person):
    field = person._meta.get_field("mobile")
    stored = field.get_prep_value("+989121234567")
    assert stored.startswith("k1:")
    assert "9121234567" not in stored
    assert field.from_db_value(stored, None, None) == "+989121234567"


def test_bound_to_its_own_field(person):
    mobile, national_id = person._meta.get_field("mobile"), person._meta.get_field("national_id")
    assert mobile.bound_to == "core.person.mobile"
    with pytest.raises(CannotDecrypt):
        national_id.from_db_value(mobile.get_prep_value("0012345679"), None, None)


def test_a_renamed_field_keeps_reading_with_its_old_context(person):
    stored = encrypt("0012345679", "core.donor.national_id")
    assert person._meta.get_field("national_id").from_db_value(stored, None, None) == "0012345679"


def test_nothing_stays_nothing(person):
    field = person._meta.get_field("mobile")
    for nothing in ("", None):
        assert field.get_prep_value(nothing) == nothing
        assert field.from_db_value(nothing, None, None) == nothing


def test_searching_by_content_is_refused_loudly(person):
    for lookup in ("mobile", "mobile__icontains", "mobile__in", "mobile__startswith"):
        with pytest.raises(FieldError):
            str(person.objects.filter(**{lookup: ["x"] if lookup.endswith("in") else "x"}).query)


def test_asking_for_rows_without_a_value_is_possible(person):
    assert "IS NULL" in str(person.objects.filter(national_id__isnull=True).query)
    assert "IS NULL" in str(person.objects.filter(national_id=None).query)
    assert person.objects.filter(mobile="").query.sql_with_params()[1] == ("",)


def test_deconstructs_for_migrations(person):
    assert person._meta.get_field("mobile").deconstruct()[1:] == ("core.fields.EncryptedTextField", [], {})
    assert person._meta.get_field("national_id").deconstruct()[3] == {
        "null": True,
        "context": "core.donor.national_id",
    }
