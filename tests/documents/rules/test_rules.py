"""Each rule fires on papers made faulty for it, stays silent on clean ones, and is mended by its own fix."""

import pytest

from documents.rules import apply_fix, catalogue, check

LONG = "各级各部门要切实加强组织领导。" * 280
OTHER = "云岭市人民政府关于"

FAULTY = [  # rule, office, clean paper, what is changed, severity
    ("R01", "none", "请示", {"primary_recipients": "云岭市人民政府，江南省水利厅"}, "override"),
    ("R01", "none", "报告", {"primary_recipients": "云岭市人民政府和云岭市水利局"}, "override"),
    ("R01", "none", "请示", {"primary_recipients": ""}, "override"),
    ("R02", "none", "请示", {"cc_recipients": "各乡镇人民政府"}, "block"),
    ("R02", "none", "报告", {"issuers": ("云岭市人民政府",), "cc_recipients": "各县（市、区）人民政府"}, "block"),
    ("R02", "town", "请示", {"cc_recipients": "青山县财政局，云岭市财政局"}, "block"),
    ("R03", "none", "请示", {"signers": ()}, "block"),
    ("R03", "none", "报告", {"signers": ()}, "block"),
    ("R05", "none", "通知", {"signers": ("周明远",)}, "warn"),
    ("R05", "none", "函", {"signers": ("周明远",)}, "warn"),
    ("R06", "none", "报告", {"body": "汛期将至。\n以上报告如无不妥，请批复。"}, "override"),
    ("R06", "none", "报告", {"body": "恳请市政府给予资金支持。"}, "override"),
    ("R06", "none", "报告", {"body": "当否，请批示。"}, "override"),
    ("R07", "none", "请示", {"title": "青山县人民政府关于设立管理处和拨付维修资金的请示"}, "warn"),
    ("R07", "none", "请示", {"body": "一、请批准设立管理处。\n二、申请拨付资金三百万元。\n妥否，请批示。"}, "warn"),
    ("R07", "none", "请示", {"body": "请批准设立管理处。另外，请一并解决编制。\n妥否，请批示。"}, "warn"),
    ("R08", "none", "请示", {"primary_recipients": "王建国市长"}, "block"),
    ("R08", "none", "报告", {"primary_recipients": "王建国同志"}, "block"),
    ("R08", "none", "报告", {"primary_recipients": "王建国市长", "body": "您交办的事项已办结。"}, "override"),
    ("R08", "none", "函", {"primary_recipients": "王建国主任"}, "warn"),
    ("R09", "none", "通知", {"issuers": ("云岭市财政局预算科",)}, "block"),
    ("R09", "town", "通知", {"issuers": ("预算科",)}, "block"),
    ("R10", "none", "请示", {"primary_recipients": "江南省人民政府"}, "override"),
    ("R10", "town", "请示", {"primary_recipients": "江南省人民政府"}, "override"),
    ("R10", "town", "请示", {"primary_recipients": "省政府", "cc_recipients": "市政府"}, "override"),
    ("R11", "none", "联合通知", {"primary_recipients": "各县（市、区）人民政府"}, "block"),
    ("R11", "town", "联合通知", {"primary_recipients": "青山县人民政府"}, "block"),
    ("R18", "none", "通知", {"title": "云岭市财政局关于做好防汛工作的通知"}, "warn"),
    ("R13", "none", "批复", {"in_reply_to": ""}, "warn"),
    ("R13", "none", "批复", {"body": "来文收悉，同意设立。"}, "warn"),
    ("R13", "none", "函", {"title": "云岭市财政局关于学校名册的复函"}, "warn"),
    ("R13", "none", "批复", {"body": "来文（青政〔2026〕8号）收悉，同意设立。"}, "warn"),
    ("R14", "none", "请示", {"primary_recipients": "云岭市财政局"}, "block"),
    ("R14", "town", "请示", {"issuers": ("云岭市教育局",), "primary_recipients": "云岭市财政局"}, "block"),
    ("R14", "town", "批复", {"issuers": ("云岭市财政局",)}, "block"),
    ("R15", "none", "议案", {"issuers": ("云岭市财政局",)}, "block"),
    ("R15", "none", "议案", {"primary_recipients": "江南省人民政府"}, "block"),
    ("R15", "none", "议案", {"primary_recipients": "青山县人民代表大会常务委员会"}, "block"),
    ("R17", "none", "通知", {"kind": "方案"}, "block"),
    ("R17", "none", "通知", {"kind": "简报"}, "block"),
    ("R18", "none", "通知", {"title": OTHER + "做好防汛工作的通知。"}, "warn"),
    ("R18", "none", "通知", {"title": OTHER + "做好防汛工作的请示"}, "warn"),
    ("R18", "none", "通知", {"title": OTHER + "做好防汛工作"}, "warn"),
    ("R18", "none", "通知", {"title": OTHER + "做好防汛工作的紧急通知"}, "warn"),
    ("R18", "none", "通知", {"title": OTHER + "做好防汛工作通知"}, "warn"),
    ("R18", "none", "通知", {"title": OTHER + "关于做好防汛工作的通知"}, "warn"),
    ("R18", "none", "通知", {"title": "防汛工作通知"}, "warn"),
    ("R18", "none", "通知", {"title": ""}, "warn"),
    ("R19", "none", "通知", {"document_number": "云政办发[2026]12号"}, "block"),
    ("R19", "none", "通知", {"document_number": "云政办发〔2026〕第012号"}, "block"),
    ("R19", "none", "通知", {"document_number": "云政办发〔２０２６〕１２号"}, "block"),
    ("R19", "none", "通知", {"document_number": "云政办发〔26〕12号"}, "block"),
    ("R19", "none", "通知", {"document_number": ""}, "block"),
    ("R20", "none", "通知", {"document_number": "云政办发〔2025〕12号"}, "warn"),
    ("R20", "none", "通告", {"document_number": "2025年第3号"}, "warn"),
    ("R23", "none", "联合通知", {"document_number": "云财〔2026〕6号云教〔2026〕2号"}, "block"),
    ("R23", "town", "联合通知", {"document_number": "云教〔2026〕2号"}, "block"),
    ("R25", "none", "决议", {"date_of_document": "2026-01-20"}, "block"),
    ("R25", "none", "决议", {"kind": "决定", "date_of_document": "2026-02-18"}, "block"),
    ("R26", "none", "通知", {"date_of_document": None}, "block"),
    ("R26", "none", "通知", {"body": "请遵照执行。\n2026年03月01日"}, "block"),
    ("R26", "none", "通知", {"body": "请遵照执行。\n二〇二六年三月一日"}, "block"),
    ("R26", "none", "通知", {"body": "请于2026年2月30日前完成。"}, "warn"),
    ("R27", "none", "通知", {"printing_date": "2026-10-19"}, "warn"),
    ("R27", "none", "通知", {"date_of_document": "2026-12-31", "printing_date": "2026-01-04"}, "warn"),
    ("R33", "none", "通知", {"attachments": ["重点任务清单。"]}, "block"),
    ("R33", "none", "通知", {"attachments": ["附件1：清单", "2.名册"]}, "block"),
    ("R33", "none", "通知", {"attachments": ["清单", "清单"]}, "block"),
    ("R33", "none", "通知", {"body": "请执行。\n附件：1.名册\n2.清单", "attachments": ["清单", "名册"]}, "block"),
    ("R33", "none", "通知", {"body": "请执行。\n附件：名册", "attachments": []}, "block"),
    ("R33", "none", "通知", {"body": "任务分工见附件2。"}, "warn"),
    ("R33", "none", "通知", {"body": "请执行。\n附件：重点任务清单"}, "info"),
    ("R34", "none", "通知", {"primary_recipients": "各县人民政府；"}, "info"),
    ("R34", "none", "通知", {"cc_recipients": "市委办公室，"}, "info"),
    ("R35", "none", "通知", {"body": "一、任务\n三、保障\n加强领导。"}, "warn"),
    ("R35", "none", "通知", {"body": "一、任务\n（1）甲事项\n（一）乙事项\n二、保障"}, "warn"),
    ("R35", "none", "通知", {"body": "一、任务\n（1）甲事项\n（2）乙事项\n二、保障"}, "warn"),
    ("R35", "none", "通知", {"body": "一、任务\n1、摸清底数。\n2、建立台账。"}, "warn"),
    ("R35", "none", "通知", {"body": "一、任务\n(一)、摸清底数。\n(二)、建立台账。"}, "warn"),
    ("R36", "town", "函", {"primary_recipients": "云岭市教育厅"}, "warn"),
    ("R36", "town", "函", {"cc_recipients": "云岭市气象台"}, "warn"),
    ("R37", "none", "通知", {"signature_units": ("云岭市人民政府",)}, "block"),
    ("R37", "none", "联合通知", {"seal": ("one.png",)}, "block"),
    ("R39", "accredited", "涉密通知", {"copy_number": ""}, "block"),
    ("R39", "accredited", "涉密通知", {"classification_period": ""}, "block"),
    ("R39", "none", "通知", {"copy_number": "12"}, "block"),
    ("R40", "accredited", "涉密通知", {"classification_period": "11年"}, "block"),
    ("R40", "accredited", "涉密通知", {"security_classification": "机密", "classification_period": "２５年"}, "block"),
    ("R40", "accredited", "涉密通知", {"classification_period": "130个月"}, "block"),
    ("R41", "none", "涉密通知", {}, "block"),
    ("R41", "none", "通知", {"body": "机密★10年\n现通知如下。"}, "block"),
    ("R41", "none", "通知", {"attachments": ["秘密 ★ 名单"]}, "block"),
    ("R41", "none", "通知", {"body": "绝密\n现通知如下。"}, "block"),
    ("R42", "none", "通知", {"urgency": "紧急"}, "block"),
    ("R42", "none", "通知", {"urgency": "平急"}, "block"),
    ("R48", "none", "通知", {"disclosure": ""}, "block"),
    ("R48", "none", "通知", {"disclosure": "", "remarks": "此件公开发布"}, "block"),
    ("R48", "none", "通知", {"disclosure": "不予公开"}, "block"),
    ("R52", "none", "通知", {"body": LONG + LONG}, "warn"),
    ("R52", "none", "通知", {"body": LONG}, "info"),
    ("R54", "none", "通知", {"body": "各地要于年底前将贯彻落实情况报送市政府。"}, "warn"),
    ("R54", "none", "通知", {"body": "各县要抓紧制定实施细则。"}, "warn"),
    ("R55", "none", "通知", {"body": "根据《国家行政机关公文处理办法》，现通知如下。"}, "warn"),
    ("R55", "none", "通知", {"body": "版式按 GB/T 9704-1999 执行。"}, "warn"),
    ("R55", "none", "通知", {"body": "现通知如下。\n主题词：防汛 通知"}, "warn"),
    ("R56", "none", "联合通知", {"issuers": ("云岭市财政局", "青山县教育局")}, "block"),
    ("R56", "none", "联合通知", {"issuers": ("云岭市人民政府", "云岭市财政局")}, "block"),
    ("R56", "town", "联合通知", {"issuers": ("云岭市财政局", "青山县财政局")}, "block"),
    ("R57", "none", "请示", {"remarks": ""}, "warn"),
    ("R57", "none", "请示", {"remarks": "联系人：李文"}, "warn"),
    ("R62", "none", "通知", {"body": "人员：李文，110101199003070011。"}, "warn"),
    ("R62", "none", "通知", {"body": "请与李文联系（13912345678）。"}, "warn"),
    ("R63", "town", "通知", {"issuers": ("云岭市粮食局",)}, "block"),
    ("R63", "town", "通知", {"issuers": ("云岭市气象台",)}, "block"),
    ("F01", "none", "通知", {"body": "共投入１２万元。"}, "warn"),
    ("F01", "none", "通知", {"title": "关于做好２０２６年工作的通知"}, "warn"),
    ("F02", "none", "通知", {"body": "按照《通知》（云政发[2026]3号）要求办理。"}, "warn"),
    ("F02", "none", "通知", {"body": "按照《通知》（云政发﹝2026﹞3号）要求办理。"}, "warn"),
    ("F03", "none", "通知", {"body": "统一思想,提高认识;狠抓落实."}, "warn"),
    ("F03", "none", "通知", {"primary_recipients": "各县(市、区)人民政府"}, "warn"),
    ("F03", "none", "通知", {"body": '坚持"一网通办"。。'}, "warn"),
    ("F04", "none", "通知", {"body": "请于20××年×月×日前报送。"}, "warn"),
    ("F04", "none", "通知", {"title": "云岭市水利局关于××××的通知"}, "warn"),
    ("F04", "none", "通知", {"remarks": "联系人：××，电话：××××"}, "warn"),
]
SILENT = [  # rule, office, clean paper, changes that look like a fault and are none
    ("R01", "none", "通知", {"primary_recipients": "云岭市财政局，云岭市教育局"}),
    ("R01", "none", "请示", {"primary_recipients": "江南省发展和改革委员会"}),
    ("R02", "none", "请示", {"cc_recipients": "市财政局，市人大常委会办公室"}),
    ("R02", "none", "通知", {"cc_recipients": "各县（市、区）人民政府"}),
    ("R02", "town", "请示", {"cc_recipients": "云岭市财政局"}),
    ("R06", "none", "报告", {"body": "经请示批准，工程已开工。企业申请批准后即可经营。"}),
    ("R07", "none", "请示", {"title": "关于设立文化和旅游服务中心的请示"}),
    ("R08", "none", "通知", {"primary_recipients": "各县委书记办公室"}),
    ("R09", "none", "通知", {"issuers": ("云岭市人民政府办公室",)}),
    ("R09", "none", "通知", {"issuers": ("江南省人民政府驻京办事处",)}),
    ("R10", "none", "请示", {"issuers": ("朝阳区人民政府",), "primary_recipients": "北京市人民政府"}),
    ("R10", "town", "请示", {}),
    ("R11", "none", "联合通知", {"primary_recipients": "各县人民政府", "body": "经市政府同意，现通知如下。"}),
    ("R11", "town", "联合通知", {"primary_recipients": "青山县财政局"}),
    ("R14", "town", "请示", {}),
    ("R14", "town", "批复", {}),
    ("R18", "none", "通知", {"title": "云岭市人民政府办公室转发市财政局关于节约开支意见的通知"}),
    ("R18", "none", "通知", {"title": "关于印发《云岭市公务用车管理办法（试行）》的通知（征求意见稿）"}),
    ("R18", "none", "函", {"title": "云岭市财政局关于环湖路改线有关问题的复函"}),
    ("R18", "none", "通知", {"kind": "意见", "title": "关于促进养老服务业发展的若干意见"}),
    ("R18", "none", "通知", {"kind": "命令", "title": ""}),
    ("R18", "none", "通知", {"kind": "命令", "title": "云岭市人民政府令"}),
    ("R18", "none", "通知", {"title": "关于做好紧急救援工作的通知"}),
    ("R19", "none", "通告", {"document_number": "云公告第3号"}),
    ("R19", "none", "通告", {"document_number": ""}),
    ("R23", "town", "联合通知", {}),
    ("R26", "none", "通知", {"body": "请遵照执行。\n2026年3月1日"}),
    ("R33", "none", "通知", {"body": "按照《关于附件2的说明》办理，任务分工见附件。"}),
    ("R35", "none", "通知", {"body": "一、任务\n1.摸清底数\n2.建立台账\n二、保障\n（一）人员\n（二）资金"}),
    ("R35", "none", "通知", {"body": "一、任务\n（一）摸清底数\n（二）建立台账\n二、保障\n（三）落实资金"}),
    ("R35", "none", "通知", {"body": "1.摸清底数。\n2.建立台账。"}),
    ("R36", "town", "通知", {}),
    ("R37", "none", "通知", {"issuers": ("云岭市发展和改革委员会",), "signature_units": ("市发展改革委",)}),
    ("R41", "none", "通知", {"body": "严守国家秘密，机密文件按规定保管。"}),
    ("R54", "none", "通知", {"body": "市财政局负责制定资金管理办法，公开落实情况。"}),
    ("R55", "none", "通知", {"body": "现通知如下。\n主题词：防汛", "date_of_document": "2011-06-01"}),
    ("R56", "none", "联合通知", {"issuers": ("云岭市财政局", "国家税务总局云岭市税务局")}),
    ("R56", "town", "联合通知", {"issuers": ("云岭市财政局", "青山县人民政府")}),
    ("R62", "none", "通知", {"body": "咨询电话：05916543210，网址 https://www.yl.example/20261020123456。"}),
    ("R62", "none", "通知", {"body": "总投资12345678901.5元，占3.14159265358979。"}),
    ("F02", "none", "通知", {"body": "该办法（2026）已废止，财政部公告2026年第8号同时施行。"}),
    ("F04", "none", "通知", {"body": "每件3×5厘米，按《关于修改〈供水办法〉的决定》办理。"}),
    ("F03", "none", "通知", {"body": "会议于8:30开始，比例为3:1，网址http://a.example/?b,c，型号GB/T (A)级。"}),
]


def named(row):
    return f"{row[0]}-{row[2]}-{'-'.join(row[3]) or 'as it is'}"


@pytest.mark.parametrize("row", FAULTY, ids=named)
def test_a_faulty_paper_is_found_out(row, write, found):
    rule, office, base, changes, severity = row
    assert severity in [finding.severity for finding in found(write(base, **changes), rule, office)]


@pytest.mark.parametrize("row", FAULTY, ids=named)
def test_a_fix_mends_what_it_was_offered_for(row, write, found):
    rule, office, base, changes, _ = row
    paper = write(base, **changes)
    for finding in found(paper, rule, office):
        if finding.fix:
            mended = found(apply_fix(paper, finding.fix), rule, office)
            assert finding.message not in [other.message for other in mended]


@pytest.mark.parametrize("row", SILENT, ids=named)
def test_a_paper_that_only_looks_faulty_is_left_alone(row, write, found):
    rule, office, base, changes = row
    assert found(write(base, **changes), rule, office) == []


def test_a_clean_paper_has_no_findings_at_all(clean, write, offices):
    office = offices["accredited" if clean == "涉密通知" else "none"]
    assert check(write(clean), office, "register") == []


def test_every_rule_was_seen_to_fire_at_least_twice():
    fired = [row[0] for row in FAULTY]
    assert {entry.id for entry in catalogue() if fired.count(entry.id) < 2} == set()
