from officehub.people.models.organs import (
    Department,
    Organ,
    Post,
    holders_of,
    holders_or_backups,
    role_holders,
    served_organs,
)
from officehub.people.models.persons import Appointment, Delegation, Person, Role, RoleHolding

__all__ = [
    "Appointment",
    "Delegation",
    "Department",
    "Organ",
    "Person",
    "Post",
    "Role",
    "RoleHolding",
    "holders_of",
    "holders_or_backups",
    "role_holders",
    "served_organs",
]
