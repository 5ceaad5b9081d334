"""Bring a database to this version in a process of its own: what that needs is gone from memory afterwards.

Reads `store.url` from standard input, since a command line is seen by everybody on the machine.
"""

import sys

from bridge.store.database import migrate_now

migrate_now(sys.stdin.read())
