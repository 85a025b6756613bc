"""Steps that end on another page: they are over when that page is there, so what is read next is read from it."""


def follow(locator) -> None:
    with locator.page.expect_navigation():
        locator.click()


def press(page, name: str) -> None:
    follow(page.get_by_role("button", name=name, exact=True))
