"""Every door of the house and what each kind of person gets there. A door missing from the table fails the test."""

from datetime import timedelta

import pytest
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from documents import drafting
from documents.consulting import rounds, settling
from documents.incoming.circulate import start_reading
from documents.incoming.register import register
from documents.incoming.screen import POINTS, screen
from documents.models import Attached, SendingList
from officehub.approvals.models import Step, StockPhrase
from officehub.inbox.hand_over import hand_over
from officehub.inbox.models import WorkItem
from officehub.people.models import Delegation
from tasks.limits import Limit
from tests.cast import NOTICE, department, looked_at, person
from tests.documents.incoming.conftest import entry
from tests.tasks.around import doors as around
from tests.tasks.conftest import Steps

OK, GONE, NO, LOGIN = 200, 404, 405, 302  # NO: the door is there, but not for a mere look
BOTH = (OK, OK, OK, OK)

# name: what a GET gives the drafter, the head who is to decide, a stranger, and the system administrator.
# The paper is in approval, at its first step. Nobody gets in without logging in, except where it says so.
DOORS = {
    "workbench": BOTH,
    "open_item": (GONE, LOGIN, GONE, GONE),
    "notices": BOTH,
    "open_notice": (GONE, LOGIN, GONE, GONE),
    "notices_read": (NO, NO, NO, NO),
    "search": BOTH,
    "badges": BOTH,
    "healthz": BOTH,
    "login": (LOGIN, LOGIN, LOGIN, LOGIN),  # already inside: on to the workbench
    "logout": (NO, NO, NO, NO),
    "profile": BOTH,
    "password_change": BOTH,
    "find_people": (OK, OK, OK, GONE),
    "delegations": (OK, OK, OK, GONE),
    "end_delegation": (NO, NO, NO, NO),
    "phrases": (OK, OK, OK, GONE),
    "change_phrase": (NO, NO, NO, NO),
    "move_phrase": (NO, NO, NO, NO),
    "delete_phrase": (NO, NO, NO, NO),
    "handover": (GONE, OK, GONE, OK),  # the head received it
    "documents:list": BOTH,
    "documents:register": BOTH,
    "documents:export_register": BOTH,
    "documents:gaps": (GONE, GONE, GONE, GONE),  # none of them keeps the numbers
    "documents:export_gaps": (GONE, GONE, GONE, GONE),
    "documents:reserve_numbers": (GONE, GONE, GONE, GONE),
    "documents:open_numbers": (GONE, GONE, GONE, GONE),
    "documents:release_number": (GONE, GONE, GONE, GONE),
    "documents:rules": BOTH,
    "documents:new": BOTH,
    "documents:transmit": BOTH,
    "documents:sources": BOTH,
    "documents:consulted": (GONE, GONE, GONE, GONE),  # who is asked is another: a bureau's head
    "documents:consulted_file": (GONE, GONE, GONE, GONE),
    "documents:concerns": (409, GONE, GONE, GONE),
    "documents:note_talks": (OK, GONE, GONE, GONE),
    "documents:consultations": (OK, OK, GONE, GONE),
    "documents:open_consultation": (409, GONE, GONE, GONE),
    "documents:export_consultations": (OK, OK, GONE, GONE),
    "documents:consultation_file": (GONE, GONE, GONE, GONE),  # there is none
    "documents:chase_consultation": (NO, NO, NO, NO),
    "documents:change_consultation": (OK, GONE, GONE, GONE),
    "documents:settle": (GONE, GONE, GONE, GONE),  # nothing was said yet
    "documents:record_letter": (GONE, GONE, GONE, GONE),  # it is a department of the house
    "documents:from_word": (NO, NO, NO, NO),
    "documents:drafts": BOTH,
    "documents:stock": BOTH,
    "documents:template": BOTH,
    "documents:drop_template": (NO, NO, NO, NO),
    "documents:add_text": (NO, NO, NO, NO),
    "documents:drop_text": (NO, NO, NO, NO),
    "documents:copy": (NO, NO, NO, NO),
    "documents:delete": (NO, NO, NO, NO),
    "documents:keep_template": (NO, NO, NO, NO),
    "documents:drop_unsaved": (NO, NO, NO, NO),
    "documents:word": (409, GONE, GONE, GONE),
    "documents:take_word": (NO, NO, NO, NO),
    "documents:docx": (OK, OK, GONE, GONE),
    "documents:text_picture": (GONE, GONE, GONE, GONE),  # it shows none
    "documents:print_paper": (OK, OK, GONE, GONE),
    "documents:attachment_look": (OK, OK, GONE, GONE),
    "documents:attachment_page": (GONE, GONE, GONE, GONE),
    "documents:attachment_move": (NO, NO, NO, NO),
    "documents:attachment_change": (409, GONE, GONE, GONE),
    "documents:sheet": (GONE, GONE, GONE, GONE),
    "documents:people": BOTH,
    "documents:detail": (OK, OK, GONE, GONE),
    "documents:course_picture": (OK, OK, GONE, GONE),
    "documents:edit": (409, GONE, GONE, GONE),
    "documents:check": (NO, NO, NO, NO),
    "documents:questions": (409, GONE, GONE, GONE),
    "documents:attach": (409, GONE, GONE, GONE),
    "documents:attachment": (GONE, GONE, GONE, GONE),  # this one is text, not a file
    "documents:detach": (NO, NO, NO, NO),
    "documents:submit": (409, GONE, GONE, GONE),
    "documents:simulate": (409, GONE, GONE, GONE),
    "documents:withdraw": (NO, NO, NO, NO),
    "documents:decide": (NO, NO, NO, NO),
    "documents:have_back": (NO, NO, NO, NO),
    "documents:answer": (NO, NO, NO, NO),
    "documents:recall": (NO, NO, NO, NO),
    "documents:oversee": (NO, NO, NO, NO),
    "documents:opinion_file": (GONE, GONE, GONE, GONE),
    "documents:bypasses": (GONE, GONE, GONE, GONE),  # none of them is told of bypasses
    "documents:recheck": (NO, NO, NO, NO),
    "documents:number": (NO, NO, NO, NO),
    "documents:void_number": (NO, NO, NO, NO),
    "documents:progress": (OK, OK, GONE, GONE),
    "documents:print_again": (NO, NO, NO, NO),
    "documents:seal": (NO, NO, NO, NO),
    "documents:distribute": (GONE, GONE, GONE, GONE),
    "documents:acknowledge": (NO, NO, NO, NO),
    "documents:readers": (OK, OK, GONE, GONE),
    "documents:archive": (NO, NO, NO, NO),
    "documents:archive_copy": (GONE, GONE, GONE, GONE),
    "documents:pdf": (GONE, GONE, GONE, GONE),
    "documents:versions": (OK, OK, GONE, GONE),
    "documents:compare": (OK, OK, GONE, GONE),
    "documents:version": (OK, OK, GONE, GONE),
    "documents:correct": (GONE, GONE, GONE, GONE),
    "documents:annulled": BOTH,
    "documents:annul": (GONE, GONE, GONE, GONE),
    "documents:undo_annulment": (GONE, GONE, GONE, GONE),
    "documents:sending_lists": BOTH,
    "documents:new_sending_list": (OK, OK, OK, GONE),
    "documents:sending_list": (GONE, OK, GONE, GONE),  # the head's own
    "documents:drop_sending_list": (NO, NO, NO, NO),
    "documents:propose_scope": (409, GONE, GONE, GONE),
    "documents:further": (GONE, GONE, GONE, GONE),
    "documents:chase_readers": (NO, NO, NO, NO),
    "documents:issue_certificate": (NO, NO, NO, NO),
    "documents:service_certificate": (GONE, GONE, GONE, GONE),
    "documents:copies": (GONE, GONE, GONE, GONE),
    "documents:copy_pdf": (GONE, GONE, GONE, GONE),
    "documents:copies_progress": (GONE, GONE, GONE, GONE),
    "documents:copies_again": (NO, NO, NO, NO),
    "documents:copies_unnumbered": (GONE, GONE, GONE, GONE),
    "documents:copies_zip": (GONE, GONE, GONE, GONE),
    "documents:pass_on": (GONE, GONE, GONE, GONE),
    "documents:ask_widening": (409, 409, GONE, GONE),  # not distributed yet
    "documents:widening": (GONE, GONE, GONE, GONE),
    "documents:recall_paper": (GONE, GONE, GONE, GONE),
    "documents:recalled": (GONE, GONE, GONE, GONE),
    "documents:confirm_return": (NO, NO, NO, NO),
    "documents:chase_returns": (NO, NO, NO, NO),
    "documents:close_recall": (NO, NO, NO, NO),
    "documents:case": (OK, OK, GONE, GONE),
    "documents:dispatch_sheet": (OK, OK, GONE, GONE),
    "documents:disclosure": (GONE, GONE, GONE, GONE),  # none of them keeps the ledger, nor the archive
    "documents:export_disclosures": (GONE, GONE, GONE, GONE),
    "documents:disclosure_record": (GONE, GONE, GONE, GONE),
    "documents:publish": (NO, NO, NO, NO),
    "documents:review_disclosure": (NO, NO, NO, NO),
    "documents:leave_out": (NO, NO, NO, NO),
    "documents:archived": (GONE, GONE, GONE, GONE),
    "documents:archived_file": (GONE, GONE, GONE, GONE),
    "documents:freeze_again": (NO, NO, NO, NO),
    "documents:archives": (GONE, GONE, GONE, GONE),
    "documents:file_many": (NO, NO, NO, NO),
    "documents:export_catalogue": (GONE, GONE, GONE, GONE),
    "documents:appraise": (NO, NO, NO, NO),
    "documents:order_package": (NO, NO, NO, NO),
    "documents:package": (GONE, GONE, GONE, GONE),
    "documents:package_progress": (GONE, GONE, GONE, GONE),
    "documents:package_file": (GONE, GONE, GONE, GONE),
    "documents:package_again": (NO, NO, NO, NO),
    "documents:hand_over_package": (NO, NO, NO, NO),
    "documents:register_of_destruction": (GONE, GONE, GONE, GONE),
    "documents:answer_destruction": (NO, NO, NO, NO),
    "documents:carry_out_destruction": (NO, NO, NO, NO),
    # An incoming paper that the head has to read: the drafter has no part in it.
    "documents:incoming": BOTH,
    "documents:incoming_register": BOTH,
    "documents:incoming_export": BOTH,
    "documents:incoming_new": (GONE, GONE, GONE, GONE),  # for registry clerks
    "documents:incoming_twins": (GONE, GONE, GONE, GONE),
    "documents:incoming_upload": (NO, NO, NO, NO),
    "documents:incoming_discard": (NO, NO, NO, NO),
    "documents:incoming_file": (GONE, GONE, GONE, GONE),
    "documents:incoming_page": (GONE, GONE, GONE, GONE),
    "documents:incoming_blank": (GONE, GONE, GONE, GONE),
    "documents:incoming_detail": (GONE, OK, GONE, GONE),
    "documents:incoming_correct": (GONE, GONE, GONE, GONE),
    "documents:incoming_do": (NO, NO, NO, NO),
    "documents:incoming_reply": (NO, NO, NO, NO),
    "documents:incoming_print": (GONE, OK, GONE, GONE),
    "documents:incoming_case": (GONE, OK, GONE, GONE),
    "documents:incoming_archived": (GONE, GONE, GONE, GONE),  # not yet archived
    "documents:incoming_archived_file": (GONE, GONE, GONE, GONE),
    "documents:incoming_freeze_again": (NO, NO, NO, NO),
    # A task that the head gave to the drafter, who does it and asked for an extension.
    "tasks:list": BOTH,
    "tasks:new": (OK, OK, OK, GONE),
    "tasks:instruct": (OK, OK, OK, GONE),
    "tasks:people": (OK, OK, OK, OK),
    "tasks:file": (GONE, GONE, GONE, GONE),  # there is none
    "tasks:extension": (OK, OK, GONE, GONE),
    "tasks:detail": (OK, OK, GONE, GONE),
    "tasks:edit": (GONE, GONE, GONE, GONE),  # it is no draft
    "tasks:do": (NO, NO, NO, NO),
    "tasks:print": (OK, OK, GONE, GONE),
}
# The same for a POST with nothing in it, where a POST does something: strangers are told there is no such door.
POSTS = {
    "delegations": (422, 422, 422, GONE),
    "end_delegation": (GONE, GONE, GONE, GONE),
    "phrases": (422, 422, 422, GONE),
    "change_phrase": (GONE, 422, GONE, GONE),
    "move_phrase": (GONE, LOGIN, GONE, GONE),
    "delete_phrase": (GONE, LOGIN, GONE, GONE),
    "documents:transmit": (422, 422, 422, 422),
    "documents:consulted": (GONE, GONE, GONE, GONE),
    "documents:concerns": (409, GONE, GONE, GONE),
    "documents:note_talks": (422, GONE, GONE, GONE),
    "documents:open_consultation": (409, GONE, GONE, GONE),
    "documents:chase_consultation": (LOGIN, GONE, GONE, GONE),
    "documents:change_consultation": (422, GONE, GONE, GONE),
    "documents:settle": (GONE, GONE, GONE, GONE),
    "documents:record_letter": (GONE, GONE, GONE, GONE),
    "documents:from_word": (422, 422, 422, 422),
    "documents:template": (422, 422, 422, 422),
    "documents:drop_template": (GONE, GONE, GONE, GONE),  # nobody deletes what comes with the system
    "documents:add_text": (422, 422, 422, 422),
    "documents:drop_text": (GONE, GONE, GONE, GONE),
    "documents:copy": (LOGIN, LOGIN, GONE, GONE),
    "documents:delete": (409, GONE, GONE, GONE),
    "documents:keep_template": (409, GONE, GONE, GONE),
    "documents:drop_unsaved": (409, GONE, GONE, GONE),
    "documents:word": (409, GONE, GONE, GONE),
    "documents:take_word": (409, GONE, GONE, GONE),
    "documents:attachment_move": (409, GONE, GONE, GONE),
    "documents:attachment_change": (409, GONE, GONE, GONE),
    "documents:check": (409, GONE, GONE, GONE),
    "documents:attach": (409, GONE, GONE, GONE),
    "documents:detach": (409, GONE, GONE, GONE),
    "documents:edit": (409, GONE, GONE, GONE),
    "documents:submit": (409, GONE, GONE, GONE),
    "documents:decide": (GONE, 422, GONE, GONE),
    "documents:have_back": (GONE, 409, GONE, GONE),
    "documents:answer": (GONE, GONE, GONE, GONE),
    "documents:recall": (GONE, GONE, GONE, GONE),
    "documents:oversee": (422, GONE, GONE, GONE),
    "documents:recheck": (GONE, GONE, GONE, GONE),
    "documents:reserve_numbers": (GONE, GONE, GONE, GONE),
    "documents:open_numbers": (GONE, GONE, GONE, GONE),
    "documents:release_number": (GONE, GONE, GONE, GONE),
    "documents:number": (GONE, GONE, GONE, GONE),
    "documents:void_number": (GONE, GONE, GONE, GONE),
    "documents:print_again": (GONE, GONE, GONE, GONE),
    "documents:seal": (GONE, GONE, GONE, GONE),
    "documents:distribute": (GONE, GONE, GONE, GONE),
    "documents:acknowledge": (409, 409, GONE, GONE),
    "documents:archive": (GONE, GONE, GONE, GONE),
    "documents:archive_copy": (GONE, GONE, GONE, GONE),
    "documents:correct": (GONE, GONE, GONE, GONE),
    "documents:annul": (GONE, GONE, GONE, GONE),
    "documents:undo_annulment": (GONE, GONE, GONE, GONE),
    "documents:new_sending_list": (422, 422, 422, GONE),
    "documents:sending_list": (GONE, 422, GONE, GONE),
    "documents:drop_sending_list": (GONE, LOGIN, GONE, GONE),
    "documents:propose_scope": (409, GONE, GONE, GONE),
    "documents:further": (GONE, GONE, GONE, GONE),
    "documents:chase_readers": (GONE, GONE, GONE, GONE),
    "documents:issue_certificate": (GONE, GONE, GONE, GONE),
    "documents:copies_again": (GONE, GONE, GONE, GONE),
    "documents:copies_unnumbered": (GONE, GONE, GONE, GONE),
    "documents:pass_on": (GONE, GONE, GONE, GONE),
    "documents:ask_widening": (409, 409, GONE, GONE),
    "documents:widening": (GONE, GONE, GONE, GONE),
    "documents:recall_paper": (GONE, GONE, GONE, GONE),
    "documents:confirm_return": (GONE, GONE, GONE, GONE),
    "documents:chase_returns": (GONE, GONE, GONE, GONE),
    "documents:close_recall": (GONE, GONE, GONE, GONE),
    **dict.fromkeys(
        [f"documents:{name}" for name in (
            "publish", "review_disclosure", "leave_out", "freeze_again", "file_many", "appraise", "order_package",
            "package_again", "hand_over_package", "answer_destruction", "carry_out_destruction",
        )],
        (GONE, GONE, GONE, GONE),
    ),
    "documents:incoming_new": (GONE, GONE, GONE, GONE),
    "documents:incoming_upload": (GONE, GONE, GONE, GONE),
    "documents:incoming_discard": (GONE, GONE, GONE, GONE),
    "documents:incoming_correct": (GONE, GONE, GONE, GONE),
    "documents:incoming_do": (GONE, 422, GONE, GONE),
    "documents:incoming_reply": (GONE, GONE, GONE, GONE),
    "documents:incoming_freeze_again": (GONE, GONE, GONE, GONE),
    "tasks:new": (422, 422, 422, GONE),
    "tasks:instruct": (422, 422, 422, GONE),
    "tasks:extension": (409, 422, GONE, GONE),
    "tasks:edit": (GONE, GONE, GONE, GONE),
    "tasks:do": (422, GONE, GONE, GONE),
}  # fmt: skip
WITHOUT_LOGIN = {"login": OK, "healthz": OK}
DOORS.update(around.DOORS)
POSTS.update(around.POSTS)
WITHOUT_LOGIN.update(around.WITHOUT_LOGIN)
OF_SENDING = [
    f"documents:{name}"
    for name in (
        "issue_certificate",
        "copy_pdf",
        "copies_progress",
        "copies_again",
        "copies_unnumbered",
        "copies_zip",
        "pass_on",
    )
]
OF_RECALL = [
    f"documents:{name}" for name in ("service_certificate", "widening", "recalled", "chase_returns", "close_recall")
]
OF_AN_ATTACHMENT = ["documents:attachment_look", "documents:attachment_move", "documents:attachment_change"]
WHO = ["drafter", "head", "stranger", "sys_admin"]


def names(patterns, space="") -> set[str]:
    found = set()
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            found.add(f"{space}{pattern.name}")
        elif pattern.namespace != "admin":
            found |= names(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else space)
    return found


def test_the_table_has_every_door_and_no_other():
    assert set(DOORS) == names(get_resolver().url_patterns)


@pytest.fixture
def addresses(cast, now):
    document = drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE)
    attached = Attached.objects.create(document=document, order=1, title="储备清单", body="燃煤一万吨。")
    water = department(cast.government, "市水利局", code="SLJ")
    person("water_head", water, "局长", True, [])
    settling.state_concerns(document, [water], by=cast.drafter, now=now)
    sent = rounds.open_round(document, by=cast.drafter, now=now, departments=[water])
    asked = sent.asked.get().pk
    drafting.submit(document, by=cast.drafter, now=now, chosen=[], reasons={})
    phrase = StockPhrase.objects.create(person=cast.head, text="拟同意")
    given = Delegation.objects.create(
        principal=cast.leader, delegate=cast.clerk, since=now.date(), until=now.date(), reason="出差"
    )
    incoming = register(organ=cast.office, by=cast.clerk, now=now, fields=entry(now))
    screen(incoming, by=cast.vetter, now=now, nature="for_information", points=list(POINTS))
    start_reading(incoming, by=cast.clerk, now=now, people=[cast.head], mode="in_order")
    proof = hand_over(cast.reader, cast.head, by=cast.sys_admin, now=now)
    kept = SendingList.objects.create(name="市直", owner=cast.head, changed_at=now)
    special = {
        "handover": [proof.pk],
        "end_delegation": [given.pk],
        **{name: [phrase.pk] for name in ("change_phrase", "move_phrase", "delete_phrase")},
        "open_item": [WorkItem.objects.get(assignee=cast.head, verb="review").pk],
        "open_notice": [cast.head.notices.first().pk],
        "documents:sheet": ["forged", 1],
        "documents:consulted": [asked],
        "documents:consulted_file": [asked, 1],
        "documents:note_talks": [document.pk, document.concerns.get().pk],
        "documents:consultation_file": [document.pk, 1],
        "documents:chase_consultation": [document.pk, sent.pk],
        "documents:change_consultation": [document.pk, sent.pk, "extend"],
        "documents:settle": [document.pk, asked],
        "documents:record_letter": [document.pk, asked],
        "documents:decide": [document.pk, Step.objects.get().pk],
        "documents:have_back": [document.pk, Step.objects.get().pk],
        "documents:answer": [document.pk, 1],
        "documents:recall": [document.pk, 1],
        "documents:oversee": [document.pk, "suspend"],
        "documents:opinion_file": [document.pk, 1],
        "documents:attachment": [document.pk, attached.pk],
        "documents:detach": [document.pk, attached.pk],
        "documents:version": [document.pk, 1],
        "documents:undo_annulment": [document.pk, 1],
        **{f"documents:{name}": [kept.pk] for name in ("sending_list", "drop_sending_list")},
        **{f"documents:{name}": [] for name in ("new_sending_list", "sending_lists")},
        **{name: [document.pk, 1] for name in OF_SENDING},
        **{name: [1] for name in OF_RECALL},
        "documents:confirm_return": [1, 1],
        **{name: [document.pk, attached.pk] for name in OF_AN_ATTACHMENT},
        "documents:attachment_page": [document.pk, attached.pk, 1],
        "documents:template": ["b0"],
        "documents:drop_template": ["b0"],
        "documents:drop_text": [1],
        "documents:take_word": [document.pk, 1],
        "documents:text_picture": [document.pk, "a.png"],
        "documents:archived_file": [document.pk, 1],
        **{f"documents:incoming_{name}": [incoming.pk] for name in ("detail", "correct", "reply", "case")},
        **{f"documents:incoming_{name}": [incoming.pk] for name in ("archived", "freeze_again")},
        "documents:incoming_archived_file": [incoming.pk, 1],
        "documents:incoming_do": [incoming.pk, "read"],
        "documents:incoming_print": [incoming.pk, "stamp"],
        "documents:incoming_page": [1, 1],
        **{f"documents:incoming_{name}": [1] for name in ("file", "discard")},
        **around.behind(cast, now),
    }
    steps = Steps(cast, timezone.now())  # the pages look at the clock, and an extension is asked for in time
    task = steps.doing(limit=Limit(5, "working_days"))
    later = steps.extension(task, timezone.localdate() + timedelta(days=60), by=cast.drafter)
    special |= {
        "tasks:people": [],
        "tasks:file": [1],
        "tasks:extension": [later.pk],
        "tasks:do": [task.pk, "report"],
        **{f"tasks:{name}": [task.pk] for name in ("detail", "edit", "print")},
    }
    of_a_paper = {name for name in DOORS if name.startswith("documents:") and "incoming" not in name} - {
        "documents:list", "documents:register", "documents:export_register", "documents:rules", "documents:new",
        "documents:people", "documents:bypasses", "documents:gaps", "documents:export_gaps",
        "documents:reserve_numbers", "documents:open_numbers", "documents:annulled",
        "documents:transmit", "documents:sources", "documents:from_word", "documents:drafts", "documents:stock",
        "documents:add_text",
        "documents:disclosure", "documents:export_disclosures",
        "documents:archives", "documents:file_many", "documents:export_catalogue", "documents:appraise",
        "documents:order_package",
    }  # fmt: skip
    found = {name: reverse(name, args=special.get(name, [document.pk] if name in of_a_paper else [])) for name in DOORS}
    return found | {"tasks:people": f"{found['tasks:people']}?picker=task_lead"}


@pytest.mark.parametrize("place", range(len(WHO)), ids=WHO)
def test_what_a_look_gives(addresses, cast, client, place):
    client.force_login(getattr(cast, WHO[place]))
    given = {name: looked_at(client, address) for name, address in addresses.items()}
    assert given == {name: expected[place] for name, expected in DOORS.items()}


@pytest.mark.parametrize("place", range(len(WHO)), ids=WHO)
def test_what_an_empty_deed_gives(addresses, cast, client, place):
    client.force_login(getattr(cast, WHO[place]))
    given = {name: client.post(addresses[name]).status_code for name in POSTS}
    assert given == {name: expected[place] for name, expected in POSTS.items()}


def test_nobody_gets_in_without_logging_in(addresses, client):
    given = {name: looked_at(client, address) for name, address in addresses.items()}
    assert given == {name: WITHOUT_LOGIN.get(name, LOGIN) for name in DOORS}
