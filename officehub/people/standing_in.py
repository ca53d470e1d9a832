"""Who does whose errands while they are away."""

from officehub.people.models import Person
from officehub.people.models.persons import Delegation


def stand_ins(people, today, kind: str = "") -> dict[int, Person]:
    """For each of these persons (by id) who is away on a day, who acts for them."""
    found = Delegation.objects.filter(
        principal__in=people, since__lte=today, until__gte=today, delegate__is_active=True
    ).select_related("delegate")
    return {one.principal_id: one.delegate for one in found}
