"""我的常用语: added, worded anew, moved and deleted by whose they are."""

import pytest

from officehub.approvals.models import StockPhrase
from officehub.approvals.phrases import MOST, USUAL, PhraseRefused, keep, phrases_of


@pytest.fixture
def inside(cast, client):
    client.force_login(cast.head)
    return client


def texts(person) -> list[str]:
    return list(StockPhrase.objects.filter(person=person).values_list("text", flat=True))


def test_without_own_ones_the_usual_are_shown(inside):
    page = inside.get("/phrases/").content.decode()
    assert ([phrase in page for phrase in USUAL], "/phrases/1/" in page) == ([True] * len(USUAL), False)


def test_they_are_added_in_order_and_moved(inside, cast):
    for text in ("甲", "  乙  ", "丙"):
        inside.post("/phrases/", {"text": text})
    first, second, third = StockPhrase.objects.order_by("id")
    assert texts(cast.head) == ["甲", "乙", "丙"]
    inside.post(f"/phrases/{third.pk}/move/", {"to": "up"})
    assert texts(cast.head) == ["甲", "丙", "乙"]
    inside.post(f"/phrases/{first.pk}/move/", {"to": "down"})
    assert texts(cast.head) == ["丙", "甲", "乙"]
    inside.post(f"/phrases/{third.pk}/move/", {"to": "up"})
    inside.post(f"/phrases/{second.pk}/move/", {"to": "down"})
    assert texts(cast.head) == ["丙", "甲", "乙"] == phrases_of(cast.head)


def test_one_is_worded_anew_and_deleted(inside, cast):
    keep(cast.head, "甲")
    phrase = StockPhrase.objects.get(text="甲")
    inside.post(f"/phrases/{phrase.pk}/", {"text": "同意，请抓紧办理"})
    assert texts(cast.head) == [*USUAL, "同意，请抓紧办理"]
    inside.post(f"/phrases/{phrase.pk}/delete/")
    assert texts(cast.head) == list(USUAL)


REFUSED = [("", "请写明"), (" ", "请写明"), ("同意", "已有"), ("长" * 61, "60 个字"), ("同\x07意", "U+0007")]


@pytest.mark.parametrize(("text", "says"), REFUSED)
def test_what_cannot_be_kept_is_said_and_stays_typed(inside, cast, text, says):
    keep(cast.head, "甲")
    phrase = StockPhrase.objects.get(text="甲")
    for address in ("/phrases/", f"/phrases/{phrase.pk}/"):
        answer = inside.post(address, {"text": text})
        page = answer.content.decode()
        assert (answer.status_code, says in page, f'value="{text}"' in page) == (422, True, True)
    assert texts(cast.head) == [*USUAL, "甲"]


def test_what_no_database_keeps_is_refused_with_a_sentence(inside, cast):
    keep(cast.head, "甲")
    phrase = StockPhrase.objects.get(text="甲")
    for address in ("/phrases/", f"/phrases/{phrase.pk}/"):
        answer = inside.post(address, {"text": "同\x00意"})
        assert (answer.status_code, "不能印刷的字符 U+0000" in answer.content.decode()) == (422, True)
    with pytest.raises(PhraseRefused, match=r"U\+0000"):
        keep(cast.head, "同\x00意")
    assert texts(cast.head) == [*USUAL, "甲"]


def test_an_opinion_of_several_lines_is_kept_in_one(cast):
    keep(cast.head, "同意。\r\n请抓紧办理")
    assert texts(cast.head) == [*USUAL, "同意。 请抓紧办理"]


def test_the_same_words_may_be_saved_again(inside, cast):
    keep(cast.head, "甲")
    phrase = StockPhrase.objects.get(text="甲")
    assert inside.post(f"/phrases/{phrase.pk}/", {"text": "甲"}).status_code == 302


def test_there_is_an_end_to_them(inside, cast):
    StockPhrase.objects.bulk_create([StockPhrase(person=cast.head, text=f"第{n}条") for n in range(MOST)])
    assert f"最多 {MOST} 条" in inside.post("/phrases/", {"text": "又一条"}).content.decode()


@pytest.mark.parametrize("deed", ["", "move/", "delete/"])
def test_nobody_elses_are_touched(inside, cast, deed):
    phrase = StockPhrase.objects.create(person=cast.clerk, text="甲")
    assert inside.post(f"/phrases/{phrase.pk}/{deed}", {"text": "乙", "to": "up"}).status_code == 404
    assert texts(cast.clerk) == ["甲"]
