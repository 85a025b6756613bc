"""How gunicorn serves the portal; the same on one machine and in production.

Threads, because a request waits for the database or a bank far more than it computes. Workers times
threads is the number of database connections the web tier may hold (PgBouncer shares them out).
"""

import os

workers = int(os.environ.get("WEB_WORKERS", "2"))
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "8"))
timeout = 60
graceful_timeout = 10
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
control_socket_disable = True
accesslog = None  # paths carry receipt tokens and tracking codes, and addresses are personal data
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108  heartbeats never wait for a disk
