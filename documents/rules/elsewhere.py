"""The rules of conduct that ask for another record: held by the deeds themselves, listed here with all the others."""

from dataclasses import dataclass

from documents.rules.registry import Finding


@dataclass(frozen=True)
class HeldElsewhere:
    """One rule that a deed holds; `where` says which, in the words of the page that lists the rules."""

    id: str
    severity: str
    basis: str
    text: str
    where: str

    def finding(self, field: str, message: str) -> Finding:
        return Finding(self.id, self.severity, field, message, self.basis)


HELD_ELSEWHERE = (
    HeldElsewhere(
        "R04", "block", "条例 第二十二条", "重要公文和上行文由机关主要负责人签发（其外出时由主持工作的负责人签发）。",
        "签发",
    ),
    HeldElsewhere(
        "R12", "block", "条例 第十六条(四)、第十九条(六)、第二十条(三)",
        "涉及其他部门职权的，须有会签或征求意见的记录；意见不一致的须说明。",
        "拟稿时填写涉及部门，签发时逐一核对会签和征求意见的记录",
    ),
    HeldElsewhere("R16", "block", "条例 第八条(十五)", "纪要应关联已召开的会议及出席情况。", "会务（随会议功能启用）"),
    HeldElsewhere(
        "R21", "block", "条例 第二十五条(二)",
        "同一代字、年度内的顺序号不重不漏；作废的号保留并说明，不再使用。", "编号，由数据库约束和 numbers check 保证",
    ),
    HeldElsewhere("R22", "block", "条例 第二十五条", "签发、复核之后才编发文字号。", "编号，由数据库约束保证"),
    HeldElsewhere("R24", "block", "条例 第二十二条", "联合行文须由各发文机关负责人会签。", "编号"),
    HeldElsewhere(
        "R25", "block", "条例 第九条(十二)", "成文日期取最后一位负责人签发的日期；会议通过的取题注中的通过日期。",
        "签发，由系统填写",
    ),
    HeldElsewhere("R28", "block", "条例 第二十二条", "签批须有意见、姓名和完整日期；只圈阅的记作同意。", "各审批环节"),
    HeldElsewhere("R29", "block", "条例 第二十条", "核稿五项逐项确认后才能送签。", "核稿"),
    HeldElsewhere(
        "R30", "warn", "办文惯例", "拟稿、核稿、签发由不同的人办理；确需一人兼办的写明理由（本单位可从严）。",
        "核稿、签发",
    ),
    HeldElsewhere(
        "R31", "block", "条例 第二十五条(一)", "复核时文稿须与签发时一致；有实质性修改的退回原签发人。",
        "复核，以及编号、用印、分发、归档等签发后的每个环节",
    ),
    HeldElsewhere("R32", "block", "条例 第二十一条、第二十四条(三)", "退回、退文须写明理由。", "各退回操作"),
    HeldElsewhere("R38", "block", "办文惯例", "签发、编号之后才能用印；登记用印人、份数和用途。", "用印"),
    HeldElsewhere("R43", "block", "条例 第二十四条(四)", "紧急公文交办时应明确办理时限。", "收文分办"),
    HeldElsewhere("R44", "block", "条例 第二十四条(四)", "两个以上部门承办的，应明确一个主办部门。", "收文拟办和分办"),
    HeldElsewhere("R45", "block", "条例 第二十四条(六)", "紧急或重要公文应由专人负责催办。", "收文分办"),
    HeldElsewhere(
        "R46", "block", "条例 第二十四条(七)", "批办性公文有答复记录或说明无须答复，才能办结。", "收文答复和办结",
    ),
    HeldElsewhere(
        "R47", "warn", "条例 第二十四条(五)", "传阅逐人记录送出和退回时间，不漏传、误传、延误。",
        "收文传阅和批示，逐站登记，超时提醒",
    ),
    HeldElsewhere(
        "R48", "block", "政府信息公开条例 第十三条至第十六条", "公开属性由签发人确认。", "签发",
    ),
    HeldElsewhere(
        "R49", "warn", "政府信息公开条例 第十三条至第十六条",
        "转发的公文沿用原文的公开属性，主动公开的不夹带不公开的内容。",
        "拟稿时沿用原文属性，提交和签发时核对",
    ),
    HeldElsewhere(
        "R50", "block", "国办发〔2018〕115号", "规范性文件须经合法性审核（5至15个工作日）。",
        "提交时核对流程有无合法性审核环节，签发时核对审核结论",
    ),
    HeldElsewhere(
        "R51", "block", "公平竞争审查条例", "涉及经营者经济活动的政策措施须经公平竞争审查。",
        "提交时核对流程有无公平竞争审查环节，签发时核对审查结论",
    ),
    HeldElsewhere(
        "R53", "warn", "整治形式主义为基层减负若干规定 一", "今年以来发文数超过去年同期的，编号时说明理由。",
        "编号",
    ),
    HeldElsewhere(
        "R58", "block", "条例 第三十三条", "撤销的自始无效，废止的自废止之日失效；均须有决定机关。",
        "登记撤销和废止时；引用已失效公文的，拟稿时提示",
    ),
    HeldElsewhere(
        "R59", "block", "条例 第三十一条", "超出分送范围再分发，须经发文机关批准。",
        "分发、补发和转阅；超出的办理“请求扩大分送”",
    ),
    HeldElsewhere(
        "R60", "block", "条例 第三十六条", "离岗人员须移交全部公文和未办事项。", "人员离岗移交",
    ),
    HeldElsewhere(
        "R61", "block", "GB/T 9704 7.3.2、7.3.3", "首页须显示正文；主送机关过多的移至版记。",
        "排版时自动移至版记；提交、修改文稿和编号前实测版式",
    ),
)  # fmt: skip
BY_ID = {entry.id: entry for entry in HELD_ELSEWHERE}


def held_elsewhere(id: str) -> HeldElsewhere:
    """The rule with this id that a deed holds."""
    return BY_ID[id]
