"""Every page of the main way and of the workspaces: nothing for axe to find, no sideways scrolling, no complaint
of the browser, and light enough for a slow line."""

from importlib.resources import files
from typing import Any

import pytest

from dashboards.rollups import fold_all
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.doors import sign_in
from tests.factories.aid import allocated, delivered
from tests.factories.gifts import give, receive
from tests.factories.goods import goods_rows
from tests.factories.promises import promise_rows

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(400)]
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
MOST_BYTES = 100_000  # of a page with everything it loads, compressed
PUBLIC = (
    "/", "/give/", "/give/?fund=fitriyeh_general&province=tehran", "/give/in-kind/",
    "/give/in-kind/?province=tehran", "/campaigns/", "/campaigns/ziafat-mehrabani/",
    "/campaigns/ziafat-mehrabani/tehran/", "/provinces/", "/provinces/tehran/", "/needs/", "/channels/",
    "/channels/claim/", "/transparency/", "/me/", "/volunteers/", "/volunteers/join/", "/verify/", "/login/",
    "/q/AAAAAAAAA/", "/api/docs/partner/",
)  # fmt: skip
STAFF = {
    "tehran.accountant": (
        "/desk/",
        "/desk/cases/",
        "/desk/payments/",
        "/desk/refunds/",
        "/desk/reconciliation/",
        "/desk/claims/",
    ),
    "tehran.expert": (
        "/desk/boxes/", "/desk/boxes/new/", "/desk/aid/", "/desk/aid/allocations/?state=all",
        "/desk/aid/allocate/?fund=livelihood&province=23", "/desk/aid/allocations/{allocation}/",
        "/desk/aid/allocations/{allocation}/deliver/", "/desk/aid/deliveries/{delivery}/", "/desk/in-kind/",
        "/desk/in-kind/new/", "/desk/in-kind/{offer}/", "/desk/in-kind/{offer}/take/", "/desk/stock/",
        "/desk/stock/{warehouse}/", "/desk/stock/{warehouse}/give/", "/desk/stock/{warehouse}/send/",
        "/desk/stock/{warehouse}/count/", "/desk/stock/lots/{lot}/", "/desk/stock/transfers/{transfer}/",
        "/desk/stock/counts/{count}/", "/desk/stock/kits/", "/desk/stock/kits/{batch}/",
        "/desk/stock/kits/{ready}/deliver/", "/desk/stock/deliveries/{goods}/",
    ),
    "tehran.manager": (
        "/desk/partners/", "/desk/partners/new/", "/desk/partners/{partner}/", "/desk/agreements/",
        "/desk/agreements/{agreement}/", "/desk/promises/", "/desk/promises/new/", "/desk/promises/{promise}/",
        "/desk/neighbourhoods/", "/desk/neighbourhoods/new/", "/desk/map/", "/desk/map/2301/",
        "/desk/search/?q=%D8%AA%D9%87%D8%B1%D8%A7%D9%86", "/desk/people/", "/desk/channels/", "/desk/codes/",
    ),
    "hq.analyst": ("/hq/map/", "/hq/map/tehran/", "/hq/partners/"),
    "hq.manager": (
        "/hq/", "/hq/provinces/tehran/", "/hq/provinces/tehran/?county=2301&campaign=ziafat-mehrabani",
        "/hq/reconciliation/", "/hq/health/", "/hq/report/",
        "/hq/report/?province=tehran&period=last-year", "/hq/fair-share/", "/hq/fair-share/?province=tehran",
        "/hq/fair-share/import/", "/hq/small-gifts/", "/hq/public-figures/",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def gifts(portal):
    """One gift of each kind of page: received with its receipt, and pending."""
    received = receive(2_000_000, province="23", campaign="ziafat-mehrabani", fund="livelihood")
    followed = receive(2_000_000, province="23", fund="livelihood", mobile="+989121234567")
    found = allocated(followed, 1_500_000)
    made = delivered(found, 500_000)
    rows = goods_rows("23") | promise_rows("23", "2301")
    fold_all()
    ids = {
        "allocation": found, "delivery": made, "offer": rows["donations.giftinkind"], "lot": rows["aid.lot"],
        "warehouse": rows["aid.warehouse"], "transfer": rows["aid.transfer"], "count": rows["aid.stockcount"],
        "batch": rows["aid.kitbatch"], "ready": rows["aid.readykits"], "goods": rows["aid.goodsdelivery"],
    }  # fmt: skip
    for name, row in (("partner", "partner"), ("agreement", "agreement"), ("promise", "commitment")):
        ids[name] = rows[f"partnerships.{row}"]
    goods = rows["donations.givengoods"].gift
    ids = {name: row.pk for name, row in ids.items()}
    return {"received": received, "pending": give(500_000), "followed": followed, "goods": goods, "ids": ids}


def addresses_of(gifts: dict[str, Any]) -> list[str]:
    receipt = gifts["received"].receipt
    return [
        f"/give/{gifts['received'].tracking_code}/",
        f"/give/{gifts['pending'].tracking_code}/",
        f"/trail/{gifts['received'].tracking_code}/",
        f"/trail/{gifts['followed'].tracking_code}/",
        f"/trail/{gifts['goods'].tracking_code}/",
        f"/receipts/{receipt.token}/",
        f"/verify/{receipt.code}/",
    ]


def faults_of(page, address: str) -> list[str]:
    """What is wrong with a page at its present size and scheme."""
    page.goto(address)
    page.wait_for_load_state("networkidle")
    found = []
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append("scrolls sideways")
    page.evaluate(AXE)
    for violation in page.evaluate("() => axe.run()")["violations"]:
        found.append(f"axe {violation['id']}: {violation['nodes'][0]['html'][:120]}")
    return [f"{address}: {fault}" for fault in found]


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(PHONE, "light"), (DESKTOP, "dark")], ids=["phone", "desktop"]
)
def test_public_pages(chromium, portal, gifts, viewport, scheme):
    context = chromium.new_context(
        viewport=viewport, color_scheme=scheme, base_url=portal.url, bypass_csp=True, reduced_motion="reduce"
    )
    page = context.new_page()
    complaints = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    faults = [f for address in (*PUBLIC, *addresses_of(gifts)) for f in faults_of(page, address)]
    context.close()
    assert faults == []
    assert [c for c in complaints if "404" not in c] == []


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_pages_of_staff(chromium, portal, gifts, viewport):
    faults = []
    for user, addresses in STAFF.items():
        context = chromium.new_context(
            viewport=viewport, base_url=portal.url, bypass_csp=True, reduced_motion="reduce"
        )
        page = context.new_page()
        sign_in(page, user, addresses[0])
        faults += [f for address in addresses for f in faults_of(page, address.format(**gifts["ids"]))]
        context.close()
    assert faults == []


def test_public_pages_are_light_and_set_no_cookie(chromium, portal, gifts):
    heavy, cookies = [], []
    for address in (*PUBLIC, *addresses_of(gifts)):
        context = chromium.new_context(viewport=PHONE, base_url=portal.url)
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        received = []
        session.on("Network.loadingFinished", lambda e, r=received: r.append(e["encodedDataLength"]))
        page.goto(address)
        page.wait_for_load_state("networkidle")
        if sum(received) > MOST_BYTES:
            heavy.append((address, int(sum(received))))
        cookies += [(address, c["name"]) for c in context.cookies() if address != "/login/"]
        context.close()
    assert heavy == []
    assert cookies == []
