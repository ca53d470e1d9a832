"""办理过程 as a reader finds it: signatures, groups, departments' own runs, silence, and what comes next."""

import re

import pytest
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from documents.course import Course
from documents.models import Document
from officehub.approvals.decide import run_of
from officehub.approvals.models import Route, RouteVersion, Stage
from officehub.approvals.silence import lapse
from officehub.people.models import Delegation
from tests.cast import department, person
from tests.documents.course.conftest import EVERYTHING


@pytest.fixture
def signers(cast):
    """Heads of two more departments, to countersign beside the bureau's."""
    found = []
    for name in ("市住建局", "市城管局"):
        place = department(cast.government, name)
        found.append(person(f"head-{name}", place, "局长", True, []))
    return found


def lines_of(document, now):
    return Course(document, run_of(document), now).lines()


def next_of(document, step, now) -> str:
    from documents.views.mine import with_others

    return Course(document, run_of(document), now).what_next(with_others(step, document))


def test_an_opinion_is_signed_with_name_and_full_date(cast, route, submitted, agree, look, now):
    today = timezone.localdate(now)
    Delegation.objects.create(principal=cast.head, delegate=cast.vetter, since=today, until=today, reason="出差")
    route({"person": cast.head}, {"person": cast.leader})
    document = submitted()
    agree(document, cast.vetter)
    page = re.sub(r"\s+", " ", look(document, cast.drafter))
    assert '核稿员vetter（受科长head委托） <time datetime="2026-11-23">2026年11月23日</time>' in page


def test_countersigners_stand_together_and_are_counted(cast, route, submitted, agree, signers, now):
    route({"who": "chosen_heads", "verb": "countersign", "mode": "all", "name": "会签"}, {"person": cast.leader})
    document = submitted(chosen=[cast.bureau.pk, *(one.department_id for one in signers)])
    agree(document, cast.countersigner)
    agree(document, signers[0])
    group = next(line for line in lines_of(document, now) if line.count)
    assert (group.who, group.count, group.state, [line.state for line in group.lines]) == (
        "会签", "2/3", "now", ["done", "done", "now"],
    )  # fmt: skip
    agree(document, signers[1])
    group = next(line for line in lines_of(document, now) if line.count)
    assert (group.count, group.state, group.at) == ("3/3", "done", now)


def test_a_departments_own_run_stands_under_it(cast, route, submitted, agree, now):
    kind = ContentType.objects.get_for_model(Document)
    own = Route.objects.create(name="财政局内部", subject_type=kind, department=cast.bureau)
    version = RouteVersion.objects.create(route=own, number=1, published_at=now)
    rows = [("经办", cast.reader), ("局领导", cast.countersigner)]
    Stage.objects.bulk_create(
        Stage(version=version, order=n, name=name, verb="review", who="person", person=who)
        for n, (name, who) in enumerate(rows, 1)
    )
    route(
        {"who": "chosen_heads", "verb": "countersign", "mode": "all", "name": "会签", "internal": True},
        {"person": cast.leader},
    )
    document = submitted(chosen=[cast.bureau.pk])
    step = run_of(document).steps.get().inside.get().steps.get()
    assert next_of(document, step, now) == "同意后 → 局领导 → 报出市财政局意见"
    agree(document, cast.reader)
    outer = next(line for line in lines_of(document, now) if "部门办理中" in line.verb)
    assert (outer.who, [(line.who, line.state) for line in outer.lines]) == (
        "市财政局", [("文书reader", "done"), ("局长countersigner", "now")],
    )  # fmt: skip
    agree(document, cast.countersigner)
    outer = next(line for line in lines_of(document, now) if line.lines)
    assert (outer.who, outer.signed, [line.signed for line in outer.lines]) == ("市财政局", False, [True, True])


def test_silence_is_told_as_silence(cast, route, submitted, now):
    stage = {"who": "chosen_heads", "verb": "countersign", "mode": "all", "silence_consents": True, "limit_value": 1}
    route(stage, {"person": cast.leader})
    document = submitted(chosen=[cast.bureau.pk])
    assert lapse(now + timezone.timedelta(days=9)) == 1
    line = next(line for line in lines_of(document, now) if "逾期未复" in line.note)
    assert (line.who, line.signed) == ("市财政局", False)


def test_what_comes_next_names_who_is_waited_for_and_the_branches(cast, route, submitted, agree, step_of, now):
    route(
        {"person": cast.head, "name": "审核"},
        {"person": cast.countersigner, "name": "财务", "branch": "甲"},
        {"person": cast.reader, "name": "法制", "branch": "乙"},
        {"person": cast.leader, "name": "签发"},
    )
    document = submitted()
    after = " → 复核 → 编号 → 用印 → 分发 → 归档"
    assert next_of(document, step_of(document, cast.head), now) == "同意后 → 财务、法制（分头办理） → 签发" + after
    agree(document, cast.head)
    step = step_of(document, cast.reader)
    assert next_of(document, step, now) == "同意后 → （待“财务”办完） → 签发" + after


def test_the_course_asks_the_same_however_long_it_was(
    cast, route, submitted, agree, now, django_assert_num_queries, step_of
):
    from officehub.approvals import hand_on

    route({"person": cast.head, "permits": EVERYTHING}, *({"person": cast.leader} for _ in range(2)))
    document = submitted()
    for count in (1, 3):
        for n in range(count):
            who = person(f"adviser{count}{n}", cast.section, "科员", False, [])
            step, seen = step_of(document, cast.head), document.approval_hash()
            [advice] = hand_on.consult(step, [who], by=cast.head, now=now, seen=seen, question="可行吗")
            hand_on.answer(advice, by=who, now=now, seen=seen, text="可行")
        run = run_of(document)
        with django_assert_num_queries(8):
            Course(document, run, now).lines()
