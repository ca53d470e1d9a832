"""What is recognised of an incoming paper's words, and what is left to whoever registers it."""

from datetime import date

import pytest

from documents.incoming.recognise import kind_of, recognise

REQUEST = """特急
北湾县人民政府文件
北政〔2026〕7号 签发人：周 正
北湾县人民政府
关于申请修缮渡口的请示
海青市人民政府：
因今年两次洪水，我县北湾渡口坡道塌陷三十米，已不能通行。
一、基本情况
现有渡船两艘。
妥否，请批示。
附件：1. 预算表
2. 现场照片
北湾县人民政府
2026年11月3日
（联系人：周晓，电话：0533-2231188）
抄送：市交通运输局。
北湾县人民政府办公室 2026年11月4日印发
— 2 —"""


def said(text: str, title: str = ""):
    return recognise(text.splitlines(), title)


def test_a_whole_paper():
    found = said(REQUEST)
    assert found.title == "北湾县人民政府关于申请修缮渡口的请示"
    assert (found.document_number, found.sender_name, found.kind) == ("北政〔2026〕7号", "北湾县人民政府", "请示")
    assert (found.dated, found.urgency, found.recipients) == (date(2026, 11, 3), "特急", "海青市人民政府")
    assert (found.cc, found.attachments) == ("市交通运输局", ("预算表", "现场照片"))
    assert found.contact == "周晓，电话：0533-2231188"
    assert not found.secret


def test_the_title_that_word_shows_is_kept():
    found = said(REQUEST, "北湾县人民政府关于申请修缮渡口的请示")
    assert (found.title, found.recipients) == ("北湾县人民政府关于申请修缮渡口的请示", "海青市人民政府")


@pytest.mark.parametrize("line", ["北政[2026]第7号", "北政（２０２６）007号", "北 政 〔2026〕 7 号", "北政﹝2026﹞7号"])
def test_a_number_in_any_brackets(line):
    assert said(REQUEST.replace("北政〔2026〕7号", line)).document_number == "北政〔2026〕7号"


def test_a_number_that_is_only_cited_is_not_the_papers_own():
    text = "关于转发通知的函\n各科室：\n根据《通知》（海政发〔2026〕3号）要求，现转发给你们，请认真贯彻执行。"
    assert said(text).document_number == ""


def test_an_issue_number_and_a_date_in_characters():
    found = said(
        "海青市人民政府令\n第12号\n《海青市渡口管理办法》已经审议通过，现予公布。\n市长 某某\n二〇二六年十月二十五日"
    )
    assert (found.document_number, found.dated) == ("第12号", date(2026, 10, 25))


def test_a_title_that_ends_with_none_of_the_kinds_goes_up_to_whom_it_is_sent_to():
    found = said("海数〔2026〕9号\n海青市数据局关于开放日活动的\n情况说明\n市政府办公室：\n现将有关情况说明如下。")
    assert (found.title, found.kind) == ("海青市数据局关于开放日活动的情况说明", "其他")


def test_several_senders_side_by_side():
    found = said("关于联合检查的通知\n各县：\n现将有关事项通知如下。\n海青市财政局 海青市审计局\n2026年9月1日")
    assert found.sender_name == "海青市财政局、海青市审计局"


def test_the_senders_name_spaced_out_is_one():
    assert said("关于检查的通知\n各县：\n请遵照。\n海 青 市 财 政 局\n2026年9月1日").sender_name == "海青市财政局"


@pytest.mark.parametrize(("title", "kind"), [
    ("关于印发管理办法的通知", "通知"), ("关于某事的通知（试行）", "通知"), ("海青市人民政府令", "命令"),
    ("情况说明", "其他"), ("", ""),
])  # fmt: skip
def test_kinds(title, kind):
    assert kind_of(title) == kind


@pytest.mark.parametrize("mark", ["机密★10年", "秘密☆", "绝密"])
def test_a_mark_of_secrecy_is_seen(mark):
    assert said(f"000001\n{mark}\n{REQUEST}").secret


@pytest.mark.parametrize(
    "text", ["", "\n\n", "一二三", "附件：", "抄送：", "〔2026〕", "：\n：\n：", "2026年13月45日", "令\n" * 40]
)
def test_odd_words_are_no_error(text):
    said(text)


def test_marks_that_cannot_be_printed_are_dropped():
    assert said("关于\u202e检\x07查的通知").title == "关于检查的通知"
