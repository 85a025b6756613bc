"""A practice bank: the five gateways' wire protocols as one local process. Never part of production.

Start it with `python -m payments.sandbox_bank --port 9000 --data DIR`. It shares no code with the adapters
it is asked by, so that a mistake of theirs is not a mistake of both.
"""
