"""The variables a portal process is started with, and where each comes from.

What the caller has set wins; then what the owner of the data directory is running with (runtime.json);
then what is kept in the data directory (secrets.json, made once).
"""

import base64
import json
import os
import secrets
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit

from runner.data_dir import DataDir, write_private

CONTRACT = (
    "ALLOWED_HOSTS", "DATABASE_REPLICA_URL", "DATABASE_URL", "DJANGO_SETTINGS_MODULE",
    "FIELD_ENCRYPTION_KEYS", "FIELD_HASH_KEY", "MEDIA_ROOT", "PORTAL_BASE_URL", "PORTAL_DEMO", "REDIS_URL",
    "SANDBOX_BANK_URL", "SECRET_KEY", "SMS_BACKEND",
)  # fmt: skip


def in_contract(name: str) -> bool:
    return name in CONTRACT or name.startswith("GATEWAY_")


def kept_secrets(data: DataDir) -> dict[str, str]:
    """SECRET_KEY, the field keys and the servers' password: made at the first call, the same ever after."""
    file = data / "secrets.json"
    if not file.exists():
        made = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "FIELD_ENCRYPTION_KEYS": f"k1:{random_key()}",
            "FIELD_HASH_KEY": random_key(),
            "server_password": secrets.token_hex(24),
        }
        write_private(file, json.dumps(made, indent=1))
    return json.loads(file.read_text())


def random_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def for_owner(
    data: DataDir, found: Mapping[str, str], caller: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """What the owner's processes get: `found` (addresses it knows for sure) over the caller's own settings
    over the kept secrets and the defaults of one machine."""
    kept = {name: value for name, value in kept_secrets(data).items() if in_contract(name)}
    defaults = {
        "DJANGO_SETTINGS_MODULE": "behzisti_portal.settings.local",
        "MEDIA_ROOT": str(data / "media"),
        "PORTAL_DEMO": "1",
    }
    return {**defaults, **kept, **caller, **found, **always(data)}


def without_contract() -> dict[str, str]:
    """The caller's environment with nothing in it that could lead to real servers, banks or keys."""
    return {name: value for name, value in os.environ.items() if not in_contract(name)}


def for_guest(data: DataDir) -> dict[str, str] | None:
    """What a command gets that uses the owner's servers; None while those do not answer."""
    try:
        running = json.loads((data / "runtime.json").read_text())
    except (OSError, ValueError):
        return None
    environment = {**running, **os.environ, **always(data)}
    return environment if answers(environment["DATABASE_URL"]) and answers(environment["REDIS_URL"]) else None


def answers(url: str) -> bool:
    """Whether something listens there: what a killed owner published is no longer true."""
    address = urlsplit(url)
    if not address.hostname or not address.port:
        return True
    try:
        socket.create_connection((address.hostname, address.port), timeout=2).close()
    except OSError:
        return False
    return True


@contextmanager
def published(data: DataDir, environment: Mapping[str, str]) -> Iterator[None]:
    """Let guests in meanwhile: runtime.json says what this data directory is run with, to its owner only."""
    known = {name: value for name, value in sorted(environment.items()) if in_contract(name)}
    write_private(data / "runtime.json", json.dumps(known, indent=1))
    try:
        yield
    finally:
        (data / "runtime.json").unlink(missing_ok=True)


def always(data: DataDir) -> dict[str, str]:
    return {"PORTAL_DATA_DIR": str(data.path), "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"}
