"""Triggers by which the database itself refuses to change a kept version, and to change a signed text behind 复核.

A paper that was lawfully destroyed may be emptied, and a draft that only its drafter ever kept goes with its versions.
They are taken away before migrations and put back after (`apps.py`), because SQLite remakes the tables they watch.
"""

from documents.models import Document

KEPT, SIGNED = "document versions are kept as they are", "a signed text is changed only by 复核"
VERSIONS, PAPERS, ATTACHED = "documents_version", "documents_document", "documents_attached"
ITEMS = "documents_archivalitem"
STATES = ", ".join(f"'{state}'" for state in Document.SIGNED_STATES)
COLUMNS = ("title", "kind", "direction", "urgency", "important", "normative", "affects_business", "amount")
PRINT_MARKS = ("print_run", "seal")  # settled when it is registered and printed; they are not part of what is signed


def install(connection) -> None:
    """Put the triggers up; where they are already, anew."""
    remove(connection)
    if not {VERSIONS, PAPERS, ATTACHED, ITEMS} <= set(connection.introspection.table_names()):
        return
    make = _postgresql if connection.vendor == "postgresql" else _sqlite
    with connection.cursor() as cursor:
        for table, deed, condition, says in _rules(connection.vendor == "postgresql"):
            for statement in make(table, deed, condition, says):
                cursor.execute(statement)


def remove(connection) -> None:
    """Before migrations, and for tests that empty the database between themselves."""
    on_server = connection.vendor == "postgresql"
    known = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table, deed, _condition, _says in _rules(on_server):
            name = _name(table, deed)
            if not on_server:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            elif table in known:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
                cursor.execute(f"DROP FUNCTION IF EXISTS {name}()")


def _rules(on_server: bool) -> list[tuple[str, str, str, str]]:
    """Table, deed, what must not be so, and what is said then."""
    signed = f"EXISTS (SELECT 1 FROM {PAPERS} WHERE id = {{row}}.document_id AND state IN ({STATES}))"  # noqa: S608  our own names
    gone = _destroyed("OLD.document_id")
    emptied = f"({gone} AND NEW.document_id = OLD.document_id AND NEW.body = '' AND NEW.stored_id IS NULL)"
    touched = f"({signed.format(row='OLD')} OR {signed.format(row='NEW')})"
    return [
        (VERSIONS, "UPDATE", "1 = 1", KEPT),
        (VERSIONS, "DELETE", f"NOT ({gone} OR {_nobody_elses('OLD.document_id')})", KEPT),
        (PAPERS, "UPDATE", _text_changed(on_server), SIGNED),
        (ATTACHED, "INSERT", signed.format(row="NEW"), SIGNED),
        (ATTACHED, "UPDATE", f"{touched} AND NOT {emptied}", SIGNED),
        (ATTACHED, "DELETE", signed.format(row="OLD"), SIGNED),
    ]


def _destroyed(paper: str) -> str:
    """The paper's item in the archive was destroyed (档案法实施条例 第二十四条)."""
    return f"EXISTS (SELECT 1 FROM {ITEMS} WHERE document_id = {paper} AND state = 'destroyed')"  # noqa: S608  our own names


def _nobody_elses(paper: str) -> str:
    """A draft of which all versions are its drafter's own keeping (保存版本): nobody else has acted on one."""
    drafting = f"EXISTS (SELECT 1 FROM {PAPERS} WHERE id = {paper} AND state = 'drafting')"  # noqa: S608  our own names
    others = f"EXISTS (SELECT 1 FROM {VERSIONS} WHERE document_id = {paper} AND why <> 'keep')"  # noqa: S608  our own names
    return f"({drafting} AND NOT {others})"


def _text_changed(on_server: bool) -> str:
    """A paper that stays signed keeps its text, unless 复核改正 says so by the hash of what it made of it, or it was
    destroyed."""
    differs = "IS DISTINCT FROM" if on_server else "IS NOT"
    changed = [f"OLD.{name} {differs} NEW.{name}" for name in COLUMNS]
    text = f"{_without_marks('OLD', on_server)} {differs} {_without_marks('NEW', on_server)}"
    changed.append(f"({text} AND NOT {_destroyed('OLD.id')})")
    stays = f"OLD.state IN ({STATES}) AND NEW.state IN ({STATES})"
    corrected = "OLD.corrected_hash <> NEW.corrected_hash AND OLD.state IN ('signed', 'rechecked')"
    quietly = "OLD.corrected_hash = NEW.corrected_hash"
    late = f"(OLD.corrected_hash <> NEW.corrected_hash AND NOT ({corrected}))"
    return f"{stays} AND (OLD.signed_hash <> NEW.signed_hash OR {late} OR ({quietly} AND ({' OR '.join(changed)})))"


def _without_marks(row: str, on_server: bool) -> str:
    if on_server:
        return f"({row}.content" + "".join(f" - '{mark}'" for mark in PRINT_MARKS) + ")"
    return f"json_remove({row}.content, {', '.join(f'{chr(39)}$.{mark}{chr(39)}' for mark in PRINT_MARKS)})"


def _name(table: str, deed: str) -> str:
    return f"{table}_no_{deed.lower()}"


def _sqlite(table: str, deed: str, condition: str, says: str) -> list[str]:
    return [
        f"CREATE TRIGGER {_name(table, deed)} BEFORE {deed} ON {table} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
    ]


def _postgresql(table: str, deed: str, condition: str, says: str) -> list[str]:
    """A trigger's own condition may not look into tables there, so its function does."""
    name, back = _name(table, deed), "OLD" if deed == "DELETE" else "NEW"
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {condition} THEN RAISE EXCEPTION '{says}'; END IF; RETURN {back}; END $$",
        f"CREATE TRIGGER {name} BEFORE {deed} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]
