"""Stands in for the bank: something that listens."""

import socket
import sys
import time

if __name__ == "__main__":
    with socket.create_server(("127.0.0.1", int(sys.argv[sys.argv.index("--port") + 1]))):
        time.sleep(600)
