"""A small chaos run in full: real processes, three of them killed hard, and two books that must agree."""

import json
import os
import subprocess
import sys

import pytest

from bench.support.books import MUST_BE_ZERO
from runner.install import ROOT

pytestmark = pytest.mark.processes


@pytest.mark.timeout(300)
def test_nothing_is_lost_while_processes_are_killed(migrated):
    command = [
        sys.executable, "-m", "bench.chaos",
        "--gifts", "25", "--kills", "3", "--seed", "4", "--donors", "6", "--natural", "4", "--patience", "60",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, env=os.environ | migrated, capture_output=True, text=True)
    figures = json.loads(done.stdout.splitlines()[-1]) if done.stdout else {}
    assert (done.returncode, figures.get("problems")) == (0, []), done.stderr[-4000:]
    assert {name: figures[name] for name in MUST_BE_ZERO} == dict.fromkeys(MUST_BE_ZERO, 0)
    assert figures["check_books"].endswith("checks hold")
    assert sum(figures["kills"].values()) == 3
    assert figures["received_here"] == figures["gifts_paid"] > 0
    assert figures["rollups_differ"] == 0
    assert figures["rollups_compared"] > 0
