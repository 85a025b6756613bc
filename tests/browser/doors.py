"""The door of the staff, by a real browser."""

from provinces.models import SecondFactor
from provinces.services.demo_people import current_code, demo_password


def sign_in(page, user: str, to: str) -> None:
    """As one of the demo's people. A code is good once: the tests do not wait for the next half minute."""
    SecondFactor.objects.filter(user__username=user).update(last_t=-1, throttling_failure_count=0)
    page.goto(to)
    page.fill("[name=username]", user)
    page.fill("[name=password]", demo_password())
    page.fill("[name=code]", current_code(user))
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(lambda url: url.endswith(to) and "/login/" not in url)
