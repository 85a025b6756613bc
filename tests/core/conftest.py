"""Property tests of pure functions: quick, and not failed by a slow machine."""

from hypothesis import settings

settings.register_profile("words", max_examples=80, deadline=None)
settings.load_profile("words")
