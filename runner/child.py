"""What a started process does to itself before it becomes the program it was started for.

A script of its own (`python -I -S child.py … -- PROGRAM …`), because these steps must happen between fork
and exec, and Python code is not safe there:

* it asks the kernel for a signal when its parent dies, so a supervisor killed with -9 leaves nothing behind;
* it takes back the signals by which it can be ended: what a shell starts in the background ignores SIGINT and SIGQUIT,
  and hands that on;
* as root it becomes an unprivileged account (PostgreSQL refuses root), keeping at most the one capability
  that lets it pass directories only root may enter, such as a checkout below /root.

Linux only in these two; elsewhere it just becomes the program.
"""

import argparse
import ctypes
import os
import signal
import struct
import sys

PR_SET_PDEATHSIG = 1
PR_SET_KEEPCAPS = 8
PR_SET_SECUREBITS = 28
PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 47, 2
KEEP_CAPS = 1 << 4
# access(2) drops capabilities for everyone but root unless this is set, and PostgreSQL finds its own
# programs with access(2).
NO_SETUID_FIXUP = 1 << 2
CAPABILITY_VERSION_3 = 0x20080522

libc = ctypes.CDLL(None, use_errno=True)


def prctl(option: int, value: int, third: int = 0) -> None:
    words = [ctypes.c_ulong(word) for word in (value, third, 0, 0)]
    if libc.prctl(option, *words) < 0:
        raise OSError(ctypes.get_errno(), f"prctl {option} was refused")


def become(uid: int, gid: int, capability: int | None) -> None:
    """Give up root for good; the only power kept is `capability`, and it survives the exec."""
    if capability is not None:
        prctl(PR_SET_SECUREBITS, KEEP_CAPS | NO_SETUID_FIXUP)
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    if capability is not None:
        keep_only(capability)


def keep_only(capability: int) -> None:
    header = struct.pack("<Ii", CAPABILITY_VERSION_3, 0)
    one = 1 << capability
    effective_permitted_inheritable = struct.pack("<6I", one, one, one, 0, 0, 0)
    if libc.capset(header, effective_permitted_inheritable) < 0:
        raise OSError(ctypes.get_errno(), "capset was refused")
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--death-signal", type=int, required=True)
    parser.add_argument("--account", help="UID:GID")
    parser.add_argument("--capability", type=int)
    parser.add_argument("--directory", help="must be enterable as that account")
    parser.add_argument("program", nargs="+")
    wanted = parser.parse_args()

    if wanted.account:
        uid, gid = map(int, wanted.account.split(":"))
        become(uid, gid, wanted.capability)
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    if sys.platform == "linux":
        prctl(PR_SET_PDEATHSIG, wanted.death_signal)  # after the change of account, which clears it
    if os.getppid() != wanted.parent:
        sys.exit("the parent died before the child was ready")
    if wanted.directory:
        os.chdir(wanted.directory)
    os.execv(wanted.program[0], wanted.program)


if __name__ == "__main__":
    main()
