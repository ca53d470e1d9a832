"""manage.py routes: what would become of a paper, of running cases on a changed route, and of past ones."""

import json
from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from documents import drafting
from documents.models import Document
from documents.signing import FIVE_POINTS
from officehub.approvals import decide, halt
from officehub.approvals.invariants import violations
from officehub.approvals.migrate import NotMoved, effect, move_to
from officehub.approvals.models import Bypass, RouteVersion, Run, Stage, Step
from officehub.approvals.replay import replay
from officehub.audit.models import Event
from officehub.inbox.models import Reminder, WorkItem
from officehub.people.models import Appointment, Delegation
from tests.cast import NOTICE

REVIEW = {"name": "部门审核", "verb": "review", "who": "drafting_head"}
VET = {"name": "核稿", "verb": "vet", "who": "role", "role": "vetter", "merges": False}
SIGN = {"name": "签发", "verb": "sign_off", "who": "leader_in_charge", "merges": False}


@pytest.fixture
def run(capsys):
    """Run a command: its exit code and what it said."""

    def asked(*argv):
        capsys.readouterr()
        try:
            call_command("routes", *[str(word) for word in argv])
            code = 0
        except SystemExit as left:
            code = left.code
        except CommandError as refused:
            return refused.returncode, str(refused)
        return code, capsys.readouterr().out.strip()

    return asked


@pytest.fixture
def published(cast, now):
    """A further version of the office's route, of these stages."""

    def make(*stages, at=now):
        route = RouteVersion.objects.earliest("id").route
        version = RouteVersion.objects.create(route=route, number=route.versions.count() + 1)
        rows = [{"verb": "review", "who": "person", **fields} for fields in stages]
        Stage.objects.bulk_create([Stage(version=version, order=n, **row) for n, row in enumerate(rows, 1)])
        RouteVersion.objects.filter(pk=version.pk).update(published_at=at)
        return RouteVersion.objects.select_related("route").get(pk=version.pk)

    return make


@pytest.fixture
def draft(cast, now):
    return drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE)


@pytest.fixture
def sent(draft, cast, now):
    drafting.submit(draft, by=cast.drafter, now=now, chosen=[], reasons={})
    return draft


def step_of(document, person) -> Step:
    return Step.objects.get(run__subject_id=document.pk, approver=person, state="open")


def agree(document, person, now, **extra):
    decide.agree(step_of(document, person), by=person, now=now, seen=document.approval_hash(), extra=extra)


def vet(document, cast, now):
    agree(document, cast.vetter, now, **dict.fromkeys(FIVE_POINTS, True))


def named(document) -> str:
    return f"documents.document:{document.pk}"


# --- simulate ------------------------------------------------------------------------------------------------------


def test_a_draft_is_simulated_with_who_by_when_and_what_is_left_out(run, draft, cast):
    code, said = run("simulate", named(draft), "--departments", "市财政局")
    assert code == 0
    assert "1. 部门审核：科长head，" in said
    assert "2. 会签：局长countersigner（市财政局）" in said
    assert "不经过  签发：只在须主要负责人签发时办理" in said
    assert (Run.objects.count(), Event.objects.filter(verb__startswith="approval").count()) == (0, 0)


def test_what_nobody_is_chosen_for_is_left_out_and_said_so(run, draft):
    assert "不经过  会签：没有选会签部门" in run("simulate", named(draft))[1]


def test_an_absence_and_a_person_met_twice_are_said(run, draft, cast, published):
    today = timezone.localdate()
    Delegation.objects.create(
        principal=cast.head, delegate=cast.stranger, since=today, until=today + timedelta(days=3), reason="出差"
    )
    published(REVIEW, {**REVIEW, "name": "复审"}, SIGN)
    code, said = run("simulate", named(draft))
    assert (code, "科长head，由科员stranger受委托办理" in said, "复审：科长head，" in said) == (0, True, True)
    assert "与上一环节同一人，免签" in said


def test_branches_are_named(run, draft, cast, published):
    side = {"branch": "法制", "name": "合法性审核", "person": cast.clerk}
    published(REVIEW, {"branch": "业务", "name": "业务审核", "person": cast.reader}, side, SIGN)
    assert "3. 〔分支 法制〕合法性审核：收发员clerk" in run("simulate", named(draft))[1]


def test_who_is_lacking_is_said_and_the_exit_code_says_so(run, draft, cast):
    Appointment.objects.filter(person=cast.head).delete()
    code, said = run("simulate", named(draft))
    assert (code, "缺人  “部门审核”：综合科负责人无人" in said) == (1, True)
    code, said = run("simulate", named(draft), "--json")
    assert (code, len(json.loads(said)["lacking"])) == (1, 1)


def test_a_submitted_paper_is_told_from_where_it_stands(run, sent, cast, now):
    agree(sent, cast.head, now)
    code, said = run("simulate", named(sent))
    assert code == 0
    assert "正在  核稿：核稿员vetter" in said
    assert "1. 签发：副主任leader_in_charge" in said
    assert "部门审核" not in said


def test_people_chosen_by_the_sender_are_named_by_stage_and_log_in(run, draft, cast, published):
    version = published({"name": "分管审核", "who": "sender"}, SIGN)
    stage = version.stages.get(name="分管审核")
    stage.candidates.through.objects.create(stage=stage, person=cast.clerk)
    assert run("simulate", named(draft))[0] == 1
    code, said = run("simulate", named(draft), "--people", "分管审核=clerk")
    assert (code, "1. 分管审核：收发员clerk" in said) == (0, True)


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["simulate", "documents.document:99"], "找不到"),
        (["simulate", "DRAFT", "--departments", "月球局"], "没有名为“月球局”的部门"),
        (["simulate", "DRAFT", "--people", "核稿=clerk"], "没有由拟稿人选人的环节“核稿”"),
        (["simulate", "DRAFT", "--people", "核稿"], "环节=登录名"),
        (["simulate", "DRAFT", "--route", "没有"], "没有名为“没有”的流程，现有：发文"),
        (["simulate", "DRAFT", "--route", "发文", "--version", "9"], "没有第 9 版"),
        (["migrate"], "--by"),
        (["migrate", "--by", "nobody"], "没有登录名为“nobody”的人员"),
        (["replay", "--since", "昨天"], "不是日期"),
        (["dance"], "simulate|migrate|replay|check|bypasses"),
        (["check", "--loud"], "--loud"),
    ],
)
def test_what_is_misused_is_refused_in_words(run, draft, argv, says):
    code, said = run(*[named(draft) if word == "DRAFT" else word for word in argv])
    assert says in said
    assert code in (1, 2)  # argparse leaves with 2; called from Python, Django makes it a CommandError


# --- migrate -------------------------------------------------------------------------------------------------------


def test_what_has_passed_carries_over_and_the_case_goes_on(run, sent, cast, now, published):
    agree(sent, cast.head, now)
    new = published(REVIEW, VET, SIGN)
    code, said = run("migrate", "--dry-run")
    assert code == 0
    for line in ("可以迁移", "沿用：部门审核", "不再需要：会签", "将停在：核稿"):
        assert line in said
    mine, before = Run.objects.get(), step_of(sent, cast.vetter)
    assert mine.version.number == 1
    assert run("migrate", "--by", "sys_admin")[0] == 0
    mine.refresh_from_db()
    assert (mine.version, step_of(sent, cast.vetter)) == (new, before)
    assert violations(mine, now) == []
    assert Event.objects.get(verb="approval.migrated").actor == cast.sys_admin
    assert run("migrate", "--dry-run")[1] == "在办 0 件：可以迁移 0 件，不能迁移 0 件。"
    vet(sent, cast, now)
    assert step_of(sent, cast.leader_in_charge).stage.version == new


def test_a_stage_added_before_is_asked_first_and_nobody_signs_twice(sent, cast, now, published):
    agree(sent, cast.head, now)
    new = published(REVIEW, {"name": "公平竞争审查", "person": cast.clerk}, VET, SIGN)
    found = move_to(Run.objects.get(), new, by=cast.sys_admin, now=now)
    assert (found.carried, found.later, found.stands_at) == (["部门审核"], ["核稿"], ["公平竞争审查"])
    assert list(WorkItem.objects.filter(done_at=None).values_list("assignee__username", flat=True)) == ["clerk"]
    agree(sent, cast.clerk, now)
    assert step_of(sent, cast.vetter).visit.state == "open"
    assert violations(Run.objects.get(), now) == []


def test_an_opinion_given_before_the_added_stage_still_counts(draft, cast, now, published):
    both = {"name": "会审", "who": "role", "role": "registry_clerk", "mode": "all"}
    published(both, SIGN)
    other = cast.reader  # of another organ: not asked; a second clerk of the office is
    other.department = cast.section
    other.save()
    drafting.submit(draft, by=cast.drafter, now=now, chosen=[], reasons={})
    agree(draft, cast.clerk, now)
    new = published({"name": "先审", "person": cast.archivist}, both, SIGN)
    move_to(Run.objects.get(), new, by=cast.sys_admin, now=now)
    agree(draft, cast.archivist, now)
    assert list(Step.objects.filter(state="open").values_list("approver__username", flat=True)) == ["reader"]
    assert Step.objects.filter(approver=cast.clerk, manner="carried", state="agreed").count() == 1
    assert violations(Run.objects.get(), now) == []


def test_who_is_asked_instead_is_said_and_then_asked(run, sent, cast, now, published):
    published({**REVIEW, "who": "person", "person": cast.clerk}, VET, SIGN)
    assert "“部门审核”：原送科长head，改送收发员clerk" in run("migrate", "--dry-run")[1]
    assert run("migrate", "--by", "sys_admin")[0] == 0
    assert list(Step.objects.filter(state="open").values_list("approver__username", flat=True)) == ["clerk"]
    assert violations(Run.objects.get(), now) == []


@pytest.mark.parametrize(
    ("stages", "why"),
    [
        ([VET, SIGN], "正在“部门审核”，新版本没有与它相应"),
        ([{**REVIEW, "who": "post", "post_id": None}, SIGN], "无人，请系统管理员补充"),
    ],
)
def test_what_cannot_be_moved_is_left_as_it_is_and_said_why(run, sent, cast, now, published, stages, why):
    if "post_id" in stages[0]:
        stages = [{**stages[0], "post": cast.stranger.appointments.get().post}, *stages[1:]]
        Appointment.objects.filter(post=stages[0]["post"]).delete()
        stages[0].pop("post_id")
    published(*stages)
    for argv in (["--dry-run"], ["--by", "sys_admin"]):
        code, said = run("migrate", *argv)
        assert (code, why in said, "不能迁移 1 件" in said) == (1, True, True)
    assert Run.objects.get().version.number == 1
    assert not Event.objects.filter(verb="approval.migrated").exists()


def test_stages_of_one_name_answer_by_their_people_and_condition(draft, cast, now):
    """The two sign-offs by rank are not taken for each other."""
    first = RouteVersion.objects.get()
    draft.important = True
    draft.save()
    drafting.submit(draft, by=cast.drafter, now=now, chosen=[], reasons={})
    agree(draft, cast.head, now)
    vet(draft, cast, now)
    new = RouteVersion.objects.create(route=first.route, number=2, published_at=now)
    for stage in first.stages.all():
        stage.pk, stage.version = None, new
        Stage.objects.bulk_create([stage])
    found = effect(Run.objects.get(), new, now)
    assert (found.obstacles, found.carried, found.stands_at) == ([], ["部门审核", "会签", "核稿"], ["签发"])


def test_a_returned_case_comes_back_on_the_new_version(sent, cast, now, published):
    agree(sent, cast.head, now)
    step = step_of(sent, cast.vetter)
    decide.return_(step, by=cast.vetter, now=now, seen=sent.approval_hash(), reason="补正", straight=True)
    new = published(REVIEW, {"name": "加审", "person": cast.clerk}, VET, SIGN)
    move_to(Run.objects.get(), new, by=cast.sys_admin, now=now)
    assert violations(Run.objects.get(), now) == []
    sent.refresh_from_db()
    drafting.submit(sent, by=cast.drafter, now=now, chosen=[], reasons={})
    assert list(Step.objects.filter(state="open").values_list("approver__username", flat=True)) == ["clerk"]


def test_a_suspended_case_moves_only_when_nobody_else_is_asked(sent, cast, now, published):
    halt.suspend(sent, by=cast.drafter, now=now, reason="待上级明确")
    other = published({"name": "先审", "person": cast.clerk}, REVIEW, SIGN)
    with pytest.raises(NotMoved, match="恢复以后"):
        move_to(Run.objects.get(), other, by=cast.sys_admin, now=now)
    same = published(REVIEW, VET, SIGN)
    move_to(Run.objects.get(), same, by=cast.sys_admin, now=now)
    halt.resume(sent, by=cast.drafter, now=now)
    assert violations(Run.objects.get(), now) == []


# --- replay --------------------------------------------------------------------------------------------------------


@pytest.fixture
def past(cast, now):
    """Agreed cases, made in bulk: papers and runs without a word in them."""

    def make(count: int):
        kind, version = ContentType.objects.get_for_model(Document), RouteVersion.objects.get(number=1)
        shared = {"organ": cast.office, "department": cast.section, "drafter": cast.drafter, "kind": "通知"}
        shared |= {"direction": "downward", "content": NOTICE, "created_at": now, "sort_at": now}
        papers = Document.objects.bulk_create([Document(**shared) for _ in range(count)])
        applied = list(version.stages.exclude(order=5).values_list("pk", flat=True))
        fixed = {"version": version, "state": "agreed", "applied": applied, "started_by": cast.drafter}
        fixed |= {"subject_type": kind, "started_at": now, "ended_at": now}
        Run.objects.bulk_create([Run(subject_id=paper.pk, **fixed) for paper in papers])

    return make


def test_past_cases_are_played_on_an_unpublished_draft(run, past, published, cast):
    past(3)
    published(REVIEW, {"name": "合法性审核", "person": cast.clerk}, {**SIGN, "who": "role", "role": "principal_leader"},
              at=None)  # fmt: skip
    code, said = run("replay", "--route", "发文", "--version", "2")
    assert code == 1
    for line in (
        "办结 3 件，按发文 第2版：走法不变 0 件，不同 3 件。",
        "会多经过：合法性审核 3 件",
        "不再经过：核稿 3 件",
        "会送给别人：签发 3 件",
        "“签发”由副主任leader_in_charge改为主任leader",
    ):
        assert line in said
    assert run("replay", "--version", "1") == (0, "办结 3 件，按发文 第1版：走法不变 3 件，不同 0 件。")
    assert json.loads(run("replay", "--since", "2027-01-01", "--json")[1])["cases"] == 0


def test_replaying_costs_the_same_however_many_cases_a_batch_has(past, published, cast, now):
    version = published(REVIEW, {**VET, "who": "post", "post": cast.vetter.appointments.get().post}, SIGN)
    counts = []
    past(1)
    replay(version, now=now)  # the first look at published stages is kept
    for more in (2, 40):
        past(more)
        with CaptureQueriesContext(connection, ) as queries:  # fmt: skip
            replay(version, now=now)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- check and bypasses --------------------------------------------------------------------------------------------


def test_sound_runs_are_said_to_be_and_a_fault_is_named(run, sent):
    assert run("check") == (0, "审批 1 件，全部完好。")
    Reminder.objects.all().delete()
    WorkItem.objects.all().delete()
    code, said = run("check")
    assert (code, f"{named(sent)}：step:" in said, "应有待办而没有" in said) == (1, True, True)
    assert json.loads(run("check", "--json")[1])["ok"] is False


def test_a_run_whose_subject_is_gone_is_a_fault(run, sent):
    Run.objects.update(subject_id=999)
    assert run("check")[1].startswith("documents.document:999：审批的这件东西已不存在")


def test_bypasses_are_reported_by_day_without_titles(run, sent, cast, now):
    Bypass.objects.create(step=Step.objects.get(), by=cast.head, rule="R30", what="同一人", reason="人手不足", at=now)
    code, said = run("bypasses", "--from", "2026-11-23", "--to", "2026-11-23")
    assert code == 0
    assert said == (f"2026-11-23 09:30  {named(sent)}  R30 同一人  科长head：人手不足\n分离例外 1 次。")
    assert run("bypasses", "--from", "2026-11-24")[1] == "分离例外 0 次。"
    assert NOTICE["title"] not in run("bypasses", "--json")[1]
