"""The demo office: its routes could be published, and every picture of a run has a sound case to show."""

import pytest

from documents import demo
from documents.models import Document
from officehub.approvals.asked import Choice
from officehub.approvals.invariants import violations
from officehub.approvals.models import Advice, RouteVersion, Run, Step, Visit
from officehub.approvals.plan import plan
from officehub.web import demo_office
from officehub.web.admin.routes import copied, unready

CASES = (demo.countersigning, demo.returned_a_stage, demo.with_added_signer, demo.with_an_assistant, demo.delegated)


@pytest.fixture
def office(db, now):
    made = demo_office.build("demo-password-1")
    demo.routes(made, now)
    return made


def test_both_routes_are_ready_to_be_published(office):
    copies = [copied(version) for version in RouteVersion.objects.all()]
    assert [unready(copy) for copy in copies] == ["", ""]


def test_without_countersigners_a_paper_goes_as_the_readme_says(office, now):
    demo.draft(office, now)
    planned = plan(Document.objects.get(), RouteVersion.objects.earliest("id"), Choice(), now)
    assert [(str(one.stage), [person.name for person in one.people]) for one in planned] == [
        ("部门审核", ["黎翔"]),
        ("核稿", ["蒋悦"]),
        ("签发", ["唐雯"]),
    ]


def test_every_kind_of_case_is_there_and_sound(office, now):
    for make in CASES:
        make(office, now)
    assert [fault for run in Run.objects.filter(parent=None) for fault in violations(run, now)] == []
    assert Run.objects.filter(parent__isnull=False, state="agreed").count() == 1  # 市财政局 has come to its opinion
    assert Step.objects.get(state="returned").visit.state == Visit.State.FELL
    assert Step.objects.get(origin="added").approver.name == "石磊"
    assert Advice.objects.get(state="open").adviser.name == "苏青"
    assert Step.objects.get(acting_for__isnull=False).acting_for.name == "石磊"
