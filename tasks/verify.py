"""核验: the result is handed in, looked at by somebody else than the doer, and closed, returned or taken up again."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext

from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.files.keep import keeping
from officehub.moves import TooLate, move
from officehub.people.models import Person
from officehub.people.models.persons import addressable
from tasks.accept import ask_milestones
from tasks.asking import ALLOCATE, DO, LEADS, VERIFY, all_done, ask, done, hold, hold_line, must_be_asked, news
from tasks.extending import lapse
from tasks.limits import end_of
from tasks.models import Participation, Report, Task
from tasks.reporting import keep
from tasks.seats import end_all, lead_of, live_parts, seat, withdraw_part
from tasks.splitting import refuse_ended_whole, refuse_open_parts, refuse_out_of_line
from tasks.who import answer_for, other_verifier, show_above

STATE, SORT = Task.State, Report.Sort


def submit(task: Task, *, by: Person, now: datetime, text: str, files=(), without_parts: bool = False) -> Task:
    """提交核验, with what was asked as proof; every part of the task must be closed or cancelled."""
    if not text.strip():
        raise DecisionRefused(["请写明办理结果。"])
    with keeping(files, by=by, now=now) as kept:
        held = hold(task)
        if held.state != STATE.IN_PROGRESS or held.lead_person_id != by.pk:
            raise TooLate(held, "submit")
        refuse_open_parts(held)
        if held.evidence_file and not kept and not held.files.filter(report__isnull=False).exists():
            raise DecisionRefused(["本任务须附佐证材料，请上传文件后提交。"])
        unheard = _let_go(held, without_parts, now)
        verifier = other_verifier(held, by, now)
        if verifier is None:
            raise DecisionRefused(["核验人就是承办人本人，又没有其他人可以核验，请交办人另选核验人。"])
        lapse(held, by, now)
        made = keep(held, SORT.RESULT, text, kept, by, now, percent=100)
        facts = {"words": made.text, "files": [one.name for one in kept], "unheard": unheard}
        changes = {"submitted_at": now, "percent": 100, "verifier": verifier}
        event = move(held, "submit", by=by, now=now, facts=facts, **changes)
        done(held, LEADS, "已提交核验", now)
        ask(held, VERIFY, [verifier], now, seq=event.seq)
        news("submitted", held, [held.assigner, held.responsible], now, seq=event.seq, by=by, who=by.name)
    return held


def _let_go(task: Task, without_parts: bool, now: datetime) -> list[str]:
    """Those that assist are heard first; whoever is not waited for is told. Returns their names."""
    left = list(live_parts(task))
    names = [str(one.unit or one.person) for one in left]
    if left and not without_parts:
        said = gettext("%(names)s尚未报协办情况；确需先提交的，请勾选“不再等候协办情况”。")
        raise DecisionRefused([said % {"names": gettext("、").join(names)}])
    for one in left:
        withdraw_part(task, one, now, "牵头单位已提交")
    return names


def withdraw(task: Task, *, by: Person, now: datetime) -> Task:
    """撤回提交: whoever handed it in takes it back while nobody has verified it."""
    with transaction.atomic():
        held = hold_line(task)
        if held.state != STATE.SUBMITTED or held.lead_person_id != by.pk:
            raise TooLate(held, "withdraw")
        event = move(held, "withdraw", by=by, now=now, submitted_at=None, percent=_percent_before(held))
        done(held, [VERIFY], "承办人已撤回", now)
        _do_again(held, now, event.seq)
    return held


def _percent_before(task: Task) -> int:
    """How far it was by the last progress report."""
    last = task.reports.filter(sort=SORT.PROGRESS).order_by("-id").values_list("percent", flat=True).first()
    return last or 0


def _do_again(task: Task, now: datetime, seq: int) -> None:
    ask(task, DO, [task.lead_person], now, seq=seq)
    ask_milestones(task, now, seq)


def close(task: Task, *, by: Person, now: datetime, words: str = "") -> Task:
    """核验通过, by whoever is asked, who is never the doer."""
    with transaction.atomic():
        held = hold_line(task)
        if held.state != STATE.SUBMITTED:
            raise TooLate(held, "close")
        if held.lead_person_id == by.pk:
            raise DecisionRefused(["核验须由承办人以外的人办理。"])
        must_be_asked(held, VERIFY, by, "close")
        refuse_open_parts(held)
        if words.strip():
            keep(held, SORT.VERIFIED, words, (), by, now)
        event = move(held, "close", by=by, now=now, facts={"words": words.strip()}, closed_at=now, closed_by=by)
        end_all(held, now)
        all_done(held, "已核验办结", now)
        news("closed", held, _told_of_end(held), now, seq=event.seq, by=by, who=by.name)
        _tell_whole(held, now)
    return held


def _told_of_end(task: Task) -> list[Person]:
    rows = Participation.objects.filter(task=task, role="assist", state="done", person__isnull=False)
    assisting = [row.person for row in rows.select_related("person")]
    people = [task.lead_person, task.responsible, task.assigner, *assisting]
    return list({one.pk: one for one in people if one}.values())


def _tell_whole(task: Task, now: datetime) -> None:
    """Whoever does the whole hears that its last part is done."""
    whole = task.parent
    if whole is None or whole.lead_person is None or whole.state != STATE.IN_PROGRESS:
        return
    if not whole.parts.exclude(state__in=Task.ENDED).exists():
        news("parts_done", whole, [whole.lead_person], now, seq=f"{task.pk}:{now.isoformat()}")


def return_(task: Task, *, by: Person, now: datetime, reason: str) -> Task:
    """退回重办, with the reason; counted."""
    if not reason.strip():
        raise NeedsReason
    with transaction.atomic():
        held = hold_line(task)
        if held.state != STATE.SUBMITTED:
            raise TooLate(held, "return_")
        must_be_asked(held, VERIFY, by, "return_")
        refuse_ended_whole(held)
        keep(held, SORT.VERIFIED, reason, (), by, now)
        changes = {"returned": held.returned + 1, "submitted_at": None, "percent": _percent_before(held)}
        event = move(held, "return_", by=by, now=now, facts={"reason": reason.strip()}, **changes)
        done(held, [VERIFY], "已退回重办", now)
        _do_again(held, now, event.seq)
        told = [held.lead_person, held.responsible]
        news("returned", held, told, now, seq=event.seq, by=by, who=by.name, reason=reason.strip())
    return held


def reopen(task: Task, *, by: Person, now: datetime, reason: str, day: date | None = None) -> Task:
    """重新办理 of a closed task, with the reason and, as a rule, a new limit; counted. When whoever did it has left, it
    is for the unit's head to name another."""
    if not reason.strip():
        raise NeedsReason
    with transaction.atomic():
        held = hold_line(task)
        if held.state != STATE.CLOSED:
            raise TooLate(held, "reopen")
        refuse_ended_whole(held)
        end = end_of(day) if day else held.due_at
        if end <= now:
            raise DecisionRefused(["原办理时限已过，请写明重新办理的时限。"])
        refuse_out_of_line(held, end)
        stayed = addressable().filter(pk=held.lead_person_id).exists()
        people = [held.lead_person] if stayed else answer_for(held.lead_unit, now) if held.lead_unit else []
        if not people:
            raise DecisionRefused(["原承办人已离岗，牵头单位也没有负责人，请另行交办。"])
        changes = {
            "closed_at": None, "closed_by": None, "submitted_at": None, "reopened": held.reopened + 1,
            "percent": _percent_before(held), "due_at": end,
        }  # fmt: skip
        if day:
            changes |= {"due_provisional": False, "limit_value": None, "limit_unit": ""}
        if not stayed:
            changes["lead_person"] = None
        if not addressable().filter(pk=held.assigner_id).exists():
            changes["assigner"] = by  # whoever gave it has left: else it could be sent back to nobody
        facts = {"reason": reason.strip(), "due": end.isoformat()}
        event = move(held, "reopen" if stayed else "reopen_anew", by=by, now=now, facts=facts, **changes)
        if stayed:
            lead_of(held).update(state=Participation.State.ACCEPTED, ended_at=None)
            _do_again(held, now, event.seq)
        else:
            seat(held, by, now)
            ask(held, ALLOCATE, people, now, seq=event.seq)
        show_above(held, now)
        told = [*people, held.responsible]
        news("reopened", held, told, now, seq=event.seq, by=by, who=by.name, reason=reason.strip())
    return held
