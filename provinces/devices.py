"""What a person calls the device they came from."""

from __future__ import annotations

from provinces import people_phrases as words

_BROWSERS = (  # the first that fits: others carry these names along
    ("Edg", words.BROWSER_EDGE), ("OPR", words.BROWSER_OPERA), ("SamsungBrowser", words.BROWSER_SAMSUNG),
    ("Firefox", words.BROWSER_FIREFOX), ("Chrome", words.BROWSER_CHROME), ("Safari", words.BROWSER_SAFARI),
)  # fmt: skip
_SYSTEMS = (
    ("Android", words.SYSTEM_ANDROID), ("iPhone", words.SYSTEM_IPHONE), ("iPad", words.SYSTEM_IPAD),
    ("Windows", words.SYSTEM_WINDOWS), ("Mac OS", words.SYSTEM_MAC), ("Linux", words.SYSTEM_LINUX),
)  # fmt: skip


def device_name(user_agent: str) -> str:
    """«کروم در ویندوز», of what a browser says of itself; "" when it says nothing known."""
    browser = next((str(name) for sign, name in _BROWSERS if sign in user_agent), "")
    system = next((str(name) for sign, name in _SYSTEMS if sign in user_agent), "")
    if browser and system:
        return str(words.DEVICE).format(browser=browser, system=system)
    return browser or system
