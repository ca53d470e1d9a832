"""Whose duty an incoming paper is in each state; and when roles change hands, the open errands do as well."""

from collections import defaultdict
from datetime import datetime, time

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from documents.models import Incoming
from officehub.approvals.decide import DecisionRefused
from officehub.inbox.errands import Errand, finish, give, reopen, same_errand
from officehub.inbox.models import WorkItem
from officehub.notifications.tell import tell
from officehub.people.grants import Because, grant
from officehub.people.models import Organ, Person, Role, role_holders, served_organs
from officehub.workdays.arithmetic import Limit, Unit, by_noon, chosen, limit, limit_kept, roll

STATE = Incoming.State
CLERK, SECRETARY, DIRECTOR = "clerk", "secretary", "director"
DUTY = {  # the state, what is to be done in it, and by whom
    STATE.REGISTERED: ("screen", SECRETARY),
    STATE.FOR_READING: ("route", CLERK),
    STATE.READ: ("close", CLERK),
    STATE.FOR_ACTION: ("propose", SECRETARY),
    STATE.PROPOSED: ("settle", DIRECTOR),
    STATE.INSTRUCTED: ("assign", SECRETARY),
    STATE.ANSWERED: ("close", CLERK),
}
OFFICES = dict(DUTY.values())
REASSIGNED = "已改派"
NOON = time(12)
AT_ONCE = 500  # papers looked at together when roles change hands


def role_of(office: str) -> str:
    """The role that does an office's part; who drafts 拟办意见 is the office's custom."""
    return {
        CLERK: Role.REGISTRY_CLERK,
        SECRETARY: settings.INCOMING_SECRETARY_ROLE,
        DIRECTOR: Role.OFFICE_DIRECTOR,
    }[office]


def holders(organ: Organ, office: str) -> list[Person]:
    """Who does an office's part for an organ: people of its 办公厅（室）, or its own; a secretary's is a clerk's where
    there is none."""
    found = list(role_holders(organ, role_of(office)))
    if not found and office == SECRETARY:
        found = list(role_holders(organ, Role.REGISTRY_CLERK))
    return found


def kept_organs(person: Person):
    """The organs whose register of receipt a person keeps: the own one's, and those it is the office of."""
    keeps = person.has_role(Role.REGISTRY_CLERK, settings.INCOMING_SECRETARY_ROLE, Role.OFFICE_DIRECTOR)
    return served_organs(person) if keeps else Organ.objects.none()


def may_register(person: Person, organ: Organ) -> bool:
    return any(one.pk == person.pk for one in holders(organ, CLERK))


def organs_registering(person: Person) -> list[Organ]:
    """The organs a person may enter a paper for."""
    if not person.has_role(Role.REGISTRY_CLERK):
        return []
    return list(kept_organs(person).filter(is_own=True).order_by("-level", "id"))


def office_limit(incoming: Incoming, now: datetime) -> Limit:
    """Until when the office does its step: what came in the morning on the same day, what came later by the next
    working day's noon (甬政办发〔2007〕169号); or so many working days, as the office has it."""
    days = settings.OFFICE_STEP_LIMIT_WORKING_DAYS
    if not settings.INCOMING_HALF_DAY_LIMITS:
        return limit(now, days, Unit.WORKING_DAYS)
    local = timezone.localtime(now)
    today = roll(local.date())
    if today.date == local.date() and local.time() < NOON:
        return limit(now, 0, Unit.WORKING_DAYS)
    return by_noon(now)


def let_see(incoming: Incoming, people) -> None:
    """Whoever takes part may see it from then on (经手人可见)."""
    grant(incoming, people, Because.PARTICIPANT)


def hold(incoming: Incoming) -> Incoming:
    """The paper's row, fresh and locked: whoever changes what hangs on it takes this lock first."""
    return hold_pk(incoming.pk)


def hold_pk(pk: int) -> Incoming:
    return Incoming.objects.select_for_update(no_key=True).get(pk=pk)


def errand(incoming: Incoming, verb: str, key: str, limits: dict) -> Errand:
    source = f"{incoming.number} {incoming.sender_name}"
    return Errand(verb, key, incoming.title, source, incoming.urgency, **limits)


def ask(
    incoming: Incoming, verb: str, people: list[Person], now: datetime, *, key: str, limits: dict | None = None
) -> None:
    """Give an errand to some people, let them see the paper and tell them. `limits` are the fields of its limit when it
    is not the office's usual one."""
    limits = {**chosen(None).fields, **(limits or office_limit(incoming, now).fields)}
    let_see(incoming, people)
    again = WorkItem.objects.of(incoming).filter(key=key, assignee__in=people, done_at__isnull=False)
    had = reopen(again, now, anew=True, **limits)
    told = f"{key}:{now.isoformat()}" if had else key  # who had it before is told anew
    give(errand(incoming, verb, key, limits), incoming, people, now)
    tell(f"incoming.{verb}_asked", incoming, people, now, key=told, title=incoming.title, number=incoming.number)


def ask_office(incoming: Incoming, now: datetime, seq: int) -> None:
    """Ask whoever has the duty of the state the paper is in. `seq` is the event that brought it there.

    Raises DecisionRefused when nobody holds the office.
    """
    verb, office = DUTY[Incoming.State(incoming.state)]
    people = holders(incoming.organ, office)
    if not people:
        raise DecisionRefused(
            [
                gettext("%(organ)s没有%(role)s，请系统管理员补充。")
                % {"organ": incoming.organ.short_name, "role": gettext(Role(role_of(office)).label)}
            ]
        )
    ask(incoming, verb, people, now, key=f"{verb}:{seq}")


# --- when roles change hands ------------------------------------------------------------------------------------


def refresh(now: datetime, roles=tuple(Role.values)) -> int:
    """Give every waiting paper's errand to those who hold the office today, and to nobody else. Returns how many moved;
    done twice, the second time moves none."""
    touched = 0
    with transaction.atomic():
        for state, (verb, office) in DUTY.items():
            if role_of(office) in roles:
                for organ in Organ.objects.filter(pk__in=Incoming.objects.filter(state=state).values("organ")):
                    touched += _refresh_organ(organ, state, verb, office, now)
    return touched


def _refresh_organ(organ: Organ, state: str, verb: str, office: str, now: datetime) -> int:
    wanted = {person.pk: person for person in holders(organ, office)}
    if not wanted:
        return 0  # nobody could take it over: it stays where it is until there is somebody
    papers = list(Incoming.objects.filter(organ=organ, state=state).order_by("pk").values_list("pk", flat=True))
    moved = 0
    for start in range(0, len(papers), AT_ONCE):
        held = _open_errands(papers[start : start + AT_ONCE], verb)
        wrong = [pk for pk, people in sorted(held.items()) if people != set(wanted)]
        moved += sum(_hand_on(pk, state, verb, wanted, now) for pk in wrong)
    return moved


def _open_errands(papers: list[int], verb: str) -> dict[int, set[int]]:
    """Whom each of some papers asks."""
    kind = ContentType.objects.get_for_model(Incoming)
    found: dict[int, set[int]] = defaultdict(set)
    rows = WorkItem.objects.filter(subject_type=kind, subject_id__in=papers, verb=verb, done_at=None)
    for pk, person in rows.values_list("subject_id", "assignee"):
        found[pk].add(person)
    return found


def _hand_on(pk: int, state: str, verb: str, wanted: dict, now: datetime) -> bool:
    """One paper, its row held: what was done to it since it was looked at is not undone. False when it was."""
    incoming = hold_pk(pk)
    rows = WorkItem.objects.of(incoming).filter(verb=verb, done_at=None).select_related("assignee")
    held = {item.assignee_id: item for item in rows.order_by("id")}
    if incoming.state != state or not held or set(held) == set(wanted):
        return False
    model = next(iter(held.values()))
    missing = [person for pk, person in wanted.items() if pk not in held]
    again = WorkItem.objects.of(incoming).filter(key=model.key, assignee__in=missing, outcome=REASSIGNED)
    back = set(again.values_list("assignee_id", flat=True))
    reopen(again, now, **limit_kept(model).fields)
    fresh = [person for person in missing if person.pk not in back]
    if missing:
        let_see(incoming, missing)
        give(same_errand(model), incoming, fresh, now)
        tell(f"incoming.{model.verb}_asked", incoming, fresh, now, key=model.key, title=incoming.title,
             number=incoming.number)  # fmt: skip
    for pk, item in held.items():
        if pk not in wanted:
            finish(incoming, item.key, REASSIGNED, now, assignee=item.assignee)
    return True
