"""常用分送范围: lists chosen wherever it is said whom a paper goes to; one's own, or an office's, which its registry
clerks keep and everybody of the office may use."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext

from documents.models import SendingList
from documents.sending.whom import Whom, active
from officehub.approvals.decide import DecisionRefused
from officehub.people.models import Organ, Person, Role, served_organs
from officehub.people.models.persons import administers


def kept_organs(person: Person):
    """The organs whose shared lists a registry clerk keeps: those whose office work is theirs."""
    return served_organs(person) if person.has_role(Role.REGISTRY_CLERK) else Organ.objects.none()


def _organs(person: Person):
    """The own organ and those it serves as their office; none for the three administrators, who send nothing."""
    if person.department is None or administers(person.pk):
        return Organ.objects.none()
    organ = person.department.organ_id
    return Organ.objects.filter(Q(pk=organ) | Q(office=organ)).order_by("pk")


def kept_by(person: Person):
    """The lists a person may change: the own ones, and the office's for its registry clerks."""
    return SendingList.objects.filter(Q(owner=person) | Q(organ__in=kept_organs(person))).select_related("organ")


def offered_to(person: Person):
    """The lists a person may choose from: the own ones, and all that are shared in the office."""
    return SendingList.objects.filter(Q(owner=person) | Q(organ__in=_organs(person))).select_related("organ")


def members(kept: SendingList) -> Whom:
    return Whom(
        list(kept.departments.select_related("organ").order_by("order", "path")),
        list(kept.people.select_related("department").order_by("name_key", "id")),
    )


def together(chosen: Iterable[SendingList]) -> tuple[Whom, list[str]]:
    """Everybody in these lists, each once; and the names of those a paper can no longer be sent to."""
    everybody = Whom()
    for kept in chosen:
        everybody = everybody + members(kept)
    return active(everybody)


def save(
    kept: SendingList | None, *, name: str, whom: Whom, organ: Organ | None, by: Person, now: datetime
) -> SendingList:
    """Keep a list, a new one or one changed. Raises DecisionRefused when it is empty or the name is taken."""
    if not whom:
        raise DecisionRefused(["请选择部门或人员。"])
    kept = kept or SendingList()
    kept.name, kept.changed_at = name, now
    kept.organ, kept.owner = organ, None if organ else by
    same = SendingList.objects.filter(name=name, organ=kept.organ, owner=kept.owner).exclude(pk=kept.pk)
    if same.exists():
        raise DecisionRefused([gettext("已有名为“%(name)s”的范围，请换一个名称。") % {"name": name}])
    try:
        with transaction.atomic():
            kept.save()
            kept.departments.set(whom.departments)
            kept.people.set(whom.people)
    except IntegrityError as error:  # somebody took the name a moment ago
        raise DecisionRefused([gettext("已有名为“%(name)s”的范围，请换一个名称。") % {"name": name}]) from error
    return kept
