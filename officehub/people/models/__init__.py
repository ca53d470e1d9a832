from officehub.people.models.organs import Department, Organ, Post
from officehub.people.models.persons import Appointment, Delegation, Person, Role, RoleHolding

__all__ = ["Appointment", "Delegation", "Department", "Organ", "Person", "Post", "Role", "RoleHolding"]
