"""`npm run check`, where node and the packages of package-lock.json are there."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from tests.static.specimens import ROOT


@pytest.mark.skipif(
    shutil.which("npm") is None or not (ROOT / "node_modules").is_dir(),
    reason="node or its packages are not here",
)
def test_styles_and_scripts_are_built_light_and_readable_by_the_floor_browsers():
    done = subprocess.run(["npm", "run", "check"], cwd=ROOT, capture_output=True, text=True, timeout=110)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]


def test_the_lock_file_names_no_registry():
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text(encoding="utf-8")
