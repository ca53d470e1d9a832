"""Every door of the papers' room, with something real behind it, tried by those who have no right to it: not logged in,
of another organ, a colleague, who saw the paper once, and who was only sent it. A door without an entry fails."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from documents import distribute, drafting, urls
from documents.consulting import rounds
from documents.incoming.register import register
from documents.models import (
    Annulment,
    ConsultationFile,
    DestructionRegister,
    IncomingFile,
    Package,
    SendingList,
    Series,
    StockText,
    Template,
)
from documents.numbers.reserve import reserve
from documents.sending import certify, recalling, widen
from documents.sending.whom import Whom
from officehub.approvals.models import Step
from officehub.files.keep import keep
from officehub.people.grants import Because, grant
from officehub.people.models import Role
from tests.cast import NOTICE, department, looked_at, organ, person
from tests.documents.incoming.conftest import entry
from tests.documents.sending.conftest import make_sealed

ONES_OWN = {  # pages that say to each no more than that one may know: `test_doors` says who gets them
    "list", "rules", "bypasses", "new", "from_word", "transmit", "sources", "drafts", "stock", "add_text", "register",
    "export_register", "gaps", "export_gaps", "reserve_numbers", "open_numbers", "annulled", "people",
    "sending_lists", "new_sending_list", "disclosure", "export_disclosures", "archives", "file_many",
    "export_catalogue", "appraise", "order_package", "incoming", "incoming_register", "incoming_export",
    "incoming_new", "incoming_twins", "incoming_upload", "incoming_blank",
}  # fmt: skip
SHUT = (404, 405)
SENT_TO = {  # what a look and an empty deed give to whom the paper was only sent
    "detail": (200, 405), "print_paper": (200, 405), "docx": (200, 405), "pdf": (200, 405), "progress": (200, 405),
    "copy": (405, 302), "acknowledge": (405, 302), "ask_widening": (200, 422),
}  # fmt: skip


def doors() -> dict[str, str]:
    return {pattern.name: str(pattern.pattern) for pattern in urls.urlpatterns}


@pytest.fixture
def paper(cast, now, monkeypatch):
    """A paper with a whole life: sent, certified, asked to go further, called back in part."""
    for module in ("documents.printing", "documents.distribute", "documents.sending.number_copies"):
        monkeypatch.setattr(f"{module}.enqueue", lambda job, *args: None)
    document = make_sealed(cast, now)
    order = distribute.distribute(
        document, departments=[cast.bureau], people=[cast.mayor, cast.head], by=cast.clerk, now=now
    )
    distribute.deliver(order.pk, now)
    document.refresh_from_db()
    return document


@pytest.fixture
def behind(cast, now, paper):
    """What is really behind each door: the arguments of its address."""
    by, clerk = {"by": cast.drafter, "now": now}, {"by": cast.clerk, "now": now}
    file = keep(ContentFile("一、燃煤".encode(), "清单.txt"), **clerk)
    order, draft = paper.distributions.get(), drafting.create(organ=cast.office, fields=NOTICE, **by)
    sent = rounds.open_round(draft, departments=[cast.bureau], **by)
    answered = ConsultationFile.objects.create(consultation=sent, stored=file)
    certified = certify.issue(order, **clerk)
    wider = widen.ask(paper, Whom([], [cast.vetter]), by=cast.reader, now=now, reason="须知悉")
    lines = [order.addressees.get(person=cast.head).pk]
    called = recalling.recall(paper, lines, reason="印错", due_at=now + timedelta(days=5), **clerk)
    void = Annulment.objects.create(
        document=paper, sort="repeal", effective_from=now.date(), decided_by=cast.office, reason="失效",
        by=cast.clerk, at=now, basis_number="海政办发〔2026〕9号", basis_title="关于废止的通知",
    )  # fmt: skip
    series, until = Series.objects.get(code="海政办函"), now.date() + timedelta(days=9)
    aside = reserve(series, count=1, holder="甲", reason="乙", until=until, by=cast.rechecker, now=now)
    packed = Package.objects.create(fonds_number="0102", year_from=2025, year_to=2026, by=cast.archivist, at=now)
    burnt = DestructionRegister.objects.create(
        fonds_number="0102", year=2026, serial=1, reason="期满", by=cast.archivist, at=now
    )
    incoming = register(organ=cast.office, fields=entry(now), **clerk)
    scan = IncomingFile.objects.create(stored=file, incoming=incoming, pages=1)
    waiting = IncomingFile.objects.create(stored=keep(ContentFile(b"x", "待登记.txt"), **clerk), pages=0)
    template = Template.objects.create(kind="通知", name="甲", fields={}, owner=cast.head, updated_at=now)
    phrase = StockText.objects.create(kind="", place="closing", text="甲", owner=cast.head)
    kept = SendingList.objects.create(name="市直", owner=cast.head, changed_at=now)
    further = {"round_pk": sent.pk, "deed": "extend", "consulted_pk": sent.asked.get().pk, "file_pk": answered.pk}
    own = {"step_pk": Step.objects.first().pk, "annulment_pk": void.pk, "sent_pk": order.pk, "name": "a.png"}
    absent = dict.fromkeys(("attached_pk", "import_pk", "concern_pk", "advice_pk", "copy_pk", "run_pk"), 1)
    of_paper = {"pk": paper.pk, "line_pk": lines[0], "number": 1, **own, **absent, **further}
    return {
        "<int:pk>/": of_paper,
        "<int:pk>/consultations/": {**of_paper, "pk": draft.pk},
        "<int:pk>/opinions/<int:consulted_pk>/": {**of_paper, "pk": draft.pk},
        "sheets/": {"token": "forged", "number": 1},
        "stock/texts/": {"pk": phrase.pk},
        "stock/<": {"key": f"t{template.pk}"},
        "consulted/": {"pk": sent.asked.get().pk, "file_pk": answered.pk},
        "register/": {"pk": aside.entries.get().pk},
        "widenings/": {"widening_pk": wider.pk},
        "certificates/": {"proof_pk": certified.pk},
        "recalls/": {"recall_pk": called.pk, "return_pk": called.returns.first().pk},
        "sending-lists/": {"list_pk": kept.pk},
        "archives/packages/": {"pk": packed.pk},
        "archives/destruction/": {"pk": burnt.pk},
        "in/": {"pk": incoming.pk, "deed": "screen", "form": "sheet", "file_pk": 1},
        "in/files/": {"pk": scan.pk, "number": 1},
        "in/uploads/": {"pk": waiting.pk},
    }


@pytest.fixture
def addresses(behind):
    """Every door with something behind it; one for which nothing is there, and which is not one's own, fails here."""
    found = {}
    for name, route in doors().items():
        if name not in ONES_OWN:
            begins = max((begin for begin in behind if route.startswith(begin)), key=len)
            wanted = [part.partition(":")[2].partition(">")[0] for part in route.split("<")[1:]]
            found[name] = reverse(f"documents:{name}", kwargs={one: behind[begins][one] for one in wanted})
    return found


def given(client, addresses) -> dict[str, tuple[int, int]]:
    return {name: (looked_at(client, at), client.post(at).status_code) for name, at in addresses.items()}


def test_one_s_own_pages_are_doors_still():
    assert set(doors()) >= ONES_OWN


@pytest.fixture
def strangers(cast, paper):
    """A clerk, archivist and director of another organ; a colleague; and one whose leave to see the paper is over."""
    other = organ("北湾县人民政府办公室", "县政府办", "county", "office", superior=cast.government)
    roles = [Role.REGISTRY_CLERK, Role.ARCHIVIST, Role.RECHECKER, Role.OFFICE_DIRECTOR, Role.DISCLOSURE_OFFICER]
    outsider = person("outsider", department(other, "秘书股"), "股长", True, roles)
    once = person("once", cast.other_section, "科员", False, [])
    grant(paper, [once], Because.EXCEPTION, until=timezone.now() - timedelta(minutes=1))
    return {"outsider": outsider, "colleague": cast.stranger, "once": once}


@pytest.mark.parametrize("who", ["outsider", "colleague", "once"])
def test_no_door_opens_to_who_has_no_right_to_it(strangers, addresses, client, who):
    client.force_login(strangers[who])
    found = given(client, addresses)
    assert {name: both for name, both in found.items() if not set(both) <= set(SHUT) or 404 not in both} == {}


def test_no_door_opens_without_logging_in(addresses, client):
    found = given(client, addresses)
    assert set(found.values()) == {(302, 302)}
    assert {client.get(at).url.partition("?")[0] for at in addresses.values()} == {reverse("login")}


def test_who_was_only_sent_a_paper_sees_the_paper_and_nothing_of_its_course(cast, addresses, client):
    client.force_login(cast.mayor)
    found = given(client, addresses)
    assert {name: both for name, both in found.items() if not set(both) <= set(SHUT)} == SENT_TO
