"""The network's tables in the admin: for looking, numbers masked, nothing of what belongs to their owner alone."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib import admin

from core.identifiers import mask_mobile, mask_national_id, show_mobile
from provinces.enums import Role
from tests.factories.network import a_volunteer, network_rows
from tests.factories.people import TEHRAN, browser_of, person
from volunteers.models import Assignment, Duplicate, JoinDraft, RegistryLine
from volunteers.services.profile import set_access_needs

NEEDS, ANSWER, OTHER = "رابط زبان اشاره", "پاسخ پنهان", "+989351112233"


@pytest.fixture(autouse=True)
def _start(db, country, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def administrator():
    return browser_of(person(Role.ADMINISTRATOR))


def pages(browser, model) -> str:
    stem = f"/admin/volunteers/{model._meta.model_name}/"
    addresses = [
        stem,
        *(f"{stem}{pk}/change/" for pk in model._base_manager.values_list("pk", flat=True)[:5]),
    ]
    answers = [browser.get(address) for address in addresses]
    assert [a.status_code for a in answers] == [200] * len(answers)
    return "".join(a.content.decode() for a in answers)


def test_every_table_is_there_and_is_not_written(administrator):
    models = set(apps.get_app_config("volunteers").get_models())
    registered = {model: one for model, one in admin.site._registry.items() if model in models}
    assert set(registered) == models
    for one in registered.values():
        assert not one.has_add_permission(None)
        assert not one.has_change_permission(None)
        assert not one.has_delete_permission(None)


def test_no_page_tells_a_number_a_need_an_answer_or_a_key(administrator):
    rows = network_rows(TEHRAN)
    somebody = rows["volunteers.volunteer"]
    somebody.guardian_name, somebody.guardian_mobile = "پدر", OTHER
    somebody.save()
    set_access_needs(somebody.mobile_hash, needs=NEEDS, text_version="1")
    JoinDraft.objects.create(mobile_hash="x", answers=ANSWER)
    Duplicate.objects.update(new_mobile=OTHER)
    RegistryLine.objects.update(mobile=somebody.mobile, national_id=somebody.national_id)
    place, paper = Assignment.objects.get(), rows["volunteers.certificate"]
    document, registry = rows["volunteers.volunteerdocument"], rows["volunteers.registryimport"]
    secrets = {
        somebody.mobile, show_mobile(somebody.mobile), somebody.national_id, show_mobile(OTHER), OTHER, NEEDS,
        ANSWER, place.code, paper.code, document.path, registry.path,
    }  # fmt: skip
    text = "".join(pages(administrator, model) for model in apps.get_app_config("volunteers").get_models())
    assert [secret for secret in secrets if secret in text] == []
    for masked in (mask_mobile(somebody.mobile), mask_national_id(somebody.national_id), mask_mobile(OTHER)):
        assert masked in text


def test_a_volunteer_is_found_by_a_whole_number_or_a_name(administrator):
    somebody, other = a_volunteer(name="علی‌رضا کریمی"), a_volunteer(name="مریم نوری")
    for typed in (show_mobile(somebody.mobile), somebody.national_id, "علي رضا"):
        html = administrator.get("/admin/volunteers/volunteer/", {"q": typed}, follow=True).content.decode()
        assert f"/volunteer/{somebody.pk}/" in html
        assert f"/volunteer/{other.pk}/" not in html
    html = administrator.get("/admin/volunteers/consent/", {"q": str(other.pk)}).content.decode()
    assert html.count("/admin/volunteers/consent/") > 1
    assert somebody.name not in html
