"""What the badges of a page count: a person's open errands, read once however many rooms show a number of them."""

from officehub.inbox.models import WorkItem

MOST = 100  # a badge says 99+ beyond
REMEMBERED = "_asked_of"


def asked_of(person) -> list[str]:
    """The verbs of what is asked of a person, at most a hundred. A request has its own person, who remembers them."""
    if not hasattr(person, REMEMBERED):
        verbs = WorkItem.objects.todo(person).values_list("verb", flat=True)[:MOST]
        setattr(person, REMEMBERED, list(verbs))
    return getattr(person, REMEMBERED)
