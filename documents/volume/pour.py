"""Many rows at once, below the ORM: COPY on PostgreSQL, one prepared INSERT elsewhere. Constraints still hold."""

from collections.abc import Sequence

from django.core.management.color import no_style
from django.db import connection

CACHE_KIB = 400_000  # of this connection only


def pour(model, columns: Sequence[str], rows: Sequence[tuple]) -> None:
    """Insert rows given in the database's own form: moments adapted, JSON as text."""
    table, names = model._meta.db_table, ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as lines:
                for row in rows:
                    lines.write_row(row)
        elif rows:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)  # noqa: S608  our own names


def roomier() -> None:
    """SQLite keeps 2 MB of pages by default, and every index row of a large table would be read from disk again."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size = -{CACHE_KIB}")


def next_id(model) -> int:
    return (model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1


def ids_were_given(*models) -> None:
    """PostgreSQL's sequences do not notice ids given from outside."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
