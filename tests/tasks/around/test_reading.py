"""What a workbook says is read cell by cell; what is wrong is said at its cell, with what to do."""

from datetime import date, datetime

import pytest
from django.core.exceptions import ValidationError

from officehub.people.models import Person
from tasks.imports.columns import HEADS
from tasks.imports.dates import read_day
from tasks.imports.take import read
from tests.cast import department, person
from tests.tasks.around.books import ROW, book, upload, with_part

TODAY = date(2026, 11, 23)
SOMEBODY = Person(pk=0)  # who gives the tasks: none of those named
SHEET = "xl/worksheets/sheet1.xml"


def rows_of(*rows, **options):
    return read(upload(book(rows, **options)), SOMEBODY, TODAY)


def faults_of(row: dict, **options) -> dict[str, str]:
    return rows_of({**ROW, **row}, **options)[0].faults


def test_a_good_row_is_all_fields_and_no_faults(cast):
    row = rows_of({
        "title": "报送冬季供暖保障情况", "details": "分区县", "source_text": "市政府第12次常务会议",
        "lead_unit": "综合科",
        "lead_person": cast.drafter.name, "responsible": cast.head.name, "assisting": "市财政局、办公室",
        "helpers": f"{cast.reader.name}、{cast.stranger.name}", "limit_value": 10, "limit_unit": "工作日",
        "importance": "重要", "urgency": "加急", "evidence_asked": "情况报告",
    })[0]  # fmt: skip
    assert (row.number, row.faults) == (2, {})
    assert row.fields == {
        "title": "报送冬季供暖保障情况", "details": "分区县", "source_text": "市政府第12次常务会议",
        "lead_unit": cast.section.pk, "lead_person": cast.drafter.pk, "responsible": cast.head.pk,
        "assisting": [cast.bureau.pk, cast.leader.department_id], "helpers": [cast.reader.pk, cast.stranger.pk],
        "due_on": None, "limit_value": 10, "limit_unit": "working_days", "importance": 1, "urgency": "加急",
        "evidence_asked": "情况报告",
    }  # fmt: skip


WRONG = [
        ({"title": ""}, {"title": "必填。"}),
        ({"title": "长" * 201}, {"title": "至多 200 字，现有 201 字。"}),
        ({"title": "供暖\u202e情况"}, {"title": "含有不能印刷的字符 U+202E，请删去。"}),
        ({"lead_unit": ""}, {"lead_unit": "牵头单位、承办人至少填一项。"}),
        ({"lead_unit": "财政局"}, {"lead_unit": "没有“财政局”，请按模板“单位和人员”表中的名称填写。"}),
        ({"lead_unit": "市 财政局"}, {"lead_unit": "没有“市 财政局”，相近的有：市财政局（市政府）。"}),
        ({"assisting": "综合科、没有科"}, {"assisting": "没有“没有科”，请按模板“单位和人员”表中的名称填写。"}),
        ({"assisting": "市财政局"}, {"assisting": "“市财政局”已是牵头单位，请从协办单位中删去。"}),
        ({"importance": "很重要"}, {"importance": "“很重要”不在可选项中，请填：一般、重要、重大。"}),
        ({"due_on": "2026年13月1日"}, {"due_on": "“2026年13月1日”不是日期，应如 2026-11-23。"}),
        ({"due_on": "11月30日"}, {"due_on": "“11月30日”不是日期，应如 2026-11-23。"}),
        ({"due_on": "2025-11-30"}, {"due_on": "2025-11-30已经过去，请核对年份。"}),
        ({"due_on": "2266-11-30"}, {"due_on": "2266-11-30太远，请核对年份。"}),
        ({"due_on": 46356}, {"due_on": "是数字 46356，不是日期，请把单元格改为日期格式后重填。"}),
        ({"due_on": None}, {"due_on": "请填办结日期，或者填时限和时限单位。"}),
        ({"limit_value": 3, "limit_unit": "工作日"}, {"due_on": "办结日期与时限只填一种。"}),
        ({"due_on": None, "limit_value": "三", "limit_unit": "日"}, {"limit_value": "时限应是 1 至 3660 的整数。"}),
        ({"due_on": None, "limit_value": 2.5, "limit_unit": "日"}, {"limit_value": "时限应是 1 至 3660 的整数。"}),
        ({"due_on": None, "limit_value": 3}, {"limit_unit": "请选时限单位：工作日、日、小时、工作小时。"}),
        ({"due_on": None, "limit_value": 3, "limit_unit": "月"},
         {"limit_unit": "“月”不在可选项中，请填：工作日、日、小时、工作小时。"}),
        ({"details": "六" * 30_000}, {"details": "此格有 30000 字，太长，请精简。"}),
    ]  # fmt: skip


def test_what_is_wrong_is_said_at_its_cell(cast):
    rows = rows_of(*({**ROW, "source_text": f"第{at}例", **row} for at, (row, _told) in enumerate(WRONG)))
    assert [row.faults for row in rows] == [told for _row, told in WRONG]


def test_a_cell_longer_than_the_format_allows_is_cut_and_said_so(cast):
    """Excel writes no more than 32,767 characters; who makes files by hand does."""
    made = with_part(book([{**ROW, "details": "长文"}]), "xl/sharedStrings.xml", lambda raw: raw.replace(
        "长文".encode(), ("长" * 60_000).encode()))  # fmt: skip
    row = read(upload(made), SOMEBODY, TODAY)[0]
    assert row.faults == {"details": "此格有 60000 字，太长，请精简。"}
    assert len(row.cells["details"]) == 5_000


def test_a_formula_is_refused_at_its_cell_whatever_it_last_came_to(cast):
    def more(made, sheet):
        sheet.write_formula(1, 0, '=HYPERLINK("http://127.0.0.1/","报送")', None, "报送")

    assert faults_of({}, more=more) == {"title": "此格是公式，请复制后“粘贴为数值”。"}


def test_what_only_looks_like_a_formula_is_text(cast):
    row = rows_of({**ROW, "title": "=1+1"})[0]
    assert (row.faults, row.fields["title"]) == ({}, "=1+1")


def test_merged_cells_are_refused_at_each_of_them(cast):
    def more(made, sheet):
        sheet.merge_range(1, 1, 2, 1, "同一要求")

    first, second = rows_of(ROW, {**ROW, "title": "另一项"}, more=more)
    told = {"details": "此格是合并单元格，请取消合并，逐行填写。"}
    assert (first.faults, second.faults) == (told, told)


@pytest.mark.parametrize("base", [False, True], ids=["1900", "1904"])
def test_a_date_is_the_day_it_shows_in_either_calendar_of_excel(cast, base):
    row = rows_of({**ROW, "due_on": datetime(2026, 11, 30)}, date_1904=base)[0]
    assert (row.faults, row.fields["due_on"], row.cells["due_on"]) == ({}, "2026-11-30", "2026-11-30")


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-11-30", "2026-11-30"), ("2026/1/5", "2026-01-05"), ("2026.11.30", "2026-11-30"),
        ("20261130", "2026-11-30"), (" 2026年11月30日 ", "2026-11-30"), ("2026年11月30日前", "2026-11-30"),
        ("2026年11月底", "2026-11-30"), ("2028年2月底前", "2028-02-29"), ("2026-02-29", "None"), ("11-30", "None"),
        ("2026年11月", "None"), ("", "None"), ("明天", "None"), ("0000-01-01", "None"),
    ],
)  # fmt: skip
def test_a_day_is_read_in_the_usual_writings(written, day):
    assert str(read_day(written)) == day


def test_a_name_borne_by_two_is_listed_with_their_places(cast):
    for at, place in (("one", cast.section), ("two", cast.bureau)):
        twin = person(at, place, "科员", False, [])
        twin.name = "王敏"
        twin.save()
    told = "“王敏”有 2 个：王敏（综合科）、王敏（市财政局）。请按其中一种写法填写。"
    assert faults_of({"responsible": "王敏"}) == {"responsible": told}
    assert faults_of({"responsible": "王敏（市财政局）"}) == {}


def test_a_unit_of_the_same_name_in_another_organ_is_asked_after(cast):
    department(cast.government, "综合科", code="Z2")
    told = "“综合科”有 2 个：综合科（市政府办公室）、综合科（市政府）。请按其中一种写法填写。"
    assert faults_of({"lead_unit": "综合科"}) == {"lead_unit": told}
    assert faults_of({"lead_unit": "综合科（市政府办公室）"}) == {}


ODD_NAMES = ["古丽·努尔", "𠀀远", "欧阳　华", "司徒 华", "㐂", "A·B·买买提江·阿卜杜拉"]


def test_names_of_every_make_are_found_as_they_are_written(cast):
    people = []
    for at, name in enumerate(ODD_NAMES):
        people.append(person(f"odd{at}", cast.section, "科员", False, []))
        people[-1].name = name
        people[-1].save()
    rows = rows_of(*({**ROW, "helpers": name} for name in ODD_NAMES))
    assert [(row.faults, row.fields["helpers"]) for row in rows] == [({}, [one.pk]) for one in people]


def test_an_administrator_is_nobody_to_give_a_task_to(cast):
    told = f"没有“{cast.sys_admin.name}”，请按模板“单位和人员”表中的名称填写。"
    assert faults_of({"responsible": cast.sys_admin.name}) == {"responsible": told}


def test_who_is_not_of_the_leading_unit_does_not_lead_it(cast):
    told = f"{cast.drafter.name}不在“市财政局”，请核对牵头单位或者承办人。"
    assert faults_of({"lead_person": cast.drafter.name}) == {"lead_person": told}


def test_whoever_gives_a_task_does_not_do_it(cast):
    made = book([{**ROW, "lead_unit": "综合科", "lead_person": cast.drafter.name}])
    row = read(upload(made), cast.drafter, TODAY)[0]
    assert row.faults == {"lead_person": "交办人要核验，不能同时是承办人。"}


def test_a_unit_where_nobody_could_be_asked_is_named_before_anything_is_made(cast):
    department(cast.government, "市数据局", code="SJJ")
    told = "市数据局没有负责人，也没有收发员，请系统管理员补充后再交办。"
    rows = rows_of({**ROW, "lead_unit": "市数据局"}, {**ROW, "assisting": "市数据局"}, {**ROW, "lead_unit": "信息科"})
    assert [row.faults for row in rows] == [
        {"lead_unit": told}, {"assisting": told},
        {"lead_unit": "信息科没有负责人，也没有收发员，请系统管理员补充后再交办。"},
    ]  # fmt: skip


def test_the_same_row_twice_is_a_slip(cast):
    rows = rows_of(ROW, ROW)
    assert [row.faults for row in rows] == [{}, {"": "与第 2 行完全相同，请删去一行。"}]


def test_blank_rows_the_example_and_columns_of_ones_own_are_passed_over(cast):
    example = {**ROW, "title": "（示例，导入时不计）报送"}
    rows = rows_of(example, {}, ROW, heads=[*HEADS, "备注"])
    assert [(row.number, row.fields["title"]) for row in rows] == [(4, ROW["title"])]


def refusal(content: bytes, name="任务.xlsx") -> str:
    with pytest.raises(ValidationError) as refused:
        read(upload(content, name), SOMEBODY, TODAY)
    return refused.value.messages[0]


def test_a_table_of_another_form_is_told_what_it_lacks(cast):
    assert refusal(book([], heads=["甲", "乙"])) == "表格前 10 行里没有“任务名称”这一列，请下载模板填写。"
    assert refusal(book([], heads=["任务名称*", *HEADS[1:-1]])) == "缺少这些列：须提交的佐证材料。请按模板的列名填写。"
    assert refusal(book([], heads=["任务名称", *HEADS])) == "列名“任务名称”出现了两次，请只留一列。"


def test_a_table_without_rows_and_one_with_too_many_are_refused_in_words(cast, settings):
    assert refusal(book([])) == "表格里没有任务，请从列名下面一行开始填写。"
    settings.TASK_IMPORT_MOST_ROWS = 2
    assert refusal(book([ROW] * 3)) == "表格有 3 行，一次最多 2 行，请拆成几个文件分次上传。"
    settings.TASK_IMPORT_MOST_ROWS = 2_000
    assert refusal(book([ROW] * 10_000)) == "表格有 10001 行，一次最多 2000 行，请拆成几个文件分次上传。"


def test_a_cell_at_the_far_end_of_the_sheet_does_no_harm(cast):
    told = refusal(book([ROW], more=lambda made, sheet: sheet.write(1_048_575, 16_383, "x")))
    assert told == "文件过于复杂或已损坏，无法打开；请用 Word 或 WPS 另存后再试。"


def test_entities_bombs_other_kinds_and_what_is_no_workbook_are_refused(cast, settings):
    good = book([ROW])
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'
    assert "含有实体定义" in refusal(with_part(good, SHEET, lambda raw: bomb))
    assert "疑为压缩炸弹" in refusal(with_part(good, SHEET, lambda raw: raw + b" " * 80_000_000))
    assert refusal(b"PK\x03\x04junk") != ""
    assert refusal(good, "任务.xls") == "请上传 .xlsx 工作簿；.xls、.et、.csv 请先另存为 .xlsx。"
    settings.TASK_IMPORT_MOST_BYTES = 1024
    assert refusal(good).endswith("请拆分后上传。")


def test_a_mark_of_secrecy_keeps_the_whole_workbook_out(cast):
    assert "国家秘密标志" in refusal(book([{**ROW, "details": "机密★10年"}]))
