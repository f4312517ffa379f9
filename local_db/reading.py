"""What a question to the replica is asked on, for those who know no database."""

from typing import TypeAlias

from sqlalchemy import Connection

Reading: TypeAlias = Connection
"""A consistent view of the replica, as `Replica.reading` and the desktop's `Tasks.read` give it."""
