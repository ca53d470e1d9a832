"""流程图: what is drawn, in which order it is told, and what it costs to draw."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.template.loader import render_to_string
from django.urls import reverse

from documents import signing
from documents.models import Document
from officehub.approvals import decide, halt, hand_on
from officehub.approvals.models import Route, RouteVersion, Run, Stage
from officehub.approvals.picture.draw import picture
from officehub.approvals.picture.loops import laned
from officehub.approvals.picture.parts import Box, Loop, Row, Signer
from officehub.people.models import Delegation
from tests.approvals.conftest import open_step
from tests.cast import department, person


def draw(document, now):
    return picture(decide.run_of(document), document, now)


def states(drawn) -> list[str]:
    return [box.state for row in drawn.rows for box in row.boxes]


@pytest.fixture
def bureaus(cast):
    """Two more bureaus with heads, beside that of finance; the three departments."""
    made = [department(cast.government, "市水利局"), department(cast.government, "市应急管理局")]
    for place, name in zip(made, ("water", "emergency"), strict=True):
        cast.people[name] = person(name, place, "局长", True, [])
    return [cast.bureau, *made]


@pytest.fixture
def countersigned(cast, route, submitted, bureaus):
    """A paper that three bureaus countersign in one branch while the lawyer sees it in the other."""
    heads = {"who": "chosen_heads", "verb": "countersign", "mode": "all", "name": "会签", "branch": "会签"}
    route(
        {"person": cast.head, "name": "部门审核"},
        {**heads, "limit_value": 5},
        {"person": cast.vetter, "name": "合法性审核", "branch": "法制"},
        {"person": cast.leader, "name": "签发", "verb": "review"},
    )
    return submitted(chosen=[one.pk for one in bureaus])


def test_a_run_is_told_in_order_and_in_whole_sentences(cast, now, route, submitted, agree):
    route(
        {"person": cast.head, "name": "部门审核"},
        {"person": cast.vetter, "name": "核稿", "limit_value": 2},
        {"person": cast.leader, "name": "领导审定"},
    )
    document = submitted()
    agree(document, cast.head)
    drawn = draw(document, now)
    assert drawn.sentences == [
        "拟稿：综合科科员drafter 11月23日提交。",
        "第1步 部门审核：综合科科长head 11月23日同意。",
        "第2步 核稿：办公室核稿员vetter 正在办理，限11月25日。",
        "第3步 领导审定：未到；主任leader；时限1个工作日。",
        "办结：未到。",
    ]
    assert states(drawn) == ["done", "done", "now", "ahead", "ahead"]


def test_a_fork_stands_side_by_side_and_counts_who_has_countersigned(cast, now, countersigned, agree):
    for who in (cast.head, cast.countersigner, cast.water):
        agree(countersigned, who)
    drawn = draw(countersigned, now)
    fork = drawn.rows[2]
    assert [[box.name for box in branch] for branch in fork.branches] == [["会签"], ["合法性审核"]]
    assert (fork.boxes[0].tally, [one.state for one in fork.boxes[0].signers]) == ("2/3", ["done", "done", "now"])
    assert fork.lead == "以下2路同时分头办理，全部办完后汇合。"
    assert drawn.sentences[3] == (
        "第2步 会签：已办2/3；市财政局局长countersigner 11月23日同意；市水利局局长water 11月23日同意；"
        "市应急管理局局长emergency 正在办理，限11月30日。"
    )


def test_each_return_is_a_loop_of_its_own(cast, now, route, submitted, agree):
    route(*({"person": who, "name": name} for who, name in returning_cast(cast)))
    document = submitted()
    agree(document, cast.head)
    step = open_step(document, cast.vetter)
    first = step.stage.version.stages.get(order=1)
    seen = document.approval_hash()
    decide.return_(step, by=cast.vetter, now=now, seen=seen, reason="依据不足", to=first.pk)
    later = now + timedelta(days=1)
    agree(document, cast.head)
    step = open_step(document, cast.vetter)
    decide.return_(step, by=cast.vetter, now=later, seen=seen, reason="请补充附件")
    document.refresh_from_db()
    drawn = draw(document, later)
    loops = [loop for row in drawn.rows for loop in row.returns]
    assert [(one.number, one.source, one.target, one.lane) for one in loops] == [(1, 2, 1, 1), (2, 2, 0, 2)]
    assert [one.sentence for one in loops] == [
        "11月23日核稿员vetter退回“部门审核”环节，理由：依据不足",
        "11月24日核稿员vetter退回拟稿人，理由：请补充附件",
    ]
    assert states(drawn) == ["now", "ahead", "returned", "ahead", "ahead"]
    assert [[cell.part for cell in row.cells] for row in drawn.rows[:3]] == [
        ["", "to"],
        ["to", "through"],
        ["from"] * 2,
    ]


def returning_cast(cast):
    return [(cast.head, "部门审核"), (cast.vetter, "核稿"), (cast.leader, "领导审定")]


def test_loops_that_share_a_row_never_share_a_lane(now):
    ends = [(2, 0), (3, 1), (5, 0), (5, 4), (1, 0), (4, 3)]
    loops = laned([Loop(number, *pair, at=now, sentence="") for number, pair in enumerate(ends, 1)])
    drawn = [loop for loop in loops if loop.lane]
    clashes = [
        (one.number, other.number)
        for one in drawn
        for other in drawn
        if one.number < other.number and one.lane == other.lane
        if one.target <= other.source and other.target <= one.source
    ]
    assert (clashes, len(drawn)) == ([], len(loops))


def test_a_return_from_a_stage_of_an_older_version_is_drawn_at_the_one_that_answers_to_it(
    cast, now, route, submitted, agree
):
    route(*({"person": who, "name": name} for who, name in returning_cast(cast)))
    document = submitted()
    agree(document, cast.head)
    step = open_step(document, cast.vetter)
    decide.return_(step, by=cast.vetter, now=now, seen=document.approval_hash(), reason="请补充附件")
    newer = route({"person": cast.clerk}, *({"person": who, "name": name} for who, name in returning_cast(cast)))
    Run.objects.update(version=newer)
    document.refresh_from_db()
    [loop] = [loop for row in draw(document, now).rows for loop in row.returns]
    assert (loop.source, loop.target) == (3, 0)


def test_a_return_after_all_agreed_leads_from_the_end_to_the_drafter(cast, now, route, submitted, agree):
    route({"person": cast.head})
    document = submitted()
    agree(document, cast.head)
    assert states(draw(document, now)) == ["done", "done", "done"]
    signing.recheck_return(document, by=cast.rechecker, now=now + timedelta(hours=2), reason="附件有误")
    drawn = picture(decide.run_of(document), document, now, ["recheck_return"])
    assert (states(drawn), drawn.rows[2].returns[0].sentence) == (
        ["now", "done", "ahead"],
        "11月23日复核员rechecker在审批通过后退回拟稿人，理由：附件有误",
    )
    assert [[cell.part for cell in row.cells] for row in drawn.rows] == [["to"], ["through"], ["from"]]


def test_a_suspended_run_says_who_stopped_it_and_no_limit_runs(cast, now, route, submitted):
    route({"person": cast.head}, {"person": cast.leader})
    document = submitted()
    halt.suspend(document, by=cast.drafter, now=now, reason="等待上级批复")
    drawn = draw(document, now + timedelta(days=30))
    assert drawn.stopped == "11月23日科员drafter中止审批，时限暂停，理由：等待上级批复"
    assert (drawn.rows[1].boxes[0].state, drawn.rows[1].boxes[0].signers[0].due) == ("paused", None)


def test_a_terminated_run_shows_what_was_done_and_where_it_stopped(cast, now, route, submitted, agree):
    route({"person": cast.head}, {"person": cast.vetter}, {"person": cast.leader})
    document = submitted()
    agree(document, cast.head)
    halt.terminate(document, by=cast.drafter, now=now + timedelta(hours=1), reason="不再办理")
    document.refresh_from_db()
    drawn = draw(document, now)
    assert states(drawn) == ["done", "done", "stopped", "ahead", "stopped"]
    assert drawn.stopped == "11月23日科员drafter终止审批，理由：不再办理"


def test_a_limit_that_has_passed_is_said(cast, now, route, submitted):
    route({"person": cast.head})
    drawn = draw(submitted(), now + timedelta(days=9))
    assert drawn.rows[1].boxes[0].signers[0].overdue
    assert drawn.sentences[1].endswith("正在办理，限11月24日，已超期。")


def test_whoever_acts_for_another_or_was_added_is_drawn_as_such(cast, now, route, submitted):
    Delegation.objects.create(principal=cast.head, delegate=cast.reader, since=now.date(), until=now.date())
    route({"person": cast.head})
    document = submitted()
    step = open_step(document, cast.reader)
    seen = document.approval_hash()
    hand_on.add_signers(step, [cast.clerk], before=False, by=cast.reader, now=now, seen=seen)
    [acting, added] = draw(document, now).rows[1].boxes[0].signers
    assert (acting.name, acting.acting_for, acting.state) == (cast.reader.name, cast.head.name, "now")
    assert (added.name, added.notes, added.state) == (cast.clerk.name, ("加签",), "ahead")


def test_a_stage_that_is_left_out_says_why(cast, now, route, submitted):
    route(
        {"person": cast.head},
        {"person": cast.mayor, "condition": [{"fact": "important", "is": True}]},
        {"who": "chosen_heads", "verb": "countersign", "may_skip_if_nobody": True},
    )
    drawn = draw(submitted(), now)
    assert states(drawn) == ["done", "now", "skipped", "skipped", "ahead"]
    assert [box.notes for row in drawn.rows[2:4] for box in row.boxes] == [("只用于：是重要公文",), ("未选会签部门",)]


@pytest.fixture
def inner(cast, now, route, submitted, agree, bureaus):
    """A countersign that the bureau of finance handles by its own route: its clerk first, then its head."""
    kind = ContentType.objects.get_for_model(Document)
    own = Route.objects.create(name="财政内部", subject_type=kind, department=cast.bureau)
    version = RouteVersion.objects.create(route=own, number=1, published_at=now)
    stages: list[Stage] = []
    for order, (who, name) in enumerate([(cast.reader, "科室审核"), (cast.countersigner, "局长审定")], 1):
        stages.append(Stage(version=version, order=order, name=name, verb="review", who="person", person=who))
    Stage.objects.bulk_create(stages)
    route(
        {"who": "chosen_heads", "verb": "countersign", "mode": "all", "internal": True, "name": "会签"},
        {"person": cast.leader},
    )
    document = submitted(chosen=[one.pk for one in bureaus[:2]])
    agree(document, cast.reader)
    return document


def test_a_departments_own_run_is_drawn_inside_its_place(cast, now, inner):
    finance, water = draw(inner, now).rows[1].boxes[0].signers
    assert [(box.name, box.state) for row in finance.inside for box in row.boxes] == [
        ("科室审核", "done"),
        ("局长审定", "now"),
    ]
    assert (finance.words, water.inside) == ("部门办理中", ())
    assert (
        "（部门内部流程：第1步 科室审核：市财政局文书reader 11月23日同意；第2步 局长审定"
        in draw(inner, now).sentences[1]
    )


def test_a_picture_asks_as_much_for_thirty_stages_as_for_three(
    cast, now, route, submitted, agree, django_assert_num_queries
):
    for stages in (3, 30):
        route(*({"person": cast.head if order % 2 else cast.vetter} for order in range(stages)))
        document = submitted()
        for order in range(stages - 1):
            agree(document, cast.head if order % 2 else cast.vetter)
        run = Run.objects.get(subject_id=document.pk)
        with django_assert_num_queries(9):
            picture(run, document, now)


def test_nothing_a_person_wrote_is_taken_for_markup():
    hostile = "<script>alert(1)</script>"
    loop = Loop(1, 1, 0, at=None, sentence=hostile)
    signer = Signer(hostile, hostile, "done", hostile, acting_for=hostile, notes=(hostile,))
    inside = replace(signer, inside=(Row(((Box(hostile, "now"),),)),))
    box = Box(hostile, "now", signers=(signer, inside), notes=(hostile,), sentence=hostile)
    page = render_to_string("components/run_picture.html", {"picture": {"stopped": hostile, "rows": [
        Row(((box,), (box,)), returns=(loop,))]}})  # fmt: skip
    assert "<script" not in page
    assert page.count("&lt;script&gt;") > 10


def test_the_picture_is_for_those_whose_business_the_course_is(cast, client, route, submitted):
    route({"person": cast.head})
    address = reverse("documents:course_picture", args=[submitted().pk])
    found = {}
    for name in ("drafter", "head", "stranger", "sys_admin"):
        client.force_login(getattr(cast, name))
        found[name] = client.get(address).status_code
    assert found == {"drafter": 200, "head": 200, "stranger": 404, "sys_admin": 404}


def test_the_panel_gets_the_picture_alone(cast, client, route, submitted):
    route({"person": cast.head})
    client.force_login(cast.drafter)
    page = client.get(reverse("documents:course_picture", args=[submitted().pk]), headers={"HX-Request": "true"})
    assert page.content.decode().count("<html") == 0
    assert "第1步" in page.content.decode()
