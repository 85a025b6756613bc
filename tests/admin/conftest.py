"""An administrator at work."""

from __future__ import annotations

import pytest
from django.test import Client

from campaigns.services.placements import create_boxes
from core.models import User
from provinces.enums import Role
from provinces.models import Province
from tests.factories.people import TEHRAN, browser_of, person


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def administrator(db) -> User:
    return person(Role.ADMINISTRATOR)


@pytest.fixture
def browser(administrator) -> Client:
    return browser_of(administrator)


@pytest.fixture
def send(browser):
    """Send a page's own form with some fields changed, as a browser does; gives the answer."""

    def send_form(address: str, /, **changes):
        page = browser.get(address)
        assert page.status_code == 200
        form = page.context["adminform"].form
        data = {}
        for part in (form, *[f for s in page.context["inline_admin_formsets"] for f in _forms(s.formset)]):
            for field in part:
                value = field.value()
                if value is True:
                    data[field.html_name] = "on"
                elif isinstance(value, list):
                    data[field.html_name] = ",".join(map(str, value))
                elif value is not None and value is not False:
                    data[field.html_name] = str(value)
        data |= {name: value for name, value in changes.items() if value is not None}
        for name in [n for n, v in changes.items() if v is None]:
            data.pop(name, None)
        return browser.post(address, data)

    def _forms(formset):
        return [formset.management_form, *formset.forms]

    return send_form


@pytest.fixture
def make_box(country, administrator):
    def make(province=TEHRAN):
        return create_boxes(1, province=Province.objects.get(code=province), actor=administrator)[0]

    return make
