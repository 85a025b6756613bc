"""Writes no message anywhere outside: the demo shows what would have been sent from the table itself."""

import logging

from core.identifiers import mask_mobile

log = logging.getLogger(__name__)


class ConsoleBackend:
    """Says on the log that a message went out, with the number masked and the text left out."""

    def send(self, mobile: str, text: str) -> None:
        log.info("SMS to %s, %d characters", mask_mobile(mobile), len(text))
