"""Numbered copies: one for each addressee, numbered once, made once, and handed to nobody else."""

import hashlib
import io
import zipfile
from datetime import timedelta

import pypdfium2
import pytest
from django.urls import reverse

from documents import distribute
from documents.models import Addressee, Copy, CopyRun, Document
from documents.paper import process
from documents.printing import NotStored
from documents.sending import copies, failed_copies, further, number_copies, scope
from documents.sending.whom import Whom
from officehub.approvals.decide import DecisionRefused
from officehub.inbox.hand_over import hand_over
from officehub.moves import events_of
from tests.cast import department, person


@pytest.fixture
def numbered(cast, now, sealed):
    people = [cast.stranger, cast.vetter]
    sent = distribute.distribute(
        sealed, departments=[cast.bureau], people=people, by=cast.clerk, now=now, first_number=5
    )
    assert number_copies.make(sent.copy_run.pk, now)
    return sent


def test_every_addressee_has_a_number_and_a_name(numbered, sealed, cast):
    rows = sealed.copies.order_by("number").values_list("number", "name", "held_by__username")
    assert list(rows) == [
        (5, "受文单位：市财政局", None),
        (6, f"受文人：{cast.stranger.name}", "stranger"),
        (7, f"受文人：{cast.vetter.name}", "vetter"),
    ]
    run = CopyRun.objects.get()
    assert (run.state, run.made, run.total, run.percent) == ("done", 3, 3, 100)
    for copy in sealed.copies.select_related("run"):
        assert hashlib.sha256(copies.assembled(copy)).hexdigest() == copy.sha256
    assert events_of(sealed).get(verb="number_copies").facts == {"first": "000005", "last": "000007", "copies": 3}


def test_they_are_delivered_when_they_are_made_and_not_before(cast, now, sealed):
    sent = distribute.distribute(sealed, departments=[cast.bureau], people=[], by=cast.clerk, now=now, first_number=1)
    assert not distribute.deliver(sent.pk, now)
    assert number_copies.make(sent.copy_run.pk, now)
    assert not number_copies.make(sent.copy_run.pk, now)
    assert distribute.deliver(sent.pk, now)


def test_numbers_go_on_and_are_given_once(cast, now, sealed, numbered):
    assert number_copies.next_number(sealed) == 8
    scope.register(sealed, Whom([], [cast.head, cast.leader]), "widened", cast.clerk, now)
    with pytest.raises(DecisionRefused, match="份号000007已经用过，请从000008起编"):
        further.further(sealed, Whom([], [cast.head]), by=cast.clerk, now=now, first_number=7)
    assert not Addressee.objects.filter(person=cast.head).exists()
    more = further.further(sealed, Whom([], [cast.head]), by=cast.clerk, now=now, first_number=8)
    assert more.copy_run.copies.get().number == 8


def test_a_number_has_six_digits(cast, now, sealed):
    with pytest.raises(DecisionRefused, match="六位数"):
        distribute.distribute(
            sealed, departments=[cast.bureau], people=[cast.head], by=cast.clerk, now=now, first_number=999_999
        )
    sealed.refresh_from_db()
    assert sealed.state == "sealed"


def test_a_name_that_cannot_be_printed_is_refused_before_anything_happens(cast, now, sealed):
    from documents.paper.copies import lacking

    absent = next(chr(code) for code in range(0x2B740, 0x2CEB0) if lacking(chr(code)))
    who = person("rare", cast.other_section, "科员", False, [])
    type(who).objects.filter(pk=who.pk).update(name=f"张{absent}")
    who.refresh_from_db()
    with pytest.raises(DecisionRefused, match=f"“张{absent}”中的“{absent}”"):
        distribute.distribute(sealed, departments=[], people=[who], by=cast.clerk, now=now, first_number=1)
    assert not Copy.objects.exists()


def test_the_name_of_another_organs_department_is_told_apart(cast, now, sealed):
    other = department(cast.province, "办公室")
    person("theirs", other, "主任", True, [])
    sent = distribute.distribute(sealed, departments=[other], people=[], by=cast.clerk, now=now, first_number=1)
    assert sent.copy_run.copies.get().name == "受文单位：省政府办公室"


def test_a_copy_is_for_its_addressee_alone(cast, numbered, sealed):
    assert copies.copy_of(sealed, cast.stranger).number == 6
    assert copies.copy_of(sealed, cast.countersigner).number == 5  # of the bureau
    assert copies.copy_of(sealed, cast.head) is None


def test_the_printer_gets_all_of_them(numbered, sealed):
    whole = b"".join(copies.zipped(CopyRun.objects.get()))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == "000005 市财政局.pdf"
        digests = [hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()]
    assert digests == list(sealed.copies.order_by("number").values_list("sha256", flat=True))


def pictures(pdf: bytes) -> int:
    """How many pictures lie on the first page."""
    with pypdfium2.PdfDocument(pdf) as opened:
        return sum(one.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE for one in opened[0].get_objects())


def test_the_copies_of_a_void_paper_say_so_and_stay_as_they_were_made(cast, now, numbered, sealed, client):
    Document.objects.filter(pk=sealed.pk).update(annulled="revoked", annulled_from=now.date())
    distribute.deliver(numbered.pk, now)
    copy, run = sealed.copies.get(number=6), CopyRun.objects.get()
    client.force_login(cast.stranger)
    fetched = client.get(reverse("documents:copy_pdf", args=[sealed.pk, copy.pk])).getvalue()
    assert fetched != copies.assembled(copy)
    assert events_of(sealed).filter(verb="download").last().facts["stamp"] == "已撤销"
    client.force_login(cast.clerk)
    whole = client.get(reverse("documents:copies_zip", args=[sealed.pk, run.pk])).getvalue()
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        zipped = [archive.read(name) for name in archive.namelist()]
    assert [pictures(pdf) for pdf in (fetched, *zipped)] == [pictures(copies.assembled(copy)) + 1] * 4
    for kept in sealed.copies.select_related("run"):
        assert hashlib.sha256(copies.assembled(kept)).hexdigest() == kept.sha256


def test_a_copy_whose_bytes_were_changed_is_not_handed_out(numbered, sealed):
    copy = sealed.copies.select_related("run").first()
    copy.addition = bytes(copy.addition).replace(b"BT", b"ET")
    with pytest.raises(NotStored, match="校验值"):
        copies.assembled(copy)
    CopyRun.objects.update(template_sha256="0" * 64)
    with pytest.raises(NotStored, match="底版"):
        copies.assembled(sealed.copies.select_related("run").first())


def test_a_run_that_cannot_be_drawn_says_why_and_can_be_taken_up(cast, now, sealed, monkeypatch):
    sent = distribute.distribute(sealed, departments=[cast.bureau], people=[], by=cast.clerk, now=now, first_number=1)

    def broken(*args, **kwargs):
        raise process.RenderFailed("排版进程意外中止")

    with monkeypatch.context() as patched:
        patched.setattr("documents.paper.copies.template_safely", broken)
        for _turn in range(3):
            assert not number_copies.make(sent.copy_run.pk, now)
    run = CopyRun.objects.get()
    assert (run.state, run.error) == ("failed", "排版进程意外中止")
    failed_copies.retry(run, by=cast.clerk, now=now)
    assert number_copies.make(run.pk, now + timedelta(hours=1))


def test_who_leaves_hands_the_copies_held_on(cast, now, numbered, sealed):
    distribute.deliver(numbered.pk, now)
    proof = hand_over(cast.stranger, cast.head, by=cast.sys_admin, now=now)
    assert proof.counts["copy"] == 1
    copy = sealed.copies.get(number=6)
    assert copy.held_by == cast.head
    assert copies.copy_of(sealed, cast.head) == copy
    line = Addressee.objects.get(person=cast.stranger)
    assert line.stand_in == cast.head
    from documents import receive

    receive.acknowledge(sealed, cast.head, now)
    line.refresh_from_db()
    assert (line.acknowledged_by, line.acknowledged_at) == (cast.head, now)


def test_a_template_that_says_something_else_than_the_original_is_refused(cast, now, sealed):
    """As when a font or a program changed since the original was printed."""
    sent = distribute.distribute(sealed, departments=[cast.bureau], people=[], by=cast.clerk, now=now, first_number=1)
    original = sealed.renditions.get(purpose="original")
    original.source["body"] = original.source["body"].replace("备足燃料", "备足柴草")
    original.save()
    assert not number_copies.make(sent.copy_run.pk, now)
    assert "与正本的版面不一致" in CopyRun.objects.get().error
    with original.pdf.open("rb+") as file:
        file.write(b"%PDF-0.0")
    assert not number_copies.make(sent.copy_run.pk, now)
    assert "与登记的校验值不符" in CopyRun.objects.get().error


def test_who_reads_a_departments_copy_gets_that_copy(cast, now, numbered, sealed):
    below = department(cast.government, "预算科", parent=cast.bureau)
    inner = person("inner", below, "科员", False, [])
    distribute.deliver(numbered.pk, now)
    line = Addressee.objects.get(department=cast.bureau)
    further.pass_on(line, [inner], by=cast.reader, now=now)
    assert copies.copy_of(sealed, inner).number == 5
