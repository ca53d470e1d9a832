"""Every door of the house and what each kind of person gets there. A door missing from the table fails the test."""

import pytest
from django.urls import URLPattern, get_resolver, reverse

from documents import drafting
from documents.incoming.circulate import start_reading
from documents.incoming.register import register
from documents.incoming.screen import POINTS, screen
from documents.models import Attached
from officehub.approvals.models import Step, StockPhrase
from officehub.inbox.hand_over import hand_over
from officehub.inbox.models import WorkItem
from officehub.people.models import Delegation
from tests.cast import NOTICE
from tests.documents.incoming.conftest import entry

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
    "documents:rules": BOTH,
    "documents:new": BOTH,
    "documents:sheet": (GONE, GONE, GONE, GONE),
    "documents:people": BOTH,
    "documents:detail": (OK, OK, GONE, GONE),
    "documents:course_picture": (OK, OK, GONE, GONE),
    "documents:edit": (409, GONE, GONE, GONE),
    "documents:check": (NO, NO, NO, NO),
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
    "documents:pdf": (GONE, GONE, GONE, GONE),
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
    "documents:incoming_print": (GONE, GONE, GONE, GONE),  # no scan to stamp
}
# The same for a POST with nothing in it, where a POST does something: strangers are told there is no such door.
POSTS = {
    "delegations": (422, 422, 422, GONE),
    "end_delegation": (GONE, GONE, GONE, GONE),
    "phrases": (422, 422, 422, GONE),
    "change_phrase": (GONE, 422, GONE, GONE),
    "move_phrase": (GONE, LOGIN, GONE, GONE),
    "delete_phrase": (GONE, LOGIN, GONE, GONE),
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
    "documents:number": (GONE, GONE, GONE, GONE),
    "documents:void_number": (GONE, GONE, GONE, GONE),
    "documents:print_again": (GONE, GONE, GONE, GONE),
    "documents:seal": (GONE, GONE, GONE, GONE),
    "documents:distribute": (GONE, GONE, GONE, GONE),
    "documents:acknowledge": (409, 409, GONE, GONE),
    "documents:archive": (GONE, GONE, GONE, GONE),
    "documents:incoming_new": (GONE, GONE, GONE, GONE),
    "documents:incoming_upload": (GONE, GONE, GONE, GONE),
    "documents:incoming_discard": (GONE, GONE, GONE, GONE),
    "documents:incoming_correct": (GONE, GONE, GONE, GONE),
    "documents:incoming_do": (GONE, 422, GONE, GONE),
    "documents:incoming_reply": (GONE, GONE, GONE, GONE),
}
WITHOUT_LOGIN = {"login": OK, "healthz": OK}
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
    drafting.submit(document, by=cast.drafter, now=now, chosen=[], reasons={})
    phrase = StockPhrase.objects.create(person=cast.head, text="拟同意")
    given = Delegation.objects.create(
        principal=cast.leader, delegate=cast.clerk, since=now.date(), until=now.date(), reason="出差"
    )
    incoming = register(organ=cast.office, by=cast.clerk, now=now, fields=entry(now))
    screen(incoming, by=cast.vetter, now=now, nature="for_information", points=list(POINTS))
    start_reading(incoming, by=cast.clerk, now=now, people=[cast.head], mode="in_order")
    proof = hand_over(cast.reader, cast.head, by=cast.sys_admin, now=now)
    special = {
        "handover": [proof.pk],
        "end_delegation": [given.pk],
        **{name: [phrase.pk] for name in ("change_phrase", "move_phrase", "delete_phrase")},
        "open_item": [WorkItem.objects.get(assignee=cast.head, verb="review").pk],
        "open_notice": [cast.head.notices.first().pk],
        "documents:sheet": ["forged", 1],
        "documents:decide": [document.pk, Step.objects.get().pk],
        "documents:have_back": [document.pk, Step.objects.get().pk],
        "documents:answer": [document.pk, 1],
        "documents:recall": [document.pk, 1],
        "documents:oversee": [document.pk, "suspend"],
        "documents:opinion_file": [document.pk, 1],
        "documents:attachment": [document.pk, attached.pk],
        "documents:detach": [document.pk, attached.pk],
        **{f"documents:incoming_{name}": [incoming.pk] for name in ("detail", "correct", "reply")},
        "documents:incoming_do": [incoming.pk, "read"],
        "documents:incoming_print": [incoming.pk, "stamp"],
        "documents:incoming_page": [1, 1],
        **{f"documents:incoming_{name}": [1] for name in ("file", "discard")},
    }
    of_a_paper = {name for name in DOORS if name.startswith("documents:") and "incoming" not in name} - {
        "documents:list", "documents:register", "documents:export_register", "documents:rules", "documents:new",
        "documents:people", "documents:bypasses",
    }  # fmt: skip
    return {name: reverse(name, args=special.get(name, [document.pk] if name in of_a_paper else [])) for name in DOORS}


@pytest.mark.parametrize("place", range(len(WHO)), ids=WHO)
def test_what_a_look_gives(addresses, cast, client, place):
    client.force_login(getattr(cast, WHO[place]))
    given = {name: client.get(address).status_code for name, address in addresses.items()}
    assert given == {name: expected[place] for name, expected in DOORS.items()}


@pytest.mark.parametrize("place", range(len(WHO)), ids=WHO)
def test_what_an_empty_deed_gives(addresses, cast, client, place):
    client.force_login(getattr(cast, WHO[place]))
    given = {name: client.post(addresses[name]).status_code for name in POSTS}
    assert given == {name: expected[place] for name, expected in POSTS.items()}


def test_nobody_gets_in_without_logging_in(addresses, client):
    given = {name: client.get(address).status_code for name, address in addresses.items()}
    assert given == {name: WITHOUT_LOGIN.get(name, LOGIN) for name in DOORS}
