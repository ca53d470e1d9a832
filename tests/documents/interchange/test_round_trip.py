import json
import random

import pytest

from documents.body import recognise, to_text
from documents.interchange import Refused, dump, parse

PIECES = [
    *("一、", "（一）", "1.", "（1）", "水利", "渠道", "张堃", "2026", "表题："),
    *("。", "，", "；", "|", "\\", "]", "[", "(图)", " ", "——", "---", "![", "]("),
]
ENDINGS = ("加强领导", "加强领导。", "水")


def text_of(chance, most=8):
    return "".join(chance.choice(PIECES) for _ in range(chance.randint(1, most))).strip() or "水利"


def block_of(chance):
    form = chance.choice(["heading", "paragraph", "paragraph", "table", "image"])
    if form == "heading":
        level = chance.randint(1, 4)
        return {
            "type": form,
            "level": level,
            "text": PIECES[level - 1] + chance.choice(ENDINGS),
        }
    if form == "paragraph":
        return {"type": form, "text": text_of(chance)}
    if form == "image":
        return {"type": form, "file": chance.choice(["map.png", "a/map(1).png"]), "caption": text_of(chance)}
    width = chance.randint(1, 3)
    rows = [[chance.choice(["", text_of(chance, 3)]) for _ in range(width)] for _ in range(chance.randint(1, 4))]
    return {
        "type": form,
        "rows": rows,
        "header": chance.random() < 0.5,
        "caption": chance.choice(["", text_of(chance)]),
    }


def paper_of(seed):
    chance = random.Random(seed)  # noqa: S311 - test data
    return parse(
        {
            "kind": "通知",
            "issuers": ["青岚市水利局"],
            "title": "关于冬修的通知",
            "body": [block_of(chance) for _ in range(chance.randint(1, 8))],
            "attachments": [{"title": "任务", "body": [block_of(chance)]}] if chance.random() < 0.5 else [],
            "primary_recipients": chance.choice(["", "各县（市、区）水利局"]),
            "seal": chance.choice([True, False]),
            "signers": chance.choice([[], ["高远", "李明"]]),
        }
    )


@pytest.mark.parametrize("seed", range(200))
def test_any_paper_is_read_back_the_same_as_json_and_as_text(seed):
    paper = paper_of(seed)
    assert parse(json.loads(json.dumps(dump(paper)))) == paper
    assert recognise(to_text(paper.body)) == paper.body


@pytest.mark.parametrize(
    ("level", "text", "hint"),
    [
        (1, "总体要求", "“一、加强领导”"),
        (2, "一、总体要求", "“（一）加强领导”"),
        (3, "（1）逐户登记", "“1.加强领导”"),
        (1, "一、加强领导。各地要压实责任。", "句中不用句号"),
        (4, "（1）各地要落实；", "末尾不用"),
    ],
)
def test_a_heading_that_its_text_would_not_show_is_refused_with_what_to_write(level, text, hint):
    block = {"type": "heading", "level": level, "text": text}
    with pytest.raises(Refused) as refused:
        parse({"kind": "通知", "issuers": ["青岚市水利局"], "title": "关于冬修的通知", "body": [block]})
    (error,) = refused.value.errors
    assert (error.field, hint in error.message) == ("body[0].text", True)


@pytest.mark.parametrize("text", ["\\一、总则", "\\|甲|", "\\![图](a.png)"])
def test_a_line_marked_as_plain_is_a_paragraph_of_what_follows_the_mark(text):
    (block,) = recognise(text)
    assert (block.type, block.level, block.text, to_text((block,))) == ("paragraph", 0, text[1:], text)
