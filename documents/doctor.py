"""What the documents room asks of the machine: the faces of an official paper and the engine that prints it.

It installs nothing; the preparation of the machine does.
"""

from itertools import islice

from documents.models import Document
from documents.paper import fonts
from documents.paper.render import engine
from documents.versions.faults import texts
from officehub.web.doctor import Check, migrations

ON_THE_WAY = ("signed", "rechecked", "numbered", "sealed")
SHOWN = 3


def checks() -> list[Check]:
    return [faces(), printer(), signed_texts()]


def faces() -> Check:
    """Red when a prescribed face is only imitated by the last resort: such a print does not measure right."""
    lacking = fonts.missing()
    if lacking:
        return Check("公文字体", False, f"缺{'、'.join(lacking)}", remedy())
    return Check("公文字体", True, "、".join(map(in_use, fonts.CHAINS)))


def in_use(role: str) -> str:
    """Which face plays a role, and whether it is the office's own."""
    used = fonts.face(role)
    own = "（单位自有）" if fonts.is_own(used) else ""
    return f"{fonts.ADVICE[role].partition('（')[0]} {used.family}{own}"


def remedy() -> str:
    return f"python3 manage.py serve 会取自由字体；单位自有的字体放进 {fonts.var_folder() / 'fonts'}"


def printer() -> Check:
    try:
        used = engine()
    except (OSError, RuntimeError) as fault:  # a library that WeasyPrint opens is not there
        return Check("公文排版", False, str(fault), "python3 manage.py serve 会装好所缺的系统库")
    return Check("公文排版", True, f"WeasyPrint {used['weasyprint']}，Pango {used['pango']}")


def signed_texts() -> Check:
    """R31: papers between sign-off and distribution still say what was signed; `audit verify` looks at all of them."""
    if not migrations().ok:
        return Check("签发文本", True, "数据库结构更新后再核对")
    found = list(islice(texts(Document.objects.filter(state__in=ON_THE_WAY)), SHOWN + 1))
    if not found:
        return Check("签发文本", True, "在办的已签发公文与签发时一致")
    more = " 等" if len(found) > SHOWN else ""
    return Check(
        "签发文本", False, "；".join(found[:SHOWN]) + more, "manage.py audit verify 列出全部；查明后退回重新审批"
    )
