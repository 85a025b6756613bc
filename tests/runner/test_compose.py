"""docker-compose.yml and Dockerfile start the same processes, with the same settings, as ./run does."""

import json
import re
from pathlib import Path

import pytest
import yaml

from runner import lint, postgres, processes, valkey

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text()
SERVICES: dict[str, dict] = yaml.safe_load(TEXT)["services"]
PORTAL = ("web", "worker", "worker-long", "beat", "migrate")
SECRETS = {
    "SECRET_KEY",
    "FIELD_ENCRYPTION_KEYS",
    "FIELD_HASH_KEY",
    "ALLOWED_HOSTS",
    "PORTAL_BASE_URL",
    "POSTGRES_PASSWORD",
    "VALKEY_PASSWORD",
}


def concurrency(service: str) -> int:
    command = SERVICES[service]["command"]
    return int(command[command.index("--concurrency") + 1])


def test_every_process_is_started_as_run_starts_it() -> None:
    assert {name: SERVICES[name]["command"] for name in PORTAL} == {
        "web": processes.web("0.0.0.0:8000"),
        "worker": processes.worker(concurrency("worker")),
        "worker-long": processes.long_worker(concurrency("worker-long")),
        "beat": processes.beat("/tmp/beat-schedule"),
        "migrate": ["sh", "-c", " && ".join(f"python {' '.join(step)}" for step in processes.migrate())],
    }


def test_the_image_alone_is_the_web() -> None:
    command = re.search(r"^CMD (\[.*\])$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert command
    assert json.loads(command[1]) == SERVICES["web"]["command"]


def test_only_the_long_worker_reads_the_long_broker() -> None:
    long = {name for name in PORTAL if "CELERY_LONG" in SERVICES[name]["environment"]}
    assert long == {"worker-long"}
    assert SERVICES["worker-long"]["environment"].items() >= processes.LONG_ENVIRONMENT.items()


@pytest.mark.parametrize("service", PORTAL)
def test_production_settings_get_all_they_demand(service: str) -> None:
    environment = SERVICES[service]["environment"]
    assert environment["DJANGO_SETTINGS_MODULE"] == lint.PRODUCTION["DJANGO_SETTINGS_MODULE"]
    demanded = {name for name in lint.PRODUCTION if not name.startswith("PYTHON")}
    assert demanded <= environment.keys()
    assert not {"PORTAL_DEMO", "SANDBOX_BANK_URL"} & environment.keys()
    assert {name for name in environment if name.startswith("GATEWAY_")} == {
        f"GATEWAY_{bank}_{what}"
        for bank in ("ZARINPAL", "SEP", "SADAD", "MELLAT", "ZIBAL")
        for what in ("BASE_URL", "CREDENTIALS")
    }


def test_no_secret_is_written_down() -> None:
    """Each comes from the environment, and a missing one stops the start."""
    named = set(re.findall(r"\$\{(\w+):\?\}", TEXT))
    assert named == SECRETS
    assert not set(re.findall(r"\$\{(\w+)\}", TEXT)) & SECRETS, "one may be missing"
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if re.search("KEY|PASSWORD|AUTH$|_URL$", name) and value is not None:
                assert "${" in value, f"{name} is written down"


def test_the_servers_are_set_as_the_bundled_ones() -> None:
    given = SERVICES["postgres"]["command"]
    settings = dict(part.split("=") for part in given[2::2])
    for name in ("jit", "timezone", "max_connections", "work_mem"):
        assert settings[name] == postgres.SETTINGS[name]
    assert SERVICES["postgres"]["image"].startswith("postgres:18")
    assert SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"] == postgres.NEW_CLUSTER
    broker = SERVICES["valkey"]["command"][3:]
    assert dict(zip(broker[::2], broker[1::2], strict=True)) == {
        f"--{name}": value for name, value in valkey.SETTINGS.items()
    }


def test_all_but_the_migration_go_through_pgbouncer() -> None:
    assert SERVICES["pgbouncer"]["environment"]["POOL_MODE"] == "transaction"
    through = {
        name: re.search(r"@(\w+):", SERVICES[name]["environment"]["DATABASE_URL"])[1] for name in PORTAL
    }
    assert through == dict.fromkeys(PORTAL, "pgbouncer") | {"migrate": "postgres"}


def test_everything_that_stays_up_says_whether_it_is_well() -> None:
    assert {name for name, service in SERVICES.items() if "healthcheck" not in service} == {"migrate"}
