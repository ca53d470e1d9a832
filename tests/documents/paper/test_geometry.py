import pytest

from tests.documents.paper.samples import SENTENCE, paragraphs


def failures(report):
    return [(check.id, check.measured) for check in report.checks if not check.ok]


def test_every_measure_of_a_common_paper_is_taken_and_right(measured):
    report = measured()
    assert failures(report) == []
    absent = [check.id for check in report.checks if not check.applicable]
    assert absent == ["signers.position", "annex.opening", "across.area"]  # it is not upward and has no annex


@pytest.mark.parametrize("count", [1, 2, 7, 13, 14, 21, 40])
def test_the_imprint_closes_the_last_page_whatever_the_length(measured, count):
    report = measured(body=paragraphs(count))
    assert failures(report) == []
    assert {check.id: check.applicable for check in report.checks}["imprint.bottom"]


JOINT = ("青岚市水利局", "青岚市财政局", "青岚市应急管理局")
TABLE = "|序号|项目|责任单位|备注|\n|---|---|---|---|\n" + "\n".join(
    f"|{number}|第{number}号渠道清淤整治工程|市水利局|{SENTENCE}|" for number in range(1, 20)
)


FORMS = {
    "short": {"body": "请认真贯彻执行。", "cc_recipients": "", "printing_office": ""},
    "table": {"body": f"{SENTENCE}\n{TABLE}\n{SENTENCE}"},
    "rare": {"body": "经研究，决定任命张堃、王喆、𬭊晓玥同志为工程师，面积120㎡。\n" + SENTENCE * 8},
    "recipients": {"primary_recipients": "、".join(f"第{number}号水库管理处" for number in range(60))},
    "unsealed": {"seal": False, "remarks": "联系人：高远，电话：0000-1234567"},
    "annexes": {"attachments": [{"title": "任务清单" * 12, "body": paragraphs(9)}, {"title": "联系人名单"}]},
    "list": {"attachments": [{"title": f"第{number}项任务的分工"} for number in range(1, 31)]},
    "joint": {"issuers": list(JOINT), "masthead": "、".join(JOINT) + "文件", "disclosure": "主动公开"},
    "marks": {"copy_number": "000001", "urgency": "特急", "print_run": 120},
    "long": {"issuers": ["青岚市人民政府推进高质量发展和生态保护工作领导小组办公室"]},
    "letter": {"kind": "函", "document_number": "青政办函〔2026〕3号"},
    "minutes": {"kind": "纪要", "document_number": "〔2026〕3号", "present": ["高远", "欧阳志远"] * 9},
    "order": {"kind": "命令", "document_number": "第3号", "signature_stamp": {"office": "市长", "name": "高远"}},
}


@pytest.mark.parametrize("form", FORMS)
def test_papers_of_all_forms_keep_the_standard(measured, form):
    assert failures(measured(**FORMS[form])) == []


def test_an_upward_paper_shows_its_signers_beside_the_number(measured):
    report = measured(kind="请示", signers=["高远", "欧阳志远", "李明"], issuers=["青岚市水利局", "青岚市财政局"])
    assert failures(report) == []
    place = {check.id: check.measured for check in report.checks}["number.position"]
    assert place.endswith("左右偏 0.0 mm")


@pytest.mark.parametrize("issuer", ["青岚市人民政府办公室", "青岚市推进新型城镇化和城乡融合发展工作领导小组办公室"])
def test_minutes_bear_their_date_above_the_rule_whatever_the_organ(measured, rows_of_first_and_last, issuer):
    form = {**FORMS["minutes"], "issuers": [issuer]}
    assert failures(measured(**form)) == []
    first, _last = rows_of_first_and_last(**form)
    number = first.index("〔2026〕3号")
    day = next(at for at, row in enumerate(first) if row.endswith("2026年11月23日"))
    assert "".join(first[number + 1 : day + 1]) == f"{issuer}2026年11月23日"


LONG_ORGAN = "青岚市人民政府推进新型城镇化和城乡融合发展暨农村人居环境整治提升工作领导小组办公室"


def test_a_very_long_organ_and_long_names_of_signers_do_not_run_into_each_other(rows_of_first_and_last):
    changes = {"issuers": [LONG_ORGAN], "printing_office": LONG_ORGAN, "document_number": "青政办发〔2026〕13号"}
    names = ["迪丽热巴·吐尔逊", "阿卜杜热西提·买买提", "高远"]
    first, last = rows_of_first_and_last(kind="请示", signers=names, **changes)
    assert [row for row in first if row.startswith("青政办发")] == ["青政办发〔2026〕13号高　远"]
    assert "".join(first[:3]) == f"{LONG_ORGAN}文件"
    assert [len(row) for row in first[:3]] == [15, 15, 13]
    assert "".join(last[-3:]) == f"{LONG_ORGAN}2026年11月24日印发"
