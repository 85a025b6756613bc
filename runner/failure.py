"""The one error a person is meant to read: a sentence, no traceback."""


class Failure(Exception):
    """Something ./run cannot do now; the text says what and, where possible, what to do about it."""

    def __init__(self, text: str, exit_code: int = 1) -> None:
        super().__init__(text)
        self.exit_code = exit_code
