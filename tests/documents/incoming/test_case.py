"""办文全程 of a paper in: its whole life with every station's times, each deed by a name, for who may see the paper."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from documents.incoming import register, reply, screen
from documents.incoming.screen import POINTS
from documents.keeping import case as out
from documents.keeping import intake, sheet
from documents.keeping.case_in import NAMES, IncomingCase
from documents.models import Hop, Incoming
from documents.paper.render import page_count
from officehub.audit.record import record
from officehub.people.models import Organ

QUERIES = 17


def told(incoming, now) -> list[tuple[str, str, str]]:
    entries = IncomingCase(incoming, now).entries
    return [(entry.part, entry.line.who, entry.line.verb) for entry in entries]


def test_the_life_of_a_paper_is_told_from_the_register_to_the_archive(steps, cast, now):
    Organ.objects.update(fonds_number="0101")
    incoming = steps.answered()
    steps_taken = now + timedelta(hours=1)
    reply.close(incoming, by=cast.clerk, now=steps_taken, retention="D30")
    intake.archive(Incoming.objects.get(), retention="D30", by=cast.archivist, now=steps_taken + timedelta(hours=1))
    lines = told(incoming, now)
    assert lines[-2:] == [("closing", cast.clerk.name, "办结归卷"), ("archive", cast.archivist.name, "归档")]
    assert sorted(lines[:-2]) == sorted(
        [
            ("entry", cast.clerk.name, "登记"),
            ("entry", cast.vetter.name, "初审，批办"),
            ("proposal", cast.vetter.name, "拟办"),
            ("proposal", cast.leader.name, "审定拟办意见，送批"),
            ("proposal", cast.mayor.name, "批示"),
            ("proposal", cast.mayor.name, "批示完毕"),
            ("work", cast.vetter.name, "分办"),
            ("work", cast.reader.name, "接办"),
            ("closing", cast.reader.name, "答复"),
        ]
    )


def test_every_station_has_its_in_and_out(steps, now):
    incoming = steps.circulating()
    steps.sign(incoming, "mayor", "请办公室阅办。", at=now + timedelta(hours=2))
    entries = [entry.line for entry in IncomingCase(incoming, now).entries if entry.line.verb == "传阅"]
    assert [(line.state, line.note) for line in entries] == [
        ("done", "2026-11-23 09:30 收，2026-11-23 11:30 送出"),
        ("now", "2026-11-23 11:30 收，尚在处理"),
    ]
    last = Hop.objects.get(state="open")
    steps.sign(incoming, "leader", "", at=now + timedelta(hours=3))
    ended = told(Incoming.objects.get(), now)[-2:]
    assert ended == [("reading", last.person.name, "传阅"), ("reading", last.person.name, "传阅完毕")]


def recorded() -> set[str]:
    """The verbs of every event that the source writes of a paper in."""
    found = set(Incoming.MOVES)
    room = Path(register.__file__).parent
    for path in [*room.glob("*.py"), room.parent / "keeping" / "freeze.py", room.parent / "keeping" / "appraisal.py"]:
        found |= set(re.findall(r'record\(\s*(?:\w+\.)?(?:incoming|held|paper), "(\w+)"', path.read_text("utf-8")))
    return found | {"note_progress", "note_part"}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_deed_has_a_name_in_either_language(language):
    verbs = recorded()
    assert {"register", "chase", "frozen", "appraised", "destroyed", "overdue", "archive"} <= verbs
    with translation.override(language):
        names = {verb: str(NAMES.get(verb, "")) for verb in verbs}
    assert [verb for verb, name in names.items() if not name] == []
    if language == "en":
        assert [name for name in names.values() if re.search("[\u4e00-\u9fff]", name)] == []


def test_a_deed_that_is_not_known_is_told_without_its_raw_name(steps, cast, now):
    incoming = steps.registered()
    with transaction.atomic():
        record(incoming, "blessed", by=cast.clerk, now=now, facts={"reason": "试试"})
    entry = IncomingCase(incoming, now).entries[-1]
    assert (entry.part, entry.line.verb, entry.line.opinion) == ("work", "其他记录", "试试")


def test_the_page_asks_no_more_for_a_long_life_and_turns_over_a_very_long_one(
    steps, cast, client, now, django_assert_num_queries, monkeypatch
):
    client.force_login(cast.clerk)
    monkeypatch.setattr(out, "MOST", 80)
    for number, events in enumerate((0, 95)):
        incoming = steps.registered(document_number=f"北政〔2026〕{number}号")
        with transaction.atomic():
            for turn in range(events):
                record(incoming, "chase", by=cast.clerk, now=now, facts={"people": [f"第{turn}人"], "words": ""})
        address = reverse("documents:incoming_case", args=[incoming.pk])
        client.get(address)
        with django_assert_num_queries(QUERIES):
            page = client.get(address)
    assert (len(page.context["entries"]), page.context["later"], page.context["earlier"]) == (80, 80, None)
    text = page.content.decode()
    assert ("全部展开" in text, text.count("beyond"), "较晚的" in text) == (True, 20, True)
    last = client.get(address, {"from": "80"})
    assert (len(last.context["entries"]), last.context["earlier"], last.context["later"]) == (16, 0, 0)
    for odd in ("-1", "x", "99999999999999999999", "96"):
        assert len(client.get(address, {"from": odd}).context["entries"]) == 80
    assert len(client.get(address, {"part": "entry"}).context["entries"]) == 1


def test_the_paper_leads_to_it_and_strangers_find_none(steps, cast, client, now):
    incoming = steps.registered(title="北湾县人民政府关于<b>渡口</b>的请示")
    address = reverse("documents:incoming_case", args=[incoming.pk])
    for who, status in ((cast.clerk, 200), (cast.vetter, 200), (cast.stranger, 404), (cast.sys_admin, 404)):
        client.force_login(who)
        assert client.get(address).status_code == status
    client.force_login(cast.clerk)
    assert address in client.get(reverse("documents:incoming_detail", args=[incoming.pk])).content.decode()
    page = client.get(address).content.decode()
    assert ("<b>渡口" in page, "&lt;b&gt;渡口" in page, "data-print" in page) == (False, True, True)
    assert page_count(sheet.case_sheet(incoming, now)) == 1


def test_a_returned_paper_ends_there(steps, cast, now):
    incoming = steps.registered()
    screen.return_(incoming, by=cast.vetter, now=now, reason="不属本机关职权", points=[*POINTS][:1])
    line = IncomingCase(incoming, now).entries[-1].line
    assert (line.state, line.verb, line.opinion) == ("returned", "退文", "不属本机关职权")


def test_a_station_that_had_the_paper_when_it_was_returned_is_still_told(steps, cast, now):
    incoming = steps.circulating()
    late = now + timedelta(hours=3)
    screen.return_(incoming, by=cast.vetter, now=late, reason="误送")
    lines = [entry.line for entry in IncomingCase(incoming, late).entries if entry.line.verb == "传阅"]
    assert [line.note for line in lines] == ["2026-11-23 09:30 收，2026-11-23 12:30 送出"]
