"""Anonymous rooms: nobody is signed in there, whoever comes; the content policy stands everywhere."""

import pytest

from core.middleware import _own_policy


@pytest.fixture
def signed_in(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("somebody"))
    return client


def test_a_session_is_not_even_read_in_an_anonymous_room(db, signed_in, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = signed_in.get("/healthz")
    assert not hasattr(answer.wsgi_request, "user")
    assert not hasattr(answer.wsgi_request, "session")
    assert not answer.cookies


def test_elsewhere_people_are_known(db, signed_in):
    assert signed_in.get("/").wsgi_request.user.username == "somebody"


@pytest.mark.parametrize("address", ["/healthz", "/give/", "/"])
def test_every_room_has_the_policy_with_the_banks(db, client, settings, address):
    settings.SANDBOX_BANK_URL = "http://bank.example:9"
    policy = client.get(address).headers["Content-Security-Policy"]
    assert policy == _own_policy(("http://bank.example:9",))
    assert "form-action 'self' http://bank.example:9" in policy


@pytest.mark.parametrize("address", ["/admin/login/", "/api/docs/"])
def test_others_pages_have_a_looser_one_without_the_banks(db, client, address):
    policy = client.get(address).headers["Content-Security-Policy"]
    assert "'unsafe-inline'" in policy
    assert "form-action" not in policy or "http" not in policy
