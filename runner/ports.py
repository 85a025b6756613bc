"""Which TCP ports this data directory uses: chosen free once, then remembered."""

import json
import random
import socket
from pathlib import Path

LOWEST = 15_000


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def remembered_ports(file: Path, names: tuple[str, ...]) -> dict[str, int]:
    """A port a name, for whoever is about to start these servers; a port that somebody else took is
    chosen anew."""
    known = read(file)
    ports = {name: known[name] for name in names if name in known and is_free(known[name])}
    for name in names:
        ports.setdefault(name, free_port(taken=set(ports.values())))
    file.write_text(json.dumps(known | ports))
    return ports


def agreed_port(file: Path, name: str) -> int:
    """The port of a server that another process may already be running."""
    known = read(file)
    return known[name] if name in known else remembered_ports(file, (name,))[name]


def read(file: Path) -> dict[str, int]:
    return json.loads(file.read_text()) if file.exists() else {}


def free_port(taken: set[int]) -> int:
    """Below the range the system hands out to outgoing connections: a client that keeps calling a server
    which is just being restarted could otherwise be given the server's own port."""
    choice = random.SystemRandom()
    while True:
        port = choice.randrange(LOWEST, first_outgoing_port())
        if port not in taken and is_free(port):
            return port


def first_outgoing_port() -> int:
    try:
        first = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    except OSError:
        return 32_768
    return first if first > LOWEST + 1_000 else 60_000
