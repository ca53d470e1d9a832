"""Triggers that make the database refuse to change or delete what is recorded of a day's change."""

SAYS = "calendar history is append-only"
TABLE = "workdays_daychange"
TRIGGERS = ("day_change_no_delete", "day_change_no_update")

SQLITE = [
    f"CREATE TRIGGER day_change_no_delete BEFORE DELETE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{SAYS}'); END",
    f"CREATE TRIGGER day_change_no_update BEFORE UPDATE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{SAYS}'); END",
]
POSTGRESQL = [
    "CREATE FUNCTION day_change_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{SAYS}'; END $$",
    f"CREATE TRIGGER day_change_no_delete BEFORE DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION day_change_refuse()",
    f"CREATE TRIGGER day_change_no_update BEFORE UPDATE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION day_change_refuse()",
]


def install(connection) -> None:
    remove(connection)
    with connection.cursor() as cursor:
        for statement in POSTGRESQL if connection.vendor == "postgresql" else SQLITE:
            cursor.execute(statement)


def remove(connection) -> None:
    """For a migration backwards, and for tests that empty the database between themselves."""
    on = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in TRIGGERS:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")
        if on:
            cursor.execute("DROP FUNCTION IF EXISTS day_change_refuse()")
