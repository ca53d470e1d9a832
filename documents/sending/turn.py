"""One order of locks for all that happens to a paper that is sent: its row, its distributions, their addressees.

Whoever sends, delivers, reads, chases or recalls takes the paper's row first, so nobody waits in a circle.
"""

from documents.models import Document


def take(pk: int) -> None:
    """Hold the paper's row until the transaction ends; the next one waits here."""
    Document.objects.select_for_update(no_key=True).values_list("pk").get(pk=pk)
