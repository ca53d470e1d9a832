"""Database triggers that keep a room's records as they are, and migrations: lifted before them, put back after.

SQLite remakes the tables that the triggers watch. A guard is a module with `install(connection)` and
`remove(connection)`.
"""

from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


def lift_for_migrations(app, guard) -> None:
    """Have the triggers of `guard` out of the way while the migrations of an app run; called when it is ready."""

    def lift(using: str, plan=(), **kwargs) -> None:
        if plan:
            guard.remove(connections[using])

    def put_back(using: str, plan=None, **kwargs) -> None:
        if plan is not None:  # the same signal after `flush` comes without a plan, and nothing was lifted then
            guard.install(connections[using])

    pre_migrate.connect(lift, sender=app, weak=False, dispatch_uid=f"{app.label}.lift_guard")
    post_migrate.connect(put_back, sender=app, weak=False, dispatch_uid=f"{app.label}.set_guard")
