"""A demo paper whose text was changed on its way and set right at 复核, one the rechecker has before her, and one that
was repealed since."""

from datetime import timedelta

from django.utils import timezone

from documents.annulling import deed
from documents.demo import DATA, READING, agree, begin, open_step, paper, until_distributed, until_signed
from documents.drafting import amend
from documents.versions.correct import correct

PROVINCE = "江岭省人民政府"


def fill(office, now) -> None:
    corrected(office, now)
    repealed(office, now)
    amended(office, now)


def amended(office, now) -> None:
    """The vetter changed the text; the leader, who had looked at it before, sees what."""
    at = now - timedelta(hours=5)
    fields = paper("做好全市政务数据更新工作的通知", DATA.split("| 数据类别")[0])
    document = begin(office, fields, at)
    agree(office, document, "lixiang", at + timedelta(hours=1), "拟同意。")
    step, by = open_step(office, document, "jiangyue"), office.people["jiangyue"]
    text = fields["body"].replace("五个工作日内", "三个工作日内").replace("纳入共享目录", "纳入共享目录管理")
    text += "\n三、明确工作时限\n各部门于12月20日前完成目录更新，逾期未完成的予以通报。"
    given = {"fields": {**fields, "body": text}, "revision": document.revision}
    amend(document, by=by, step=step, now=at + timedelta(hours=2), **given)
    document.refresh_from_db()
    agree(office, document, "jiangyue", at + timedelta(hours=3), "缩短了更新时限，请阅改动。")


def corrected(office, now) -> None:
    """Signed with a slip, which the rechecker has set right; it waits for the rest of the recheck."""
    at = now - timedelta(hours=18)
    fields = paper("推广松岭县矛盾纠纷化解经验的通知", READING.replace("值得各地借鉴", "值得各地借签"))
    document = until_signed(office, fields, at)
    changes = {"body": fields["body"].replace("借签", "借鉴")}
    given = {"changes": changes, "revision": document.revision, "reason": "“借签”系笔误，改为“借鉴”。"}
    correct(document, by=office.people["suqing"], now=at + timedelta(hours=4), **given)


def repealed(office, now) -> None:
    at = now - timedelta(days=40)
    document = until_distributed(office, paper("做好秋季供热试运行工作的通知", READING), at, ("市住建局", "市财政局"))
    decision = deed.Decision(
        sort="repealed",
        decided_by=office.organs[PROVINCE],
        reason="供热试运行已经结束，不再执行。",
        basis_number=f"江政发〔{at.year}〕88号",
        basis_title=f"{PROVINCE}关于废止部分文件的通知",
        effective_from=timezone.localdate(now) - timedelta(days=1),
    )
    deed.annul(document, decision, by=office.people["xiaonan"], now=now - timedelta(days=2))
