"""`python -m runner COMMAND …`: what ./run goes on with once .venv is there."""

import importlib
import sys

from runner.commands import print_help, wanted
from runner.failure import Failure
from runner.progress import say
from runner.supervisor import Stopping


def main() -> int:
    command = wanted(sys.argv[1:])
    if command is None:
        return print_help(sys.argv[1:])
    try:
        return importlib.import_module(command.module).main(sys.argv[1:])
    except Failure as failure:
        say(f"\n{failure}", sys.stderr)
        return failure.exit_code
    except PermissionError as error:
        say(f"\nNot allowed: {error.filename}. Was it made by another user?", sys.stderr)
        return 1
    except Stopping as stopping:
        return stopping.exit_code
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
