"""公文处理单, the receipt stamp and 退文单, as they come out on paper."""

import io
from datetime import timedelta

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from documents.incoming import paperwork, register, screen, uploads
from documents.models import Incoming
from documents.paper.process import RenderFailed, render_form
from tests.documents.incoming.conftest import entry


def words(pdf: bytes) -> tuple[int, str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        text = "".join(document[n].get_textpage().get_text_range() for n in range(len(document)))
        return len(document), "".join(text.split())
    finally:
        document.close()


def test_the_sheet_says_who_said_what_and_when(steps, cast, now):
    incoming = steps.answered(urgency="加急", chaser=cast.clerk)
    pages, text = words(paperwork.sheet(Incoming.objects.get(pk=incoming.pk), now))
    assert pages == 1
    for said in (
        *("海青市人民政府公文处理单", "北湾县人民政府", "北政〔2026〕7号", "收〔2026〕1号", "加急"),
        *(
            "拟请市财政局牵头办理。",
            "核稿员vetter2026年11月23日",
            "市长mayor2026年11月23日",
            "市财政局（主办）",
            "已拨付。",
        ),
        *("电话答复（县办）：已电话告知。", "催办人：收发员clerk"),
    ):
        assert said in text


def test_a_long_one_goes_on_to_a_further_sheet(steps, cast, now):
    incoming = steps.sent_to_leaders(leaders=("leader_in_charge", "mayor"))
    steps.sign(incoming, "leader_in_charge", "请财政局会同水利局认真研究。" * 90)
    pages, text = words(paperwork.sheet(Incoming.objects.get(pk=incoming.pk), now))
    assert (pages, "海青市人民政府公文处理单（续页）" in text) == (2, True)


def test_a_blank_one_is_one_page(cast):
    pages, text = words(paperwork.blank(cast.government))
    assert (pages, "领导批示" in text, "收〔" in text) == (1, True, False)


def test_the_return_slip_names_the_reason_and_what_fails(steps, cast, now):
    incoming = steps.registered()
    screen.return_(
        incoming, by=cast.vetter, now=now, reason="报告夹带请示事项", points=["ours", "form", "consulted", "other"]
    )
    pages, text = words(paperwork.returned(Incoming.objects.get()))
    assert (pages, "报告夹带请示事项" in text, "不符合：符合行文规则" in text, "2026年11月23日" in text) == (
        1,
        True,
        True,
        True,
    )


def test_the_stamp_stands_on_the_first_page(steps, cast, now):
    out = io.BytesIO()
    Image.new("RGB", (620, 877), "white").save(out, "PDF")
    file = uploads.take(SimpleUploadedFile("来文.pdf", out.getvalue()), by=cast.clerk, now=now)
    incoming = register.register(
        organ=cast.government, by=cast.clerk, now=now, fields=entry(now, copies=3), files=[file]
    )
    pages, text = words(paperwork.stamped(incoming))
    assert (pages, text) == (1, "市政府收文收〔2026〕1号2026年11月23日3份")


def test_a_paper_without_a_scan_gets_its_stamp_alone(steps):
    pages, text = words(paperwork.stamped(steps.registered(copies=2)))
    assert (pages, text) == (1, "市政府收文收〔2026〕1号2026年11月23日2份")


def test_the_reading_slip_has_every_station_with_its_times(steps, cast, now):
    incoming = steps.circulating(("mayor", "leader", "leader_in_charge"))
    steps.sign(incoming, "mayor", "请各科室阅。", at=now + timedelta(hours=2))
    pages, text = words(paperwork.reading_slip(Incoming.objects.get()))
    at, later = (f"{timezone.localtime(moment):%H:%M}" for moment in (now, now + timedelta(hours=2)))
    assert pages == 1
    for said in ("文件传阅单", "送达时间", "退回时间", f"11月23日{at}11月23日{later}请各科室阅。", f"11月23日{later}"):
        assert said in text
    assert paperwork.reading_slip(steps.registered(document_number="")) is None


def test_hostile_words_fetch_and_run_nothing(steps, now):
    hostile = '<img src="http://127.0.0.1:9/x"><script>alert(1)</script>'
    _pages, text = words(paperwork.sheet(steps.registered(title=hostile), now))
    assert "<imgsrc=" in text


def test_a_form_that_would_fetch_is_refused():
    with pytest.raises(RenderFailed, match="外部资源"):
        render_form('<img src="http://127.0.0.1:9/x">', "", {})


def test_the_doors_of_the_forms(client, steps, cast):
    incoming = steps.registered()
    address = lambda form: reverse("documents:incoming_print", args=[incoming.pk, form])  # noqa: E731
    client.force_login(cast.clerk)
    found = {form: client.get(address(form)).status_code for form in ("sheet", "stamp", "reading", "returned", "odd")}
    assert found == {"sheet": 200, "stamp": 200, "reading": 404, "returned": 404, "odd": 404}
    client.force_login(cast.stranger)
    assert client.get(address("sheet")).status_code == 404
