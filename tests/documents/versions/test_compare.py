"""Two versions compared: elements in words, paragraphs aligned, moved ones found, tables cell by cell."""

import random
from time import perf_counter

from documents.interchange import dump, parse
from documents.versions.compare import compare, text_of
from documents.versions.letters import after, before
from tests.cast import NOTICE

BODY = NOTICE["body"]


def kept(facts=None, files=(), **fields) -> dict:
    paper = dump(parse({**NOTICE, **fields}))
    return {"paper": paper, "facts": facts or {}, "files": list(files)}


def sorts(old: str, new: str) -> list[str]:
    found = compare(kept(body=old), kept(body=new))
    for change in found.blocks:
        if change.sort not in ("left",):
            assert (before(change.pieces), after(change.pieces)) == (text_of(change.old), text_of(change.new))
    return [change.sort for change in found.blocks]


def test_the_same_is_the_same():
    found = compare(kept(), kept())
    assert (found.same, {change.sort for change in found.blocks}) == (True, {"kept"})


def test_elements_are_told_in_words():
    found = compare(
        kept(primary_recipients="各县人民政府，市政府各部门", urgency="加急", facts={"amount": "120"}),
        kept(primary_recipients="各县人民政府，市财政局", disclosure="依申请公开", facts={"important": True}),
    )
    told = {field.name: (field.label, field.old, field.new) for field in found.fields}
    assert told["urgency"] == ("紧急程度", "加急", "")
    assert told["disclosure"] == ("公开属性", "主动公开", "依申请公开")
    assert told["important"] == ("重要公文", "否", "是")
    assert told["amount"] == ("金额（万元）", "120", "")
    [recipients] = [field for field in found.fields if field.name == "primary_recipients"]
    assert (recipients.came, recipients.gone) == (("市财政局",), ("市政府各部门",))


def test_a_paragraph_changed_in_its_place():
    assert sorts(BODY, BODY.replace("12月5日", "12月15日")) == ["kept", "kept", "changed", "kept", "kept"]


def test_paragraphs_come_and_go():
    assert sorts("甲方负责供热。\n乙方负责供水。", "甲方负责供热。") == ["kept", "gone"]
    assert sorts("甲方负责供热。", "总体要求如下。\n甲方负责供热。") == ["new", "kept"]


def test_a_paragraph_put_elsewhere_was_moved():
    one, two, three = "各供热单位应备足燃料。", "供热期内实行昼夜值班制度。", "市住建局每周通报一次进度。"
    found = compare(kept(body="\n".join((one, two, three))), kept(body="\n".join((three, one, two))))
    moved = {change.sort: change for change in found.blocks if change.sort != "kept"}
    assert (moved["moved"].place, moved["moved"].other) == (1, 3)
    assert (moved["left"].place, moved["left"].other) == (3, 1)


def test_a_moved_paragraph_may_be_changed_as_well():
    one, two = "各供热单位应备足燃料，做好储备。", "供热期内实行昼夜值班制度，落实领导带班。"
    other = "\n".join(f"第{n}项工作由第{n}个部门牵头落实。" for n in range(5))
    found = compare(kept(body=f"{one}\n{two}\n{other}"), kept(body=f"{two}\n{other}\n{one[:-1]}工作。"))
    [moved] = [change for change in found.blocks if change.sort == "moved"]
    assert after(moved.pieces).endswith("储备工作。")


def test_numbering_anew_is_a_change_of_the_number_alone():
    found = compare(kept(body="一、备足燃料\n二、加强值守"), kept(body="一、总体要求\n二、备足燃料\n三、加强值守"))
    assert [change.sort for change in found.blocks] == ["new", "changed", "changed"]
    assert before(found.blocks[1].pieces) == "一、备足燃料"


def test_a_heading_of_another_level_says_so():
    [change] = compare(kept(body="一、备足燃料"), kept(body="（一）备足燃料")).blocks
    assert (change.sort, change.level_changed) == ("changed", True)


TABLE = "情况如下。\n| 部门 | 周期 |\n| --- | --- |\n| 市财政局 | 每月 |\n| 市水利局 | 每日 |"


def cells(old: str, new: str) -> list[tuple[str, list[str]]]:
    found = compare(kept(body=old), kept(body=new))
    [table] = [change for change in found.blocks if change.rows]
    return [(row.sort, ["".join(f"{p.sort}:{p.text}" for p in cell) for cell in row.cells]) for row in table.rows]


def test_tables_cell_by_cell():
    assert cells(TABLE, TABLE.replace("每月", "每周"))[1] == ("changed", ["kept:市财政局", "kept:每gone:月new:周"])


def test_rows_come_and_go():
    found = cells(TABLE, TABLE.replace("| 市水利局 | 每日 |", "| 市水利局 | 每日 |\n| 市住建局 | 每季 |"))
    assert [sort for sort, _ in found] == ["kept", "kept", "kept", "new"]


def test_a_new_column_is_found_by_its_head():
    wider = (
        "情况如下。\n| 部门 | 责任人 | 周期 |\n| --- | --- | --- |\n| 市财政局 | 甲 | 每月 |\n| 市水利局 | 乙 | 每日 |"
    )
    assert cells(TABLE, wider)[1] == ("changed", ["kept:市财政局", "new:甲", "kept:每月"])


def test_attachments_each():
    old = kept(
        attachments=[{"title": "储备清单", "body": "燃煤一万吨。"}, {"title": "分工表", "body": "市住建局牵头。"}]
    )
    new = kept(attachments=[{"title": "分工表", "body": "市财政局牵头。"}, {"title": "值班表", "file": "zhiban.pdf"}])
    told = [(one.sort, one.place, one.moved_from) for one in compare(old, new).attachments]
    assert told[0][0] in ("gone", "changed")
    assert ("changed", 1, 0) in told or ("changed", 1, 2) in told


def test_a_file_in_anothers_place_is_told_with_its_size():
    files = [
        {"title": "表", "name": "表.pdf", "size": size, "sha256": sha * 64} for size, sha in ((10, "a"), (20, "b"))
    ]
    old = kept(files=files[:1], attachments=[{"title": "表", "file": "a" * 16 + ".pdf"}])
    new = kept(files=files[1:], attachments=[{"title": "表", "file": "b" * 16 + ".pdf"}])
    [one] = compare(old, new).changed_attachments
    assert ("10 字节" in one.file, "20 字节" in one.file) == (True, True)


def test_twenty_thousand_characters_in_reasonable_time():
    chance = random.Random(7)  # noqa: S311  made-up prose
    letters = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而"
    paragraphs = ["".join(chance.choices(letters, k=200)) + "。" for _ in range(100)]
    changed = [text[:50] + "新的内容" + text[60:] if n % 2 else text for n, text in enumerate(paragraphs)]
    chance.shuffle(changed)
    began = perf_counter()
    found = compare(kept(body="\n".join(paragraphs)), kept(body="\n".join(changed)))
    drawn = [change.pieces for change in found.blocks]
    assert (len(drawn) >= 100, found.count("gone"), found.count("new")) == (True, 0, 0)
    assert perf_counter() - began < 10
