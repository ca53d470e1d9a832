"""Titles of notices that transmit others, and the text behind them, which is no 附件."""

import pytest

from documents.interchange import parse
from documents.paper.layout import html
from documents.rules import check
from documents.rules.office import Unregistered
from documents.transmitted import annexes, title_for, transmitted

OURS = "海青市人民政府办公室"


@pytest.mark.parametrize(
    ("pattern", "source", "title"),
    [
        ("印发", "2026年全市供暖工作要点", "关于印发2026年全市供暖工作要点的通知"),
        ("印发", "《2026年全市供暖工作要点》", "关于印发2026年全市供暖工作要点的通知"),
        ("印发", "海青市供热管理办法（试行）", "关于印发《海青市供热管理办法（试行）》的通知"),
        ("印发", "关于加强供暖工作的实施方案", "关于印发加强供暖工作的实施方案的通知"),
        ("转发", "省政府办公厅关于做好供暖工作的通知", "转发省政府办公厅关于做好供暖工作的通知"),
        ("转发", "省政府办公厅关于加强供暖工作的意见", "转发省政府办公厅关于加强供暖工作的意见的通知"),
        ("转发", "《省政府办公厅关于加强供暖工作的意见》", "转发省政府办公厅关于加强供暖工作的意见的通知"),
        ("转发", "省人大常委会关于修改《供热条例》的决定", "转发省人大常委会关于修改《供热条例》的决定的通知"),
        ("转发", "省政府办公厅转发国务院办公厅关于做好供暖工作的通知", "转发国务院办公厅关于做好供暖工作的通知"),
        ("转发", "省政府办公厅转发国务院办公厅关于做好供暖工作的通知的通知", "转发国务院办公厅关于做好供暖工作的通知"),
        ("转发", "市政府转发省政府转发国务院关于供暖意见的通知的通知", "转发国务院关于供暖意见的通知"),
        ("转发", "省政府办公厅关于印发供暖方案的通知", "转发省政府办公厅关于印发供暖方案的通知"),
        ("转发", "省政府办公厅关于规范转发公文行为的通知", "转发省政府办公厅关于规范转发公文行为的通知"),
        ("批转", "市住建局关于供热改造情况的报告", "批转市住建局关于供热改造情况的报告的通知"),
    ],
)
def test_titles_have_each_word_once_and_skip_the_layers_between(pattern, source, title):
    assert title_for(OURS, pattern, source) == OURS + title
    assert "关于关于" not in title
    assert "的通知的通知" not in title


def notice(title, *attachments):
    raw = {"kind": "通知", "issuers": [OURS], "title": title, "body": "现印发给你们。", "disclosure": "主动公开"}
    return parse({**raw, "attachments": [{"title": one, "body": "第一条 为了供暖。"} for one in attachments]})


@pytest.mark.parametrize(
    ("title", "attachment"),
    [
        (f"{OURS}关于印发《海青市供热管理办法（试行）》的通知", "海青市供热管理办法（试行）"),
        (f"{OURS}关于印发海青市供热管理办法的通知", "《海青市供热管理办法》"),
        (f"{OURS}转发省政府办公厅关于做好供暖工作的通知", "东岭省人民政府办公厅关于做好供暖工作的通知"),
        (f"{OURS}转发省政府办公厅关于加强供暖工作的意见的通知", "省政府办公厅关于加强供暖工作的意见"),
        (f"{OURS}关于印发加强供暖工作的实施方案的通知", "关于加强供暖工作的实施方案"),
    ],
)
def test_the_text_transmitted_is_known_by_its_name_and_bears_no_label(title, attachment):
    paper = notice(title, attachment, "任务分工表")
    assert transmitted(paper).title == attachment
    assert [one.title for one in annexes(paper)] == ["任务分工表"]
    drawn = html(paper)
    assert drawn.count("附件：") == 1
    assert drawn.count('class="annex"') == 2
    assert "附件1" not in drawn


def test_other_attachments_are_attachments():
    paper = notice(f"{OURS}关于做好供暖工作的通知", "任务分工表")
    assert (transmitted(paper), len(annexes(paper))) == (None, 1)
    assert transmitted(notice(f"{OURS}关于印发供热方案的通知", "任务分工表")) is None


@pytest.mark.parametrize("pattern", ["印发", "转发", "批转"])
def test_such_titles_satisfy_the_rules(pattern):
    paper = notice(title_for(OURS, pattern, "省政府办公厅关于加强供暖工作的意见"), "省政府办公厅关于加强供暖工作的意见")
    assert [one.message for one in check(paper, Unregistered(), "sign") if one.rule in ("R18", "R33")] == []


def test_there_is_no_fourth_pattern():
    with pytest.raises(ValueError, match="批转"):
        title_for(OURS, "抄转", "某通知")
