"""One person of each role for the demo, and none of it outside."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from core.errors import DomainError
from core.models import AuditEntry, User
from provinces.access import access_of
from provinces.enums import Role
from provinces.models import Membership, SecondFactor
from provinces.scoping import all_provinces
from provinces.services.demo_people import PEOPLE, demo_password, seed_demo_people

pytestmark = pytest.mark.django_db


def output_of(command: str, *args: str, capsys) -> str:
    call_command(command, *args)
    return capsys.readouterr().out


def test_every_role_is_there_and_can_come_in(capsys):
    people = seed_demo_people()
    with all_provinces("test"):
        roles = set(Membership.objects.filter(user__in=people).values_list("role", flat=True))
    assert roles == set(Role.values)
    for user in people:
        code = output_of("demo_code", user.username, capsys=capsys).strip()
        assert len(code) == 6
        browser = Client()
        form = {"username": user.username, "password": demo_password(), "code": code}
        assert browser.post("/login/", form).status_code == 302
        assert browser.get("/staff/").status_code == 302


def test_it_can_be_repeated(capsys):
    first = seed_demo_people()
    devices, entries = set(SecondFactor.objects.values_list("key")), AuditEntry.objects.count()
    User.objects.filter(username="admin").update(is_active=False)
    assert seed_demo_people() == first
    assert set(SecondFactor.objects.values_list("key")) == devices
    assert AuditEntry.objects.count() == entries
    assert User.objects.get(username="admin").is_active


def test_ilam_has_an_acting_manager():
    seed_demo_people()
    assert access_of(User.objects.get(username="ilam.manager")).is_acting


def test_the_accounts_are_printed_with_the_password(capsys):
    seed_demo_people()
    text = output_of("demo_accounts", capsys=capsys)
    for person in PEOPLE:
        assert person.username in text
    assert demo_password() in text


def test_the_password_may_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "another one for today")
    seed_demo_people()
    assert User.objects.get(username="admin").check_password("another one for today")


def test_outside_the_demo_nothing_of_it_works(settings, capsys):
    seed_demo_people()
    settings.DEMO = False
    with pytest.raises(DomainError, match="demo_only"):
        seed_demo_people()
    for command in (["demo_code", "admin"], ["demo_accounts"]):
        with pytest.raises(CommandError):
            call_command(*command)
    assert capsys.readouterr().out == ""


def test_codes_are_given_for_the_demos_own_people_only(capsys):
    seed_demo_people()
    real = User.objects.create_user("a.real.person")
    SecondFactor.objects.create(user=real, name="real", confirmed=True)
    with pytest.raises(CommandError):
        call_command("demo_code", "a.real.person")
    assert capsys.readouterr().out == ""


def test_the_first_administrator_is_made_at_the_servers_command_line(monkeypatch, capsys):
    from django_otp.oath import TOTP

    def show_code(prompt: str) -> str:
        device = SecondFactor.objects.get(user__username="first.admin")
        return f"{TOTP(device.bin_key).token():06d}"

    monkeypatch.setattr(
        "provinces.management.commands.add_administrator.getpass", lambda prompt: "words of 1405 here"
    )
    monkeypatch.setattr("builtins.input", show_code)
    call_command("add_administrator", "first.admin")
    assert "otpauth://totp/" in capsys.readouterr().out
    user = User.objects.get(username="first.admin")
    assert access_of(user).roles == {Role.ADMINISTRATOR}
    assert SecondFactor.objects.get(user=user).confirmed
    assert set(AuditEntry.objects.values_list("job", flat=True)) == {"add_administrator"}


def test_a_weak_password_makes_no_administrator(monkeypatch):
    monkeypatch.setattr("provinces.management.commands.add_administrator.getpass", lambda prompt: "12345")
    with pytest.raises(CommandError):
        call_command("add_administrator", "first.admin")
    assert not User.objects.filter(username="first.admin").exists()
