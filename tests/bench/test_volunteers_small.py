"""The benchmark of volunteers at a small size: no line and no person is lost, and the books hold."""

import json
import os
import subprocess
import sys

import pytest

from runner.install import ROOT

pytestmark = pytest.mark.processes


@pytest.mark.timeout(480)
def test_every_line_and_everybody_is_there(migrated):
    sizes = (
        "--volunteers",
        "600",
        "--groups",
        "60",
        "--searches",
        "16",
        "--matches",
        "5",
        "--joins",
        "6",
        "--ceiling-seconds",
        "1",
    )
    command = [sys.executable, "-m", "bench.volunteers", *sizes]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | migrated, capture_output=True, text=True)
    figures = json.loads(done.stdout.splitlines()[-1]) if done.stdout else {}
    assert (done.returncode, figures.get("problems")) == (0, []), done.stderr[-4000:]
    assert figures["import"]["counts"] == {"lines": 600, "taken": 588, "twin": 6, "refused": 6}
    assert figures["joining"]["people"] == 6
    assert set(figures["asked_ms"]) == {"search", "name", "number", "filters", "match"}
    assert figures["check_books"].endswith("checks hold")
