"""The command of the partner API's page, run as it stands there against a real server."""

from __future__ import annotations

import html
import json
import re
import subprocess

import pytest
from django.conf import settings
from django.core.cache import cache

from core.invariants import run_checks
from donations.models import Donation
from payments.models import PartnerRehearsal
from payments.partner_selectors import demo_keys
from payments.services.partner_demo import seed_demo_partner
from tests import databases
from tests.flows.portal import Donor, Portal

pytestmark = pytest.mark.processes
EXAMPLE = re.compile(r'<pre dir="ltr" id="curl-example"><code>(.*?)</code></pre>', re.DOTALL)


@pytest.fixture
def portal(live_db, country, tmp_path):
    cache.clear()
    seed_demo_partner()
    redis_url = settings.CACHES["default"]["LOCATION"]
    portal = Portal(tmp_path, database_url=databases.url_of(live_db), redis_url=redis_url, bank_url="")
    portal.start("web")
    yield portal
    portal.stop()


def command_of(portal: Portal) -> str:
    page = Donor(portal).get("/api/docs/partner/")
    assert page.status == 200
    return html.unescape(EXAMPLE.search(page.data.decode())[1])


def run(command: str) -> dict:
    done = subprocess.run(["bash", "-euc", command], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_command_on_the_page_works_as_it_stands(portal):
    answer = run(command_of(portal))
    assert answer["sandbox"] is True
    assert answer["counts"]["accepted"] == 1
    assert PartnerRehearsal.objects.get().partner_txn_id == answer["results"][0]["partner_txn_id"]
    assert Donation.objects.count() == 0


def test_with_the_live_key_of_the_demo_the_same_command_books(portal):
    sandbox, live = sorted(demo_keys(), key=lambda key: key.mode, reverse=True)
    command = command_of(portal).replace(sandbox.key_id, live.key_id).replace(sandbox.secret, live.secret)
    answer = run(command)
    assert (answer["sandbox"], answer["counts"]["accepted"]) == (False, 1)
    gift = Donation.objects.get()
    assert gift.tracking_code == answer["results"][0]["tracking_code"]
    assert gift.is_demo
    status = Donor(portal).get(f"/api/v1/donations/{gift.tracking_code}/")
    assert json.loads(status.data)["status"] == "received"
    assert [check for check in run_checks() if not check.holds] == []
