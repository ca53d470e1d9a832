"""Chinese for what the record keeps in code: verbs of events and names of facts. It changes nothing that is kept."""

from officehub.people.models import Role
from officehub.web import hubs

VERBS = {
    "added": "新增",
    "changed": "修改",
    "removed": "删除",
    "retired": "停用",
    "published": "发布流程",
    "calendar_confirmed": "确认日历",
    "role_given": "授予角色",
    "role_taken": "收回角色",
    "create": "拟稿",
    "save": "保存草稿",
    "attach": "加附件",
    "detach": "删附件",
    "submit": "提交审批",
    "withdraw": "撤回",
    "approval.started": "开始审批",
    "approval.agreed": "同意",
    "approval.returned": "退回",
    "approval.withdrawn": "撤回审批",
    "approval.merged": "免签",
    "approval.reassigned": "改派",
    "approval.disagreed": "不同意",
    "approval.transferred": "转办",
    "approval.signers_added": "加签",
    "approval.signer_removed": "减签",
    "approval.advice_asked": "征询意见",
    "approval.advised": "答复意见",
    "approval.advice_recalled": "收回征询",
    "approval.taken_back": "拿回",
    "approval.sent_back": "退回拟稿人",
    "approval.suspended": "中止",
    "approval.resumed": "恢复",
    "approval.terminated": "终止",
    "approval.chased": "催办",
    "approval.settled": "审批通过",
    "approval.migrated": "迁移到新版本",
    "return_": "退回拟稿人",
    "sign_off": "签发",
    "recheck": "复核",
    "recheck_return": "复核退回",
    "number": "编号",
    "printed": "排版",
    "seal": "用印",
    "distribute": "分发",
    "delivered": "送达",
    "open": "打开",
    "acknowledge": "签收",
    "download": "下载",
    "archive": "归档",
}
FACTS = {
    "fields": "改动的项",
    "was": "原为",
    "role": "角色",
    "year": "年度",
    "listed": "所列天数",
    "source": "依据",
    "date": "日期",
    "is_workday": "是否工作日",
    "from": "由第几版",
    "stages": "环节",
    "title": "标题",
    "sha256": "文件校验值",
    "attachment": "附件",
    "revision": "稿次",
    "reason": "理由",
    "opinion": "意见",
    "stage": "环节",
    "round": "轮次",
    "document_number": "发文字号",
    "purpose": "用途",
    "pages": "页数",
    "measured_ok": "版式实测合格",
    "readers": "阅件人数",
    "departments": "部门",
    "people": "人员",
    "text": "文本校验值",
    "seen": "所见文本校验值",
    "reference_code": "档号",
    "retention": "保管期限",
    "state": "状态",
    "kind": "文种",
    "chosen": "所选会签部门",
    "order": "次序",
    "name": "名称",
    "verb": "事项",
    "branch": "分支",
    "who": "由谁",
    "person_id": "人员编号",
    "post_id": "岗位编号",
    "department_id": "部门编号",
    "candidates": "候选人",
    "mode": "方式",
    "quota": "同意比例",
    "weights": "票权",
    "dissent": "有不同意见时",
    "internal": "按部门内部流程办理",
    "limit_value": "时限",
    "limit_unit": "时限单位",
    "silence_consents": "逾期视为无不同意见",
    "condition": "适用条件",
    "may_skip_if_nobody": "无人时跳过",
    "merges": "与上一环节同一人时免签",
    "permits": "可以",
    "after_return": "退回后",
    "if_changed": "文稿改动后",
    "version": "流程版本",
    "stands_at": "停在",
    "again": "重新办理",
    "manner": "办理方式",
    "straight": "直送退回人",
    "question": "征询事项",
    "answer": "答复",
    "sort": "性质",
    "person": "人员",
    "before": "先办",
    "to": "送往",
    "bypass": "分离例外",
    "rule": "规则",
    "what": "情形",
    "content_hash": "文本校验值",
    "id": "步骤编号",
}


def verb_in_words(verb: str) -> str:
    """What an event says was done; a verb of a work item has its room's word; one without a word is shown as kept."""
    return VERBS.get(verb) or dict(hubs.verbs()).get(verb) or verb


def facts_in_words(facts: dict) -> list[str]:
    """One line for each fact."""
    return [f"{FACTS.get(name, name)}：{value_in_words(name, value)}" for name, value in facts.items()]


def value_in_words(name: str, value) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(value_in_words(name, one) for one in value) or "无"
    if isinstance(value, dict):
        return "；".join(facts_in_words(value)) or "无"
    if name == "role":
        return dict(Role.choices).get(value, value)
    return "无" if value in (None, "") else str(value)
