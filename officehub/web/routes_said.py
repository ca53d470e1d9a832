"""What `manage.py routes` found, as plain values for JSON and as lines for people.

Cases are named by number, not by title.
"""

from collections.abc import Iterator
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from officehub.approvals.migrate import Effect
from officehub.approvals.models import Bypass, Run, Stage, Visit
from officehub.approvals.plan import PlannedStage
from officehub.approvals.replay import Difference, Replay
from officehub.approvals.simulate import Simulation


def case(run: Run) -> str:
    """documents.document:12, as the other commands take it."""
    kind = ContentType.objects.get_for_id(run.subject_type_id)
    return f"{kind.app_label}.{kind.model}:{run.subject_id}"


def moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def names(stages) -> list[str]:
    return [str(stage) for stage in stages]


# --- simulate ------------------------------------------------------------------------------------------------------


def simulation(found: Simulation) -> dict:
    return {
        "route": str(found.version) if found.version else None,
        "state": found.state or None,
        "open": [_open(visit) for visit in found.open],
        "stages": [_planned(one, found) for one in found.planned],
        "left_out": [{"stage": str(stage), "why": why} for stage, why in found.left_out],
        "lacking": found.lacking,
    }


def _open(visit: Visit) -> dict:
    steps = visit.all_steps
    people = [{"person": step.approver.name, "for": step.acting_for and step.acting_for.name} for step in steps]
    due = max((step.due_at for step in steps), default=None)
    assumed = any(step.due_provisional for step in steps)
    return {"stage": str(visit.stage), "people": people, "due": due and due.isoformat(), "provisional": assumed}


def _planned(one: PlannedStage, found: Simulation) -> dict:
    return {
        "stage": str(one.stage),
        "branch": one.stage.branch or None,
        "mode": one.stage.mode,
        "people": [_place(line, found) for line in one.lines],
        "due": one.due_at.isoformat(),
        "provisional": one.due_provisional,
        "signed_already": one.merged,
    }


def _place(line: dict, found: Simulation) -> dict:
    department, acting = line["department"], line["acting"]
    inside = found.inside.get(department.pk) if department else None
    return {
        "person": line["person"].name,
        "department": department.name if department else None,
        "acting": acting.name if acting else None,
        "inside": str(inside.route) if inside else None,
    }


def simulation_lines(thing, found: Simulation) -> Iterator[str]:
    state = f"，{found.state}" if found.state else ""
    yield f"{thing._meta.verbose_name}“{thing}”：{found.version or '没有流程'}{state}"
    for visit in found.open:
        yield f"  正在  {visit.stage}：{_people_now(visit)}"
    for place, (one, told) in enumerate(zip(found.planned, simulation(found)["stages"], strict=True), 1):
        yield f"  {place}. {_branch(one.stage)}{one.stage}：{'、'.join(map(_person, told['people']))}{_how(one)}"
    for stage, why in found.left_out:
        yield f"  不经过  {_branch(stage)}{stage}：{why}"
    for sentence in found.lacking:
        yield f"  缺人  {sentence}"


def _branch(stage: Stage) -> str:
    return f"〔分支 {stage.branch}〕" if stage.branch else ""


def _people_now(visit: Visit) -> str:
    told = _open(visit)
    people = [f"{one['person']}（受{one['for']}委托）" if one["for"] else one["person"] for one in told["people"]]
    due = max((step.due_at for step in visit.all_steps), default=None)
    return "、".join(people) + (f"，{moment(due)} 前{'（按推算）' if told['provisional'] else ''}" if due else "")


def _person(place: dict) -> str:
    said = place["person"] + (f"（{place['department']}）" if place["department"] else "")
    said += f"，先走“{place['inside']}”" if place["inside"] else ""
    return said + (f"，由{place['acting']}受委托办理" if place["acting"] else "")


def _how(one: PlannedStage) -> str:
    if one.merged:
        return "，与上一环节同一人，免签"
    several = f"，{one.stage.get_mode_display()}" if len(one.asked) > 1 else ""
    return f"{several}，{moment(one.due_at)} 前{'（按推算）' if one.due_provisional else ''}"


# --- migrate -------------------------------------------------------------------------------------------------------


def effect(one: Effect) -> dict:
    return {
        "case": case(one.run),
        "state": one.run.state,
        "from": one.run.version.number,
        "to": one.version.number,
        "carried": one.carried,
        "dropped": one.dropped,
        "again": one.again,
        "later": one.later,
        "stands_at": one.stands_at,
        "people": [{"stage": str(change.stage), "was": change.was, "will": change.will} for change in one.changes],
        "obstacles": one.obstacles,
    }


def effect_lines(effects: list[Effect], dry_run: bool) -> Iterator[str]:
    for one in effects:
        moved = "不能迁移" if one.obstacles else "可以迁移" if dry_run else "已迁移"
        yield f"{case(one.run)}（{one.run.version} → 第{one.version.number}版，{one.run.get_state_display()}）：{moved}"
        yield from (f"  {line}" for line in _consequences(one))
    hindered = sum(bool(one.obstacles) for one in effects)
    clean, done = len(effects) - hindered, "可以迁移" if dry_run else "已迁移"
    yield f"在办 {len(effects)} 件：{done} {clean} 件，不能迁移 {hindered} 件。"


def _consequences(one: Effect) -> Iterator[str]:
    if one.obstacles:
        yield f"原因：{'；'.join(one.obstacles)}"
        return
    if one.carried:
        yield f"沿用：{'、'.join(one.carried)}"
    if one.dropped:
        yield f"不再需要：{'、'.join(one.dropped)}"
    if one.again:
        yield f"重新办理：{'、'.join(one.again)}"
    if one.later:
        yield f"稍后再办：{'、'.join(one.later)}"
    if one.stands_at:
        yield f"将停在：{'、'.join(one.stands_at)}"
    for change in one.changes:
        yield f"“{change.stage}”：原送{'、'.join(change.was)}，改送{'、'.join(change.will)}"


# --- replay --------------------------------------------------------------------------------------------------------


def replayed(found: Replay) -> dict:
    return {
        "version": str(found.version),
        "cases": found.cases,
        "same": found.same,
        "different": len(found.differences),
        "added": dict(found.added),
        "left_out": dict(found.left_out),
        "other_people": dict(found.other_people),
        "nobody": dict(found.nobody),
        "list": list(map(_difference, found.differences)),
    }


def _difference(one: Difference) -> dict:
    people = [{"stage": str(change.stage), "was": change.was, "will": change.will} for change in one.changes]
    told = {"added": names(one.added), "left_out": names(one.left_out), "people": people, "nobody": names(one.nobody)}
    return {"case": case(one.run), **told}


def replay_lines(found: Replay) -> Iterator[str]:
    yield f"办结 {found.cases} 件，按{found.version}：走法不变 {found.same} 件，不同 {len(found.differences)} 件。"
    for words, counted in (
        ("会多经过", found.added),
        ("不再经过", found.left_out),
        ("会送给别人", found.other_people),
        ("会找不到人", found.nobody),
    ):
        if counted:
            yield f"{words}：{'、'.join(f'{name} {cases} 件' for name, cases in counted)}"
    for one in map(_difference, found.differences):
        yield f"  {one['case']}：{'；'.join(_differs(one))}"


def _differs(one: dict) -> Iterator[str]:
    for words, key in (("多经过", "added"), ("不再经过", "left_out"), ("找不到人", "nobody")):
        if one[key]:
            yield f"{words}{'、'.join(one[key])}"
    for change in one["people"]:
        yield f"“{change['stage']}”由{'、'.join(change['was']) or '无人'}改为{'、'.join(change['will']) or '无人'}"


# --- bypasses ------------------------------------------------------------------------------------------------------


def bypass(one: Bypass) -> dict:
    told = {"at": moment(one.at), "rule": one.rule, "what": one.what, "reason": one.reason, "by": one.by.name}
    return {**told, "case": case(one.step.run)}


def bypass_lines(rows: list[dict]) -> Iterator[str]:
    for row in rows:
        yield f"{row['at']}  {row['case']}  {row['rule']} {row['what']}  {row['by']}：{row['reason']}"
    yield f"分离例外 {len(rows)} 次。"
