"""Steps of the benchmark of volunteers, each a process with the portal's settings; figures in the last line."""

from __future__ import annotations

import json
import random
import re
import sys
import time
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from urllib.parse import urlencode

import django

django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.support.figures import milliseconds  # noqa: E402
from core.crypto import keyed_hash  # noqa: E402
from core.models import User  # noqa: E402
from core.paging import KeyPaginator  # noqa: E402
from provinces.models import County, Province  # noqa: E402
from provinces.scoping import Scope, all_provinces, open_scope  # noqa: E402
from volunteers.desk import ROWS_A_PAGE  # noqa: E402
from volunteers.desk_selectors import volunteers_in_scope  # noqa: E402
from volunteers.enums import Section  # noqa: E402
from volunteers.matching import find_matches  # noqa: E402
from volunteers.models import Opportunity, RegistryImport, Shift, Surge  # noqa: E402
from volunteers.services import registries  # noqa: E402
from volunteers.services.surges import open_surge  # noqa: E402
from volunteers.skills import all_skills  # noqa: E402

FIRST = (
    "علی‌رضا", "علي رضا", "محمد", "فاطمه", "زهرا", "امیرحسین", "مريم", "حسين", "نرگس", "رضا", "سارا", "مهدی", "معصومه",
    "ابوالفضل", "کبري", "هادی", "ليلا", "يوسف", "پریسا", "کیان",
)  # fmt: skip
LAST = (
    "رضایی", "رضائی", "کریمی", "كريمي", "محمدی", "حسینی", "احمدي", "موسوی", "هاشمی‌نژاد", "جعفری", "نوری", "صادقي",
    "عباسی", "قاسمی", "اکبری", "شریفی", "یوسفي", "مرادی", "سلیمانی", "کاظمی",
)  # fmt: skip
HEAD = "نام,نام خانوادگی,شماره همراه,کد ملی,استان,شهرستان,بخش,مهارت,گروه,نوع گروه,تاریخ تولد"
_PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
BLOCK = 100  # of so many lines one cannot be taken and one stands there twice
BATCH = 5_000


def national_id(number: int) -> str:
    first = f"{number:09d}"
    rest = sum(int(digit) * weight for digit, weight in zip(first, range(10, 1, -1), strict=True)) % 11
    return f"{first}{rest if rest < 2 else 11 - rest}"


def make(path: str, lines: int, groups: int) -> dict:
    """A registry; gives what must become of its lines."""
    dice = random.Random(1405)
    places = [
        (c.province.name, c.name) for c in County.objects.filter(is_active=True).select_related("province")
    ]
    homes = [dice.choice(places) for _ in range(groups)]
    skills = [skill.label for skill in all_skills().values()]
    sections = [str(label) for label in Section.labels]
    used: set[int] = set()
    with Path(path).open("w", encoding="utf-8-sig") as file:
        file.write(HEAD + "\n")
        for number in range(lines):
            family = f"{dice.choice(LAST)}{dice.choice(('', ' نژاد', '‌پور', ' اصل', ''))}"
            mobile, person = f"09{100_000_000 + number}", national_id(20_000_000 + number)
            if number % BLOCK == BLOCK - 1:
                mobile, person = f"09{100_000_000 + number - 1}", national_id(20_000_000 + number - 1)
            elif number % BLOCK == BLOCK - 2 - 1:
                mobile = "0912"
            group = number % groups if groups else -1
            province, county = homes[group] if groups else dice.choice(places)
            if dice.random() < 0.3:
                mobile, person = mobile.translate(_PERSIAN), person.translate(_PERSIAN)
            elif dice.random() < 0.1:
                person = person.lstrip("0")
            if group >= 0 and number % BLOCK not in (BLOCK - 1, BLOCK - 3):
                used.add(group)
            born = f"13{dice.randint(40, 80)}/{dice.randint(1, 12)}/{dice.randint(1, 28)}"
            cells = (
                dice.choice(FIRST), family, mobile, person, province, county, dice.choice(sections),
                f"{dice.choice(skills)}، {dice.choice(skills)}", f"گروه {group + 1}" if group >= 0 else "",
                "همیار", born,
            )  # fmt: skip
            file.write(",".join(cells) + "\n")
    twins = sum(1 for n in range(lines) if n % BLOCK == BLOCK - 1)
    refused = sum(1 for n in range(lines) if n % BLOCK == BLOCK - 3)
    return {
        "lines": lines,
        "twin": twins,
        "refused": refused,
        "taken": lines - twins - refused,
        "groups": len(used),
    }


def take(path: str) -> dict:
    """The way of the desk and of the long worker; seconds of each step."""
    actor = User.objects.create_user("bench-volunteers")
    upload = SimpleUploadedFile("registry.csv", Path(path).read_bytes())
    seconds, began, cpu_before = {}, time.monotonic(), time.process_time()
    registry = registries.take_registry(upload, province=None, actor=actor)
    seconds["take"] = time.monotonic() - began
    registries.read_registry(registry.pk)
    seconds["read"] = time.monotonic() - began - seconds["take"]
    registries.confirm_registry(registry.pk, actor=actor)
    parts = 0
    while registries.apply_registry(registry.pk):
        parts += 1
    whole = time.monotonic() - began
    seconds["apply"] = whole - seconds["take"] - seconds["read"]
    done = RegistryImport.objects.get(pk=registry.pk)
    return {
        "seconds": {name: round(value, 2) for name, value in seconds.items()} | {"all": round(whole, 2)},
        "lines_per_second": round(done.counts["lines"] / whole),
        "python_cpu_seconds": round(time.process_time() - cpu_before, 1),
        "parts": parts,
        "counts": done.counts,
    }


_VET = """
    INSERT INTO volunteers_vettingdecision (volunteer_id, decision, reason, decided_by_id)
    SELECT id, 'approve', 'سنجش', %(actor)s FROM volunteers_volunteer WHERE id %% 10 <> 0;
    INSERT INTO volunteers_consent (volunteer_id, kind, text_version, given_at)
    SELECT v.id, k.kind, '1', now() FROM volunteers_volunteer v
     CROSS JOIN (VALUES ('data'), ('conduct'), ('contact')) k(kind);
    UPDATE volunteers_volunteer SET vetting = 'approved' WHERE id %% 10 <> 0;
    ANALYZE volunteers_volunteer; ANALYZE volunteers_consent;
"""
_PLACES = """
    INSERT INTO volunteers_assignment (shift_id, volunteer_id, state, code, confirmed_how, feedback)
    SELECT s.id, v.id, 'signed_up', substr(md5(s.id || '-' || v.id), 1, 16), '', ''
      FROM volunteers_shift s CROSS JOIN LATERAL (
           SELECT v.id FROM volunteers_volunteer v JOIN volunteers_opportunity o ON o.id = s.opportunity_id
            WHERE v.province_id = o.province_id AND v.vetting = 'approved'
            ORDER BY md5(v.id::text || s.id) LIMIT 40) v;
    ANALYZE volunteers_assignment; ANALYZE volunteers_shift;
"""


def ask(searches: int, matches: int) -> dict:
    """Most are vetted and some have work; then searches of staff and matches of shifts, one after another."""
    dice = random.Random(7)
    actor = User.objects.get(username="bench-volunteers")
    with connection.cursor() as cursor:
        cursor.execute(_VET, {"actor": actor.pk})
    provinces = list(Province.objects.all())
    _give_work(actor, provinces, dice)
    with connection.cursor() as cursor:
        cursor.execute("SELECT national_id_hash FROM volunteers_volunteer LIMIT 1")
        cursor.execute(_PLACES)
    told: dict[str, list[float]] = {"name": [], "number": [], "filters": [], "match": []}
    for step in range(searches):
        kind = ("name", "name", "number", "filters")[step % 4]
        wanted = {
            "name": {"q": f"{dice.choice(FIRST)} {dice.choice(LAST)}"},
            "number": {"q": f"0910{dice.randint(0, 10**6):07d}"},
            "filters": {"skill": dice.choice(list(all_skills())), "vetting": "waiting"},
        }[kind]
        # Half of the searches are of a province, half of the whole country.
        where = (
            Scope(provinces=frozenset({dice.choice(provinces).code}))
            if step % 8 < 4
            else Scope(everything=True)
        )
        began = time.monotonic()
        with open_scope(where):
            page = KeyPaginator(volunteers_in_scope(**wanted), ROWS_A_PAGE).get_page(1)
            _ = (page.paginator.count, [(v.name, v.mobile) for v in page])
        told[kind].append(time.monotonic() - began)
    shifts = list(Shift.objects.select_related("opportunity"))
    for _step in range(matches):
        shift = dice.choice(shifts)
        began = time.monotonic()
        find_matches(shift)
        told["match"].append(time.monotonic() - began)
    every = told["name"] + told["number"] + told["filters"]
    return {"search": milliseconds(every)} | {name: milliseconds(times) for name, times in told.items()}


def _give_work(actor: User, provinces: list[Province], dice: random.Random) -> None:
    for number in range(200):
        province = provinces[number % len(provinces)]
        county = dice.choice(list(County.objects.filter(province=province)))
        work = Opportunity.objects.create(
            title="سنجش", province=province, county=county, place="سنجش", section="health", made_by=actor,
            skills=dice.sample(list(all_skills()), 2),
        )  # fmt: skip
        starts = timezone.now() + timedelta(days=dice.randint(-30, 30))
        Shift.objects.create(
            opportunity=work, starts_at=starts, ends_at=starts + timedelta(hours=3), capacity=60
        )


def switch() -> dict:
    """Open a call of the whole country."""
    actor = User.objects.get_or_create(username="bench-volunteers")[0]
    surge = open_surge(title="سنجش", wants={"nursing": 1_000, "psychology": 1_000}, actor=actor)
    return {"surge": surge.pk}


def join(process: int, people: int, most_seconds: int) -> dict:
    """So many people join by the short way, one after another, as many as there is time for."""
    import_module("behzisti_portal.wsgi")  # garbage is looked for as seldom as in the web server's processes
    dice, browser = random.Random(process), Client(SERVER_NAME="127.0.0.1")
    counties = list(County.objects.filter(is_active=True).values_list("code", flat=True))
    times, refused, until = [], 0, time.monotonic() + most_seconds
    cpu_before = time.process_time()
    for number in range(people):
        began = time.monotonic()
        if began > until:
            break
        at, skill = process * 1_000_000 + number, dice.choice(("nursing", "psychology", "law"))
        refused += not _join_one(browser, at, dice.choice(counties), skill)
        times.append(time.monotonic() - began)
    spent = time.process_time() - cpu_before
    return {
        "people": len(times) - refused,
        "refused": refused,
        "ms": milliseconds(times),
        "cpu_ms": round(1000 * spent / len(times), 1),
    }


def _join_one(browser: Client, number: int, county: str, skill: str) -> bool:
    """Every page that a person's browser asks for, from the door to the thanks: seven requests, with an address and
    cookies of their own in the one browser, since each would load the middleware anew."""
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    mobile, browser.defaults["REMOTE_ADDR"] = f"0935{number:07d}", address
    browser.cookies.clear()
    room = "/volunteers/join/quick/"
    browser.get(f"{room}sign-in/")
    asked = _send(browser, f"{room}sign-in/", {"mobile": mobile})
    browser.get(asked["Location"])
    with connection.cursor() as cursor:
        hashed = keyed_hash(f"+98{mobile[1:]}", "mobile")
        cursor.execute("SELECT text FROM core_outgoingsms WHERE mobile_hash = %s ORDER BY id DESC", [hashed])
        code = re.search(r"\d{6}", cursor.fetchone()[0])
    _send(browser, asked["Location"], {"code": code[0]})
    browser.get(room)
    form = {
        "name": f"{FIRST[number % 20]} {LAST[number % 19]}", "national_id": national_id(700_000_000 + number),
        "born_on": "1370/01/31", "county": county, "skill": skill, "data": "on", "conduct": "on", "contact": "on",
    }  # fmt: skip
    done = _send(browser, room, form)
    return done.status_code == 303 and browser.get(done["Location"]).status_code == 200


def _send(browser: Client, address: str, form: dict[str, str]):
    """As browsers send a form without files."""
    return browser.post(address, urlencode(form), content_type="application/x-www-form-urlencoded")


# The rows of one joining with as many commits, and nothing of the portal.
_ROWS = (
    (
        """INSERT INTO core_mobilecode (mobile_hash, mobile, door, token_hash, code_hash, asked_at, tries,
                                        counted_from, asked)
           VALUES (%(hash)s, %(sealed)s, 'join', %(hash)s, %(hash)s, now(), 0, now(), 1)""",
        """INSERT INTO core_outgoingsms (mobile, mobile_hash, text, purpose, state, created_at, due_at, tries)
           VALUES (%(sealed)s, %(hash)s, 'x', 'ceiling', 'queued', now(), now(), 0)""",
    ),
    (
        "SELECT * FROM core_mobilecode WHERE token_hash = %(hash)s FOR UPDATE",
        "UPDATE core_mobilecode SET code_hash = '' WHERE token_hash = %(hash)s",
        """INSERT INTO core_mobilevisit (token_hash, mobile_hash, mobile, door, began_at, ends_at)
           VALUES (%(hash)s, %(hash)s, %(sealed)s, 'join', now(), now())""",
        "{audit}",
    ),
    ("SELECT * FROM core_mobilevisit WHERE token_hash = %(hash)s",),
    (
        """INSERT INTO volunteers_volunteer (name, name_key, mobile, mobile_hash, national_id, national_id_hash,
               guardian_mobile, access_needs, born_on, province_id, county_id, section, sections, skills, languages,
               availability, surge_id, source)
           VALUES ('علی‌رضا کریمی', 'علیرضاکریمی', %(sealed)s, %(hash)s, %(sealed)s, %(hash)s, '', '', now(),
               %(province)s, %(county)s, 'health', '{{health}}', '{{nursing}}', '{{fa}}', '{{crisis}}', %(surge)s,
               'web')""",
        """INSERT INTO volunteers_consent (volunteer_id, kind, text_version, given_at)
           SELECT v.id, k.kind, 'ceiling', now() FROM volunteers_volunteer v
            CROSS JOIN (VALUES ('data'), ('conduct'), ('contact')) k(kind) WHERE v.mobile_hash = %(hash)s""",
        "{audit}",
        "DELETE FROM volunteers_joindraft WHERE mobile_hash = %(hash)s",
        "{audit}",
        "DELETE FROM core_mobilevisit WHERE token_hash = %(hash)s",
    ),
)
_AUDIT = """
    INSERT INTO core_auditentry (at, job, action, subject_type, subject_id, province_code, reason, data)
    VALUES (now(), 'ceiling', 'volunteer.join', 'ceiling', '1', '07', '', '{{}}')
"""


def rows(process: int, seconds: int) -> dict:
    """How many people's rows the database takes alone. They are taken out again."""
    steps = [
        [said.replace("{audit}", _AUDIT).replace("{{", "{").replace("}}", "}") for said in s] for s in _ROWS
    ]
    dice, counties = random.Random(process), list(County.objects.filter(is_active=True))
    same = {"sealed": "k1:" + "x" * 56, "surge": Surge.objects.latest("pk").pk}
    until, people = time.monotonic() + seconds, 0
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            where = dice.choice(counties)
            values = same | {"hash": keyed_hash(f"{process}-{people}", "ceiling")}
            values |= {"county": where.code, "province": where.province_id}
            for statements in steps:
                with transaction.atomic():
                    for said in statements:
                        cursor.execute(said, values)
            people += 1
    return {"people": people}


def clear() -> dict:
    """Take out what `rows` wrote, but for the trail, which nobody edits."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_outgoingsms WHERE purpose = 'ceiling'")
        cursor.execute("DELETE FROM core_mobilecode WHERE code_hash = ''")
        cursor.execute("DELETE FROM volunteers_consent WHERE text_version = 'ceiling'")
        cursor.execute("DELETE FROM volunteers_volunteer WHERE source = 'web'")
        return {"people": cursor.rowcount}


def bare() -> dict:
    """What the database alone needs for the volunteers of a registry: the same rows into the same indexes, at once."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare (LIKE volunteers_volunteer INCLUDING ALL)")
        began = time.monotonic()
        cursor.execute("INSERT INTO bare SELECT * FROM volunteers_volunteer")
        seconds = time.monotonic() - began
        cursor.execute("DROP TABLE bare")
    return {"seconds": round(seconds, 2)}


STEPS = {
    "make": make, "take": take, "bare": bare, "ask": ask, "switch": switch, "rows": rows, "clear": clear, "join": join,
}  # fmt: skip

if __name__ == "__main__":
    name, *typed = sys.argv[1:]
    with all_provinces("bench"):
        print(json.dumps(STEPS[name](*(int(t) if t.isdigit() else t for t in typed)), ensure_ascii=False))
