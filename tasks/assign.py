"""交办: a task is written down, given to a unit or a person, and given anew when it comes back."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext

from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.audit.record import record
from officehub.files.keep import keeping
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate, move
from officehub.people.models import Department, Organ, Person
from officehub.people.models.persons import addressable
from tasks import number
from tasks.asking import ACCEPT, ALLOCATE, LEADS, REASSIGN, ask, done, follow_limit, hold, hold_line, news
from tasks.extending import lapse
from tasks.limits import Limit, begin, columns, end_of
from tasks.models import Evidence, Milestone, Participation, Task
from tasks.seats import ask_parts, name_assistants, name_responsible, seat
from tasks.splitting import out_of_line, refuse_out_of_line, refuse_under
from tasks.who import answer_for, is_doer_of, let_see, show_above

STATE = Task.State
WRITABLE = (STATE.DRAFT, STATE.SENT_BACK)
FIELDS = (
    *("kind", "title", "details", "source", "document", "incoming", "source_text", "source_sentence", "importance"),
    *("urgency", "evidence_asked", "evidence_file", "lead_unit", "lead_person", "responsible"),
)


def write(
    task: Task | None = None, *, by: Person, now: datetime, limit: Limit, verifier: Person | None = None,
    organ: Organ | None = None, parent: Task | None = None, assisting_units: Iterable[Department] = (),
    assisting_people: Iterable[Person] = (), milestones: Sequence[tuple[str, date]] = (), files=(), **fields,
) -> Task:  # fmt: skip
    """Write a task down, or write a draft or one that was sent back anew; nobody is asked yet. `fields` are `FIELDS`.

    Raises DecisionRefused, and ValidationError for a file that may not be kept.
    """
    fields = {name: value for name, value in fields.items() if name in FIELDS} | columns(limit)
    if fields.get("lead_person") and not fields.get("lead_unit"):
        fields["lead_unit"] = fields["lead_person"].department
    with keeping(files, by=by, now=now) as kept:
        if task is None:
            held = _new(fields, by=by, now=now, verifier=verifier, organ=organ, parent=parent)
        else:
            held = _rewrite(task, fields, by=by, now=now, verifier=verifier)
        name_responsible(held, by, now)
        name_assistants(held, list(assisting_units), list(assisting_people), by, now)
        _set_milestones(held, milestones)
        Evidence.objects.bulk_create(Evidence(task=held, stored=one) for one in kept)
        let_see(held, [by, held.assigner, held.verifier])
    return held


def _new(fields: dict, *, by, now, verifier, organ, parent) -> Task:
    if parent is not None:
        parent = refuse_under(parent)
    made = Task.objects.create(
        organ=organ or by.department.organ, assigner=by, verifier=verifier or by, created_by=by, created_at=now,
        sort_at=now, parent=parent, depth=parent.depth + 1 if parent else 0, **fields,
    )  # fmt: skip
    record(made, "write", by=by, now=now, facts={"title": made.title, "parent": parent.number if parent else ""})
    return made


def _rewrite(task: Task, fields: dict, *, by, now, verifier) -> Task:
    held = hold(task)
    if held.state not in WRITABLE:
        raise TooLate(held, "write")
    same = (fields["limit_value"], fields["limit_unit"]) == (held.limit_value, held.limit_unit)
    if held.state == STATE.SENT_BACK and same and not fields["due_at"]:
        fields = {**fields, "due_at": held.due_at, "due_provisional": held.due_provisional}  # it runs on
    for name, value in {**fields, "verifier": verifier or held.verifier}.items():
        setattr(held, name, value)
    held.save(update_fields=[*fields, "verifier"])
    record(held, "rewrite", by=by, now=now, facts={"title": held.title})
    return held


def _set_milestones(task: Task, wanted: Sequence[tuple[str, date]]) -> None:
    """Those not reached yet are as they are written now."""
    task.milestones.filter(done_at=None).delete()
    Milestone.objects.bulk_create(Milestone(task=task, name=name, due_at=end_of(day)) for name, day in wanted)


def assign(task: Task, *, by: Person, now: datetime, words: str = "") -> Task:
    """Give a task that is written down: the head of the lead unit is asked who does it, or the person to take it.

    Raises DecisionRefused, naming each thing that is lacking.
    """
    with transaction.atomic():
        held = hold_line(task)
        if held.state not in WRITABLE:
            raise TooLate(held, "assign")
        was_back = held.state == STATE.SENT_BACK
        for name, value in begin(held, now).items():
            setattr(held, name, value)
        people = _fit(held, now)
        changes = {
            "due_at": held.due_at, "due_provisional": held.due_provisional, "starts_at": held.starts_at or now,
            "assigned_at": now, "first_due_at": held.first_due_at or held.due_at, "reason": "",
        }  # fmt: skip
        if held.seq is None:
            changes |= number.take(held.organ, now)
        event = move(held, "assign", by=by, now=now, facts=_facts(held, words), **changes)
        done(held, [REASSIGN], "已重新交办", now)
        seat(held, by, now)
        _ask_lead(held, people, now, event.seq)
        if was_back:  # who assists went on meanwhile, and has the new limit too
            follow_limit(held, now)
        ask_parts(held, now)
        let_see(held, [held.responsible])
        news("responsible", held, [held.responsible], now, seq=event.seq, by=by)
        show_above(held, now)
    return held


def _facts(task: Task, words: str = "") -> dict:
    assisting = Participation.objects.filter(task=task, role="assist", state__in=Participation.LIVE)
    return {
        "number": task.number, "lead": str(task.lead_person or task.lead_unit), "due": task.due_at.isoformat(),
        "unit": task.lead_unit.name if task.lead_unit else "", "words": words.strip(),
        "assisting": [str(one.unit or one.person) for one in assisting.select_related("unit", "person")],
    }  # fmt: skip


def _fit(task: Task, now: datetime) -> list[Person]:
    """Who is asked for the lead. Raises DecisionRefused for whatever keeps a task from being given."""
    trouble = []
    if not task.title.strip():
        trouble.append("请写明任务名称。")
    if task.due_at is None:
        trouble.append("请明确办理时限。")
    elif task.due_at <= now:
        trouble.append("办理时限已过，请改填今天或以后的日期。")
    if task.lead_unit is None and task.lead_person is None:
        trouble.append("请明确牵头单位或承办人。")
    people = _lead_people(task, now, trouble)
    if task.lead_person_id and task.verifier_id == task.lead_person_id:
        trouble.append("核验人不能是承办人本人，请另选核验人。")
    if task.due_at:
        trouble += out_of_line(task, task.due_at)
    _fit_parts(task, now, trouble)
    if trouble:
        raise DecisionRefused(trouble)
    return people


def _lead_people(task: Task, now: datetime, trouble: list[str]) -> list[Person]:
    if task.lead_person:
        if not addressable().filter(pk=task.lead_person_id).exists():
            trouble.append(gettext("%(name)s不在岗，不能作承办人。") % {"name": task.lead_person})
        elif task.lead_unit and not is_doer_of(task.lead_person, task.lead_unit):
            said = {"name": task.lead_person, "department": task.lead_unit}
            trouble.append(gettext("%(name)s不在%(department)s，不能作承办人。") % said)
        return [task.lead_person]
    people = answer_for(task.lead_unit, now) if task.lead_unit else []
    if task.lead_unit and not people:
        trouble.append(_nobody(task.lead_unit))
    return people


def _nobody(unit: Department) -> str:
    return gettext("%(unit)s没有负责人，也没有收发员，请系统管理员补充后再交办。") % {"unit": unit}


def _fit_parts(task: Task, now: datetime, trouble: list[str]) -> None:
    live = Participation.objects.filter(task=task, role="assist", state__in=Participation.LIVE)
    for one in live.select_related("unit", "person"):
        if one.unit_id and one.unit_id == task.lead_unit_id:
            trouble.append(gettext("%(unit)s已是牵头单位，不能再作协办。") % {"unit": one.unit})
        elif one.unit and not answer_for(one.unit, now):
            trouble.append(_nobody(one.unit))
        elif one.person_id and one.person_id == task.lead_person_id:
            trouble.append(gettext("%(name)s已是承办人，不能再作协办。") % {"name": one.person})


def _ask_lead(task: Task, people: list[Person], now: datetime, seq: int) -> None:
    ask(task, ACCEPT if task.lead_person_id else ALLOCATE, people, now, seq=seq)


def instruct(
    *, by: Person, now: datetime, title: str, limit: Limit, lead_unit: Department | None = None,
    lead_person: Person | None = None, urgency: str = "", **more,
) -> Task:  # fmt: skip
    """领导交办 (批示、交办件): one sentence, to whom, by when; one press gives it."""
    with transaction.atomic():
        kept = {"kind": Task.Kind.INSTRUCTION, "source": Task.Source.INSTRUCTION, **more}
        made = write(
            by=by, now=now, limit=limit, title=title, lead_unit=lead_unit, lead_person=lead_person, urgency=urgency,
            **kept,
        )  # fmt: skip
        return assign(made, by=by, now=now)


def reassign(
    task: Task, *, by: Person, now: datetime, reason: str, lead_unit: Department | None = None,
    lead_person: Person | None = None,
) -> Task:  # fmt: skip
    """改派: another unit or person has it from now on, with the same limit; who had it is told."""
    if not reason.strip():
        raise NeedsReason
    with transaction.atomic():
        held = hold_line(task)
        if held.state not in Task.UNDER_WAY:
            raise TooLate(held, "reassign")
        unit = lead_unit or (lead_person.department if lead_person else None)
        if (unit.pk if unit else None, lead_person.pk if lead_person else None) == (
            held.lead_unit_id,
            held.lead_person_id,
        ):
            raise DecisionRefused(["牵头单位和承办人都没有改动，不必改派。"])
        held.lead_unit, held.lead_person = unit, lead_person
        trouble: list[str] = []
        if unit is None and lead_person is None:
            trouble.append("请明确牵头单位或承办人。")
        people = _lead_people(held, now, trouble)
        if lead_person and lead_person.pk == held.verifier_id:
            trouble.append("核验人不能是承办人本人，请另选核验人。")
        _fit_parts(held, now, trouble)
        if trouble:
            raise DecisionRefused(trouble)
        lapse(held, by, now)
        losing = _having_lead(held)
        facts = {**_facts(held), "reason": reason.strip()}
        event = move(held, "reassign", by=by, now=now, facts=facts, lead_unit=unit, lead_person=lead_person)
        done(held, LEADS, "已改派", now)
        seat(held, by, now)
        _ask_lead(held, people, now, event.seq)
        show_above(held, now)
        news("reassigned", held, losing, now, seq=event.seq, by=by, reason=reason.strip())
    return held


def _having_lead(task: Task) -> list[Person]:
    rows = WorkItem.objects.of(task).filter(verb__in=LEADS, done_at=None).select_related("assignee")
    return list({item.assignee_id: item.assignee for item in rows.order_by("id")}.values())


def redate(task: Task, *, by: Person, now: datetime, day: date, reason: str) -> Task:
    """调整时限: the assigner names another day. What was first given stays on record."""
    if not reason.strip():
        raise NeedsReason
    with transaction.atomic():
        held = hold(task)
        if held.state not in (*Task.UNDER_WAY, STATE.SUBMITTED):
            raise TooLate(held, "redate")
        if held.lead_person_id == by.pk:
            raise DecisionRefused(["承办人本人不能调整自己的时限，请申请延期。"])
        end = end_of(day)
        if end <= now:
            raise DecisionRefused(["办理时限已过，请改填今天或以后的日期。"])
        refuse_out_of_line(held, end)
        was = held.due_at
        Task.objects.filter(pk=held.pk).update(due_at=end, due_provisional=False, limit_value=None, limit_unit="")
        held.due_at, held.due_provisional = end, False
        facts = {"was": was.isoformat(), "due": end.isoformat(), "reason": reason.strip()}
        event = record(held, "redate", by=by, now=now, facts=facts, held=True)
        follow_limit(held, now)
        told = {"day": f"{day:%Y-%m-%d}", "reason": reason.strip()}
        news("redated", held, [held.lead_person, held.responsible], now, seq=event.seq, by=by, **told)
    return held
