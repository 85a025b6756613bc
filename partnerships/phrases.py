"""Persian sentences of this room."""

SENTENCES: dict[str, str] = {}
