"""What the editor asks of each kind of paper, takes, refuses and keeps; and what the rules say of it on the screen."""

import re

import pytest
from django.urls import reverse

from documents import drafting
from documents.models import Document, Unsaved
from officehub.people.models import Organ
from tests.cast import NOTICE

LEAD, FINANCE, WATER = "海青市人民政府办公室", "海青市财政局", "海青市水利局"
SHAPE = {"layout": "", "masthead_form": "", "masthead": "", "ending": "sealed", "co_issuers": "", "co_signers": "",
         "stamp_office": "", "stamp_name": "", "present": "", "excused": "", "observers": ""}  # fmt: skip


@pytest.fixture
def bureaus(cast):
    for name, short in ((FINANCE, "市财政局"), (WATER, "市水利局")):
        Organ.objects.create(
            name=name, short_name=short, level="city", kind="department", superior=cast.government
        )  # fmt: skip


@pytest.fixture
def write(cast, now, client, bureaus):
    """A draft of the given fields, and its door: what is typed there, and where it is sent."""
    client.force_login(cast.drafter)

    class Draft:
        def __init__(self, **fields):
            self.paper = drafting.create(by=cast.drafter, now=now, organ=cast.office, fields={**NOTICE, **fields})

        def send(self, door="edit", **typed):
            self.paper.refresh_from_db()
            kept = {key: NOTICE[key] for key in ("title", "primary_recipients", "body", "disclosure")}
            said = {**kept, **SHAPE, "kind": self.paper.kind, "revision": self.paper.revision, **typed}
            answer = client.post(reverse(f"documents:{door}", args=[self.paper.pk]), said)
            self.paper.refresh_from_db()
            return answer

        def page(self) -> str:
            return client.get(reverse("documents:edit", args=[self.paper.pk])).content.decode()

    return Draft


def shown(page: str, field: str) -> bool:
    """Whether a field of the editor stands in no part that is hidden for this kind."""
    before = page[: page.index(f'name="{field}"')]
    parts = re.findall(r"<div[^>]*>|</div>", before)
    opened: list[str] = []
    for part in parts:
        if part == "</div>":
            opened.pop()
        else:
            opened.append(part)
    return not any(" hidden" in part for part in opened)


ASKED = {
    "通知": ("layout", "masthead_form", "ending", "co_issuers", "primary_recipients"),
    "决定": ("masthead_form", "ending", "co_issuers", "primary_recipients"),
    "请示": ("masthead_form", "ending", "co_issuers", "co_signers", "primary_recipients"),
    "议案": ("masthead_form", "ending", "stamp_office", "stamp_name", "primary_recipients"),
    "命令": ("masthead", "stamp_office", "stamp_name"),
    "纪要": ("masthead", "present", "excused", "observers"),
    "公报": (),
}


@pytest.mark.parametrize("kind", ASKED)
def test_a_kind_is_asked_for_what_it_has_and_for_nothing_else(write, kind):
    page = write(kind=kind, primary_recipients="").page()
    assert {field for field in (*SHAPE, "primary_recipients") if shown(page, field)} == set(ASKED[kind])


def test_only_the_endings_of_the_kind_can_be_chosen(write):
    options = re.findall(r'<option value="(\w+)"([^>]*)>', write(kind="决定").page().split('name="ending"')[1])[:4]
    assert {value for value, said in options if "disabled" not in said} == {"sealed", "unsealed", "unsigned"}
    assert 'value="stamp" data-kinds="命令 议案" hidden disabled' in write(kind="通知").page()


def test_three_organs_typed_by_lines_issue_one_paper(write):
    draft = write()
    assert draft.send(co_issuers=f"{FINANCE}\r\n {WATER}\r\n").status_code == 302
    paper = draft.paper.paper()
    assert paper.issuers == paper.signature_units == (LEAD, FINANCE, WATER)
    assert paper.masthead == f"{LEAD}、{FINANCE}、{WATER}文件"
    assert draft.paper.approval_facts()["issuers"] == [LEAD, FINANCE, WATER]
    assert f"{FINANCE}\n{WATER}</textarea>" in draft.page()
    draft.send(co_issuers=f"{FINANCE}\r\n{WATER}", masthead_form="lead")
    assert draft.paper.paper().masthead == f"{LEAD}文件"


def test_organs_of_the_same_level_are_offered_to_press(write, cast):
    page = write().page()
    offered = re.findall(r'data-fills="id_co_issuers" data-line data-words="([^"]+)"', page)
    assert offered == [WATER, FINANCE]  # not the government above, nor the province


def test_a_page_that_does_not_ask_leaves_the_organs_as_they_are(write, client):
    draft = write(
        issuers=[LEAD, FINANCE], masthead=f"{LEAD}、{FINANCE}文件", signature_units=["市政府办公室", "市财政局"]
    )
    before = dict(draft.paper.content)
    kept = {key: NOTICE[key] for key in ("kind", "title", "primary_recipients", "body", "disclosure")}
    client.post(reverse("documents:edit", args=[draft.paper.pk]), {**kept, "revision": 0})
    draft.paper.refresh_from_db()
    shape = ("issuers", "masthead", "signature_units")
    assert [draft.paper.content[name] for name in shape] == [before[name] for name in shape]


REFUSED = [
    ("通知", {"co_issuers": f"{FINANCE}\n{FINANCE}"}, f"“{FINANCE}”列了两次"),
    ("通知", {"co_issuers": LEAD}, f"“{LEAD}”列了两次"),
    ("通知", {"co_issuers": "局" * 61}, "超过60字"),
    ("通知", {"co_issuers": "\n".join(f"第{n}局" for n in range(20))}, "最多19个，现有20个"),
    ("请示", {"co_issuers": FINANCE, "co_signers": "李文、王平"}, "签发人多于其他发文机关"),
    ("命令", {"ending": "stamp", "stamp_office": "海青市市长"}, "签名章须有职务和姓名"),
    ("命令", {"ending": "stamp", "masthead": "海青市令"}, "应为发文机关全称加“令”或“命令”"),
    ("纪要", {"ending": "unsigned", "masthead": "专题会议"}, "纪要的标志应以“纪要”结尾"),
    ("通知", {"title": ""}, "请填写标题（只有命令可以没有标题）"),
    ("通知", {"ending": "signed"}, "ending"),
]


@pytest.mark.parametrize(("kind", "typed", "says"), REFUSED)
def test_what_does_not_go_together_is_refused_and_stays_typed(write, kind, typed, says):
    draft = write(kind=kind)
    answer = draft.send(**typed)
    page = answer.content.decode()
    assert (answer.status_code, draft.paper.revision) == (422, 0)
    assert says in page
    assert all(line in page for text in typed.values() for line in text.split("\n"))


def test_an_order_needs_no_title_and_no_recipients(write):
    draft = write(kind="命令")
    answer = draft.send(
        title="", primary_recipients="", ending="stamp", stamp_office="海青市市长", stamp_name="高远",
        masthead="海青市人民政府办公室令",
    )  # fmt: skip
    assert answer.status_code == 302
    paper = draft.paper.paper()
    assert (paper.title, paper.layout, paper.signature_stamp) == ("", "order", {"office": "海青市市长", "name": "高远"})
    assert (paper.signature_units, paper.seal) == ((), False)


def test_minutes_keep_who_was_there_with_their_offices(write):
    draft = write(kind="纪要")
    draft.send(
        ending="unsigned",
        present="高远（市水利局、市河长办）、李明\r\n王喆",
        excused="张堃",
        masthead="海青市专题会议纪要",
    )
    paper = draft.paper.paper()
    assert (paper.present, paper.excused) == (("高远（市水利局、市河长办）", "李明", "王喆"), ("张堃",))
    assert (paper.masthead, paper.layout) == ("海青市专题会议纪要", "minutes")
    assert "高远（市水利局、市河长办）、李明、王喆" in draft.page()


def test_a_notice_becomes_a_letter_and_a_request_does_not(write):
    draft = write()
    draft.send(layout="letter")
    assert draft.paper.paper().layout == "letter"
    said = draft.send("check", layout="letter", direction="upward").content.decode()
    assert "信函格式没有签发人的位置" in said
    assert 'data-sets="id_layout" data-value="general"' in said


def test_changing_the_kind_without_script_ends_the_paper_as_its_kind_does(write):
    draft = write()
    draft.send(kind="纪要", title="专题会议纪要")
    assert (draft.paper.paper().signature_units, draft.paper.paper().seal) == ((), False)
    draft.send(kind="通知", ending="unsigned")
    assert draft.paper.paper().signature_units == (LEAD,)


def test_the_rules_of_joint_issue_speak_while_one_types(write):
    draft = write()
    said = draft.send("check", co_issuers=f"{WATER}\n海青市人民政府").content.decode()
    assert "不是同级机关，不能联合行文" in said
    assert "海青市水利局不在本系统办文，请取得其负责人的纸质会签，编号时登记" in said
    assert "rules/#R24" in said
    assert "R24" not in draft.send("check").content.decode()


def test_what_is_typed_about_organs_is_kept_unsaved_and_comes_back(write):
    draft = write()
    draft.send("check", co_issuers=FINANCE, ending="unsealed")
    kept = Unsaved.objects.get()
    assert (kept.fields["co_issuers"], kept.fields["ending"]) == (FINANCE, "unsealed")
    page = draft.page()
    assert f"{FINANCE}</textarea>" in page
    assert '<option value="unsealed" data-kinds=' in page.replace(" selected", "")
    assert Document.objects.get().content["issuers"] == [LEAD]


def test_the_bureaus_that_must_agree_are_ticked_before_anybody_chooses(write, cast, client):
    Organ.objects.filter(name=FINANCE).update(short_name=cast.bureau.name)
    draft = write(issuers=[LEAD, FINANCE])
    page = client.get(reverse("documents:submit", args=[draft.paper.pk])).content.decode()
    boxes = re.findall(r'name="departments" value="(\d+)"[^>]*checked', page)
    assert boxes == [str(cast.bureau.pk)]


def test_an_upward_joint_paper_names_every_signer_once_it_is_signed(write, cast, now):
    draft = write(kind="请示", direction="upward")
    draft.send(co_issuers=FINANCE, co_signers="李文", primary_recipients="东岭省人民政府")
    assert draft.paper.paper().signers == ()
    draft.paper.signed_by, draft.paper.signed_at = cast.leader, now
    assert draft.paper.paper().signers == (cast.leader.name, "李文")


@pytest.mark.parametrize(("kind", "office"), [("命令", ""), ("公报", ""), ("通知", LEAD), ("纪要", LEAD)])
def test_what_is_published_begins_without_a_printing_office(cast, client, kind, office):
    client.force_login(cast.drafter)
    client.post(reverse("documents:new"), {"organ": cast.office.pk, "kind": kind, "start": ""})
    assert Document.objects.get().content.get("printing_office", "") == office
