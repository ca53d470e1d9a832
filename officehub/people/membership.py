"""Groups are the projection of the organisation into the access table; only this module writes them.

A person is in the direct group of the own department, the tree groups of it and all above it, and one group per role.
The three administrators are in the group of their role only: what a department may see is not for them (三员分立).
"""

from django.contrib.auth.models import Group
from django.db import transaction

from officehub.people.models import Department, Person, RoleHolding
from officehub.people.models.persons import ADMINISTRATORS


def role_group(role: str) -> Group:
    """The group that stands for a role; its permissions (for the admin pages) are set by `permissions.py`."""
    return Group.objects.get_or_create(name=f"角色 {role}")[0]


def groups_of(person: Person) -> set[int]:
    """The ids of the groups a person must be in."""
    roles = set(RoleHolding.objects.filter(person=person).values_list("role", flat=True))
    ids = {role_group(role).pk for role in roles}
    if (department := person.department) and roles.isdisjoint(ADMINISTRATORS):
        ids.add(department.group_direct_id)
        ids.update(department.ancestors_and_self().values_list("group_tree_id", flat=True))
    return ids


def sync(person: Person) -> None:
    """Make a person's groups exactly what the organisation says; only the three administrators enter the admin."""
    administers = RoleHolding.objects.filter(person=person, role__in=ADMINISTRATORS).exists()
    with transaction.atomic():
        person.groups.set(groups_of(person))
        if person.is_staff != administers and not person.is_superuser:
            person.is_staff = administers
            Person.objects.filter(pk=person.pk).update(is_staff=administers)


def sync_tree(department: Department) -> None:
    """After a department moved: everybody in it and below."""
    for person in Person.objects.filter(department__path__startswith=department.path).select_related("department"):
        sync(person)
