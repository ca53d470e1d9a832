"""Triggers that make the database refuse to change what was published: a version, its stages, their candidates.

They look into each other's tables, which SQLite remakes when a migration changes one. So they are taken away before
migrations and put back after (`apps.py`), instead of by a migration.
"""

SAYS = "published route versions are immutable"
VERSIONS, STAGES, CANDIDATES = "approvals_routeversion", "approvals_stage", "approvals_stage_candidates"
PUBLISHED = "EXISTS (SELECT 1 FROM approvals_routeversion WHERE id = {row}.version_id AND published_at IS NOT NULL)"
OF_PUBLISHED = (
    "EXISTS (SELECT 1 FROM approvals_stage s JOIN approvals_routeversion v ON v.id = s.version_id "
    "WHERE s.id = {row}.stage_id AND v.published_at IS NOT NULL)"
)
DEEDS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}


def _rules() -> list[tuple[str, str, str]]:
    """Table, deed, and what must not be so: nothing of a published version is changed, added or taken away."""
    published = "OLD.published_at IS NOT NULL"
    rules = [(VERSIONS, "UPDATE", published), (VERSIONS, "DELETE", published)]
    for table, condition in ((STAGES, PUBLISHED), (CANDIDATES, OF_PUBLISHED)):
        for deed, rows in DEEDS.items():
            rules.append((table, deed, " OR ".join(condition.format(row=row) for row in rows)))
    return rules


def _name(table: str, deed: str) -> str:
    return f"{table}_no_{deed.lower()}"


def install(connection) -> None:
    """Put the triggers up; where they are already, anew."""
    remove(connection)
    if not {VERSIONS, STAGES, CANDIDATES} <= set(connection.introspection.table_names()):
        return
    make = _postgresql if connection.vendor == "postgresql" else _sqlite
    with connection.cursor() as cursor:
        for statement in make():
            cursor.execute(statement)


def _sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER {_name(table, deed)} BEFORE {deed} ON {table} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
        for table, deed, condition in _rules()
    ]


def _postgresql() -> list[str]:
    """A trigger's own condition may not look into tables there, so its function does."""
    statements = []
    for table, deed, condition in _rules():
        name = _name(table, deed)
        back = "OLD" if deed == "DELETE" else "NEW"
        statements += [
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {condition} THEN RAISE EXCEPTION '{SAYS}'; END IF; RETURN {back}; END $$",
            f"CREATE TRIGGER {name} BEFORE {deed} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        ]
    return statements


def remove(connection) -> None:
    """Before migrations, and for tests that empty the database between themselves."""
    on_server = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for table, deed, _condition in _rules():
            name = _name(table, deed)
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}" + (f" ON {table}" if on_server else ""))
            if on_server:
                cursor.execute(f"DROP FUNCTION IF EXISTS {name}()")
