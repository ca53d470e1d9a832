"""An item is handed over or condemned, never both; and a paper in is archived once, however many press."""

from datetime import timedelta
from functools import partial

from documents.incoming import reply
from documents.keeping import appraisal, intake
from documents.keeping import package as packing
from documents.models import Appraisal, ArchivalItem, DestructionRegister, Incoming, Package, PackedItem
from officehub.approvals.decide import DecisionRefused
from officehub.audit.record import broken
from officehub.moves import TooLate
from officehub.people.models import Organ, Role, RoleHolding
from tests.documents.incoming.conftest import Steps
from tests.races.conftest import at_once

ROUNDS = 3


def begin(committed, now) -> Steps:
    RoleHolding.objects.create(person=committed.leader, role=Role.OFFICE_DIRECTOR)
    Organ.objects.filter(pk=committed.government.pk).update(fonds_number="0101")
    return Steps(committed, now)


def expired_item(steps: Steps, number: int, now) -> ArchivalItem:
    incoming = steps.registered(document_number=f"北政〔2026〕{number}号")
    return ArchivalItem.objects.create(
        incoming=incoming, fonds_number="0101", year=2026, retention="D10", office_code="BGS", item_number=number + 1,
        reference_code=f"0101-{number}", expires_on=now.date() - timedelta(days=1), manifest={}, at=now,
        by=steps.cast.archivist, frozen_at=now, digest="0" * 64,
    )  # fmt: skip


def test_an_item_is_handed_over_or_condemned(committed, now):
    steps, by = begin(committed, now), {"by": committed.archivist, "now": now}
    for number in range(ROUNDS):
        item = expired_item(steps, number, now)
        package = Package.objects.create(
            fonds_number="0101", year_from=2026, year_to=2026, state="done", sha256="0" * 64, total=1, at=now,
            by=committed.archivist,
        )  # fmt: skip
        PackedItem.objects.create(package=package, item=item, order=1)
        handing = partial(packing.hand_over, package, day=now.date(), receiver="市档案馆", **by)
        results = at_once(handing, partial(appraisal.propose, [item], reason="已无保存价值", **by))
        refused = [result for result in results if isinstance(result, (DecisionRefused, TooLate))]
        assert len(refused) == 1, results
        item.refresh_from_db()
        handed = item.state == ArchivalItem.State.TRANSFERRED
        assert handed is not Appraisal.objects.filter(item=item, open=True).exists()
        DestructionRegister.objects.filter(state="proposed").update(state="rejected")
        Appraisal.objects.update(open=False)
    assert list(broken()) == []


def test_two_archivists_file_a_paper_once(committed, now):
    steps = begin(committed, now)
    for number in range(ROUNDS):
        incoming = steps.answered(document_number=f"北政〔2026〕{number}号")
        reply.close(incoming, by=committed.clerk, now=now, retention="D30")
        other = Incoming.objects.select_related("organ").get(pk=incoming.pk)
        filing = [
            partial(intake.archive, one, retention="D30", by=committed.archivist, now=now) for one in (incoming, other)
        ]
        results = at_once(*filing)
        assert sorted(type(result).__name__ for result in results) == ["ArchivalItem", "TooLate"]
    codes = sorted(ArchivalItem.objects.values_list("item_number", flat=True))
    assert codes == list(range(1, ROUNDS + 1))
    assert list(broken()) == []
