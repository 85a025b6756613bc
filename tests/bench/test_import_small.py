"""The import benchmark with a small file: every line is where it belongs and the payouts are booked."""

import json
import os
import subprocess
import sys

import pytest

from runner.install import ROOT

pytestmark = pytest.mark.processes


@pytest.mark.timeout(300)
def test_every_line_of_a_mixed_file_is_accounted_for(migrated):
    command = [sys.executable, "-m", "bench.import", "--lines", "2000", "--older", "1000"]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | migrated, capture_output=True, text=True)
    figures = json.loads(done.stdout.splitlines()[-1]) if done.stdout else {}
    assert (done.returncode, figures.get("problems")) == (0, []), done.stderr[-4000:]
    assert figures["counts"]["new"] == 1_940
    assert figures["check_books"].endswith("checks hold")
    assert set(figures["seconds"]) >= {"read", "dedupe", "match", "post", "all"}
    assert figures["memory_mb"]["together"] > 0
