"""Reading files of banks, gateways and payment apps. No database in here: bytes and a profile in, lines out.

Nothing is guessed and nothing is lost: every physical line becomes a line, an unread line with its text and a
reason, or something recognised that is no money (heading, blank, total, not carried out).
"""
