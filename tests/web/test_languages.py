"""The house in English: what is in the catalogue is complete, compiled, and shown to who chose it."""

import gettext
import html
import re
from itertools import chain

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.html import strip_tags
from pytest_django.asserts import assertContains

from documents import drafting
from documents.models import Document
from documents.stock.texts import built_in
from officehub.approvals import halt, hand_on
from officehub.approvals.models import Advice, Bypass, Permit, Stage, Step
from officehub.approvals.phrases import RETURNING, USUAL
from officehub.inbox.delegating import delegate
from officehub.inbox.hand_over import hand_over
from officehub.inbox.models import Reminder, ReminderRule, WorkItem
from officehub.people.models import Delegation, Department, Organ, Person, Role, RoleHolding
from tests.approvals.conftest import agree, open_step, route, submitted  # noqa: F401  fixtures
from tests.cast import NOTICE

CATALOGUE = settings.LOCALE_PATHS[0] / "en" / "LC_MESSAGES" / "django.po"


def entries():
    """Each entry's context and source, and its translations, unquoted and joined."""
    for block in CATALOGUE.read_text().split("\n\n")[1:]:
        parts = re.split(r"^(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?) ", block, flags=re.MULTILINE)[1:]
        said = {key: "".join(re.findall(r'"(.*)"', text)) for key, text in zip(parts[::2], parts[1::2], strict=True)}
        yield (said.get("msgctxt", ""), said["msgid"]), [text for key, text in said.items() if key.startswith("msgstr")]


def plain(text):
    return text.replace('\\"', '"')


def gaps(text):
    return set(re.findall(r"%\(\w+\)s", text))


def test_every_sentence_is_translated_with_the_same_gaps():
    faulty = [key for key, said in entries() if not all(text and gaps(text) == gaps(key[1]) for text in said)]
    assert faulty == []


def test_no_sentence_is_translated_twice():
    keys = [key for key, _said in entries()]
    assert len(keys) == len(set(keys))


def test_the_compiled_catalogue_is_the_written_one():
    with CATALOGUE.with_suffix(".mo").open("rb") as compiled:
        spoken = gettext.GNUTranslations(compiled)
    stale = [key for key, said in entries() if len(said) == 1 and compiled_of(spoken, *key) != plain(said[0])]
    assert stale == []


def compiled_of(spoken: gettext.GNUTranslations, context: str, source: str) -> str:
    return spoken.pgettext(context, plain(source)) if context else spoken.gettext(plain(source))


def test_who_chose_english_is_greeted_in_english(client, person, room):
    client.force_login(person)
    client.post("/profile/", {"phone": "", "language": "en"})
    response = client.get("/")
    assertContains(response, '<html lang="en"')
    assertContains(response, "Nothing is waiting for you.")


# --- the screens: nothing in Chinese but what the office itself wrote ----------------------------------------------

WRITTEN = {  # what stays as it was written, whatever the reader's language
    Organ: ["name", "short_name"],
    Department: ["name"],
    Person: ["name", "title"],
    Document: ["title"],
    Stage: ["name"],
    Step: ["opinion"],
    Advice: ["question", "answer"],
    Bypass: ["reason"],
    Delegation: ["reason"],
}
ASIDE = (  # the paper itself, what its rules say, what is no text, what is typed
    r'<article class="sheet as-text".*?</article>|<li class="finding .*?</li>|<script.*?</script>|<title>.*?</title>'
    r'|<textarea.*?</textarea>|<span class="brand-mark".*?</span>'
)
SPOKEN = r'(?:aria-label|placeholder|title|alt|data-label)="([^"]*)"'


def written() -> set[str]:
    """The office's own words, the phrases it signs with, and translations that quote a word of a paper."""
    named = [model.objects.values_list(name, flat=True) for model, names in WRITTEN.items() for name in names]
    quoted = {plain(text) for _key, said in entries() for text in said if "%(" not in text}
    shipped = {phrase["text"] for phrase in built_in()}
    return {
        text for text in {*chain(*named), *quoted, *shipped, *USUAL, *RETURNING} if re.search("[\u4e00-\u9fff]", text)
    }


def chinese_on(page: str, *known: str) -> list[str]:
    """What of a page is still in Chinese beside what is written so."""
    shown = re.sub(ASIDE, "", page, flags=re.DOTALL)
    text = html.unescape("\n".join([strip_tags(shown), *re.findall(SPOKEN, shown)]))
    for own in sorted({*written(), *known}, key=len, reverse=True):
        text = text.replace(own, "")
    return re.findall(".*[\u4e00-\u9fff].*", text)


@pytest.fixture
def english(client):
    """The page at an address as somebody sees it who chose English."""

    def seen(who, address: str, *known: str) -> list[str]:
        client.force_login(who)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        response = client.get(address)
        assert (response.status_code, 'lang="en"' in response.content.decode()) == (200, True)
        return chinese_on(response.content.decode(), *known)

    return seen


def page_of(document, name="detail") -> str:
    return reverse(f"documents:{name}", args=[document.pk])


@pytest.fixture
def everything(cast, route, submitted):  # noqa: F811
    """A paper with the head and the vetter, where everything is permitted; a countersignature and a leader follow."""
    countersigning = {"who": "chosen_heads", "verb": "countersign", "mode": "all", "permits": Permit.values}
    route(
        {"person": cast.head, "permits": Permit.values, "after_return": "choice"},
        {"person": cast.vetter, "verb": "vet", "permits": Permit.values, "dissent": "record", "after_return": "steps"},
        countersigning,
        {"person": cast.leader, "verb": "sign_off", "mode": "ratio", "condition": [{"fact": "kind", "is": "函"}]},
        {"person": cast.leader, "verb": "sign_off", "permits": Permit.values},
    )
    return submitted(chosen=[cast.bureau.pk])


def test_the_decision_in_english(cast, everything, english, agree, now):  # noqa: F811
    assert english(cast.head, page_of(everything)) == []
    agree(everything, cast.head)
    assert english(cast.head, page_of(everything)) == []  # it may be taken back
    assert english(cast.vetter, page_of(everything)) == []
    Document.objects.filter(pk=everything.pk).update(drafter=cast.vetter)
    assert english(cast.vetter, page_of(everything)) == []  # duties that fall together


def test_a_step_in_others_hands_in_english(cast, everything, english, now):
    step, seen = open_step(everything, cast.head), everything.approval_hash()
    hand_on.consult(step, [cast.reader], by=cast.head, now=now, seen=seen, question="费用")
    assert english(cast.reader, page_of(everything)) == []
    hand_on.add_signers(step, [cast.clerk], before=True, by=cast.head, now=now, seen=seen, reason="请先核")
    for who in (cast.head, cast.clerk, cast.drafter):
        assert english(who, page_of(everything), "请先核") == []


def test_what_befell_a_paper_in_english(cast, everything, english, client, agree, now):  # noqa: F811
    reason = "费用没有列明"
    step = open_step(everything, cast.head)
    hand_on.assist(step, cast.reader, by=cast.head, now=now, seen=everything.approval_hash(), question="费用")
    assert english(cast.head, page_of(everything)) == []
    hand_on.answer(Advice.objects.get(), by=cast.reader, now=now, seen=everything.approval_hash(), text="可行")
    hand_on.transfer(open_step(everything, cast.head), cast.rechecker, by=cast.head, now=now,
                     seen=everything.approval_hash(), reason=reason)  # fmt: skip
    agree(everything, cast.rechecker)
    halt.chase(everything, by=cast.drafter, now=now)
    RoleHolding.objects.create(person=cast.clerk, role=Role.OFFICE_DIRECTOR)
    assert english(cast.drafter, page_of(everything)) == []
    halt.suspend(everything, by=Person.objects.get(pk=cast.clerk.pk), now=now, reason=reason)
    for name in ("detail", "course_picture"):
        assert english(cast.drafter, page_of(everything, name), reason) == []


def test_the_picture_in_english(cast, everything, english, client, agree, now):  # noqa: F811
    assert english(cast.drafter, page_of(everything, "course_picture")) == []
    for signer in (cast.head, cast.vetter):
        agree(everything, signer, reason=True, content=True, consultation=True, form=True, other=True)
    assert english(cast.drafter, page_of(everything, "course_picture")) == []
    client.force_login(cast.countersigner)
    step = open_step(everything, cast.countersigner)
    returned = {"decision": "return", "seen": everything.approval_hash(), "reason": "请补充测算", "to": ""}
    assert client.post(reverse("documents:decide", args=[everything.pk, step.pk]), returned).status_code == 302
    for name in ("course_picture", "detail", "submit"):
        assert english(cast.drafter, page_of(everything, name)) == []


def test_submitting_in_english(cast, route, english, client, now):  # noqa: F811
    route(
        {"who": "sender", "mode": "all", "candidates": [cast.vetter, cast.clerk]},
        {"who": "drafting_head", "limit_value": 1},
        {"person": cast.head, "condition": [{"fact": "amount", "at_least": 500}, {"fact": "important", "is": True}]},
        {"person": cast.drafter, "verb": "sign_off"},
    )
    document = drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE)
    people = "&".join(f"people_{Stage.objects.get(who='sender').pk}={one.pk}" for one in (cast.vetter, cast.clerk))
    assert english(cast.drafter, page_of(document, "submit")) == []
    assert english(cast.drafter, page_of(document, "edit")) == []
    foreseen = client.get(f"{page_of(document, 'simulate')}?{people}").content.decode()
    assert ("only when: Amount at least" in foreseen, chinese_on(foreseen)) == (True, [])


def test_delegations_and_phrases_in_english(cast, english, now):
    today = now.date()
    given = Delegation(principal=cast.leader, delegate=cast.head, since=today, until=today, reason="出差", kinds=["函"])
    delegate(given, by=cast.leader, now=now)
    for address in ("delegations", "phrases", "profile"):
        assert english(cast.leader, reverse(address), "简体中文") == []
    assert english(cast.head, f"{reverse('delegations')}?tab=held") == []


def test_the_report_of_bypasses_in_english(cast, everything, english, now):
    step = open_step(everything, cast.head)
    kept = {"rule": "R30", "what": "核稿人与签发人为同一人", "reason": "只有一人在岗"}
    Bypass.objects.create(step=step, by=cast.head, at=now, **kept)
    assert english(cast.leader, reverse("documents:bypasses")) == []


def test_an_escalation_in_english(cast, everything, english, now):
    item = WorkItem.objects.filter(due_at__isnull=False).first()
    facts = {"rule": ReminderRule.objects.get(offset=3), "recipient": cast.clerk, "moment": now, "planned_at": now}
    told = Reminder.objects.create(item=item, state="sent", settled_at=now, **facts)
    assert english(cast.clerk, reverse("reminder", args=[told.pk]), "督查催办") == []


def test_the_certificate_of_a_hand_over_in_english(cast, everything, english, now):
    proof = hand_over(cast.head, cast.stranger, by=cast.sys_admin, now=now, reason="调出")
    assert english(cast.stranger, reverse("handover", args=[proof.pk]), "调出", proof.number) == []
