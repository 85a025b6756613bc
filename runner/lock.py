"""`./run lock`: the requirement files anew from their .in files, with nothing in them about this machine."""

import os
import subprocess
import sys
from importlib.util import find_spec

from runner.install import ROOT
from runner.progress import Step

FILES = ("requirements", "requirements-local", "requirements-test")  # each is constrained by those before it
OPTIONS = [
    "--quiet", "--strip-extras", "--no-header", "--annotation-style=line",
    "--no-emit-index-url", "--no-emit-trusted-host", "--no-emit-find-links", "--no-emit-options",
]  # fmt: skip


def main(arguments: list[str]) -> int:
    """Further arguments go to pip-compile (`./run lock --upgrade-package django`)."""
    os.chdir(ROOT)
    if not find_spec("piptools"):
        with Step("Installing pip-tools", sys.stderr):
            subprocess.run([sys.executable, "-m", "pip", "install", "-q", "pip-tools"], check=True)
    for name in FILES:
        with Step(f"Pinning {name}.in", sys.stderr):
            command = [sys.executable, "-m", "piptools", "compile", *OPTIONS, *arguments[1:]]
            subprocess.run([*command, "--output-file", f"{name}.txt", f"{name}.in"], check=True)
    return 0
