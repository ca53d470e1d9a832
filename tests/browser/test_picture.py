"""流程图 and the submit page in a real browser: whole at a desk and on a phone, and the plan follows what is ticked."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.contenttypes.models import ContentType

from documents import drafting
from documents.models import Document
from officehub.approvals import decide
from officehub.approvals.models import Route, RouteVersion, Stage
from tests.approvals.conftest import open_step
from tests.cast import NOTICE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def document(cast, now):
    """A draft whose route has a fork, and a stage the drafter chooses somebody for."""
    kind = ContentType.objects.get_for_model(Document)
    made = Route.objects.create(name="试用", subject_type=kind, priority=1)
    version = RouteVersion.objects.create(route=made, number=1)
    rows = [
        {"name": "部门审核", "who": "person", "person": cast.head},
        {"name": "会签", "who": "chosen_heads", "verb": "countersign", "mode": "all", "branch": "会签"},
        {"name": "专家审核", "who": "sender", "mode": "all", "branch": "专家"},
        {"name": "签发", "who": "person", "person": cast.leader},
    ]
    usual = {"version": version, "verb": "review"}
    stages = [Stage(order=order, **{**usual, **row}) for order, row in enumerate(rows, 1)]
    Stage.objects.bulk_create(stages)
    version.stages.get(who="sender").candidates.set([cast.vetter, cast.rechecker])
    RouteVersion.objects.filter(pk=version.pk).update(published_at=now)
    return drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE)


def faults(page) -> list:
    found = [one["id"] for one in Axe().run(page).response["violations"]]
    return found if page.evaluate(WIDE) <= 0 else [*found, "wide"]


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_a_paper_is_sent_returned_and_drawn(cast, enter, document, now, phone):
    page = enter("drafter", phone=phone)
    page.goto(f"/papers/{document.pk}/submit/")
    assert page.locator("#plan .run-box").count() == 0
    page.get_by_label(cast.bureau.name).check()
    page.get_by_label(cast.vetter.name).check()
    page.wait_for_selector("#plan .is-fork")
    assert faults(page) == []
    page.get_by_role("button", name="提交审批").click()
    page.wait_for_url(f"**/papers/{document.pk}/")
    seen = document.approval_hash()
    decide.agree(open_step(document, cast.head), by=cast.head, now=now, seen=seen)
    back = open_step(document, cast.vetter)
    first = back.stage.version.stages.get(order=1)
    decide.return_(back, by=cast.vetter, now=now, seen=seen, reason="请补充论证材料", to=first.pk)
    page.goto(f"/papers/{document.pk}/picture/")
    assert faults(page) == []
    loop, box = page.locator(".run-head").bounding_box(), page.locator(".run-box").nth(1).bounding_box()
    assert box["y"] < loop["y"] < box["y"] + box["height"]  # the arrow points at the box it leads to
    page.evaluate("document.documentElement.dataset.size = 'large'")
    assert page.evaluate(WIDE) <= 0
