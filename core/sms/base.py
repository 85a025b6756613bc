"""What an SMS provider must offer. One module a provider beside this one."""

from typing import Protocol


class SmsError(Exception):
    """The provider did not take the message; it may be tried again."""


class SmsBackend(Protocol):
    def send(self, mobile: str, text: str) -> None:
        """Hand `text` over for `mobile` (+989…). Raises SmsError when it was not taken."""
