"""Copies of what cannot be made again: the database as of one moment, and the files that people gave us.

A backup is a directory: `database/` (pg_dump), `media.tar`, and `manifest.json`, which is written last and says what
is inside to the row. It holds no key: keep FIELD_ENCRYPTION_KEYS and FIELD_HASH_KEY elsewhere, or nobody can read it.
"""
