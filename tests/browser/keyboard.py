"""Filling in a form as somebody does who uses no pointer: Tab to each part, then typing, arrows, Space and Enter."""

from __future__ import annotations

MOST_TABS, MOST_ARROWS = 120, 600


def reach(page, part) -> None:
    """By Tab alone."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if part.evaluate("e => e === document.activeElement"):
            return
    raise AssertionError(f"{part} is not reached by Tab")


def write(page, label: str, text: str) -> None:
    reach(page, page.get_by_label(label))
    page.keyboard.type(text)


def choose(page, label: str, value: str) -> None:
    field = page.get_by_label(label)
    reach(page, field)
    for _ in range(MOST_ARROWS):
        if field.input_value() == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{value} is not reached by arrows in {label}")


def tick(page, label: str) -> None:
    box = page.get_by_label(label)
    reach(page, box)
    page.keyboard.press("Space")
    assert box.is_checked()


def press(page, name: str) -> None:
    reach(page, page.get_by_role("button", name=name, exact=True))
    send(page)


def send(page) -> None:
    """By Enter, until the next page is there."""
    with page.expect_navigation():
        page.keyboard.press("Enter")
