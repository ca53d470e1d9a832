"""Triggers that make the database refuse to change or delete an event; only its seal may be set, once."""

FROZEN = ("subject_type_id", "subject_id", "seq", "verb", "actor_id", "acting_for_id", "at", "facts", "prev", "hash")
SAYS = "audit events are append-only"

SQLITE = [
    f"CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event BEGIN SELECT RAISE(ABORT, '{SAYS}'); END",
    f"CREATE TRIGGER audit_event_no_update BEFORE UPDATE OF {', '.join(FROZEN)} ON audit_event "
    f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END",
    "CREATE TRIGGER audit_event_seal_once BEFORE UPDATE OF seal_id ON audit_event WHEN OLD.seal_id IS NOT NULL "
    f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END",
]
POSTGRESQL = [
    "CREATE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{SAYS}'; END $$",
    "CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event "
    "FOR EACH ROW EXECUTE FUNCTION audit_event_refuse()",
    f"CREATE TRIGGER audit_event_no_update BEFORE UPDATE OF {', '.join(FROZEN)} ON audit_event "
    "FOR EACH ROW EXECUTE FUNCTION audit_event_refuse()",
    "CREATE TRIGGER audit_event_seal_once BEFORE UPDATE OF seal_id ON audit_event FOR EACH ROW "
    "WHEN (OLD.seal_id IS NOT NULL) EXECUTE FUNCTION audit_event_refuse()",
]
TRIGGERS = ("audit_event_no_delete", "audit_event_no_update", "audit_event_seal_once")


def install(connection) -> None:
    with connection.cursor() as cursor:
        for statement in POSTGRESQL if connection.vendor == "postgresql" else SQLITE:
            cursor.execute(statement)


def remove(connection) -> None:
    """For a migration backwards, and for tests that empty the database between themselves."""
    on = " ON audit_event" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in TRIGGERS:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")
        if on:
            cursor.execute("DROP FUNCTION IF EXISTS audit_event_refuse()")
