"""The reader as a process: see `payments.statements.staging`."""

from payments.statements.staging import run

run()
