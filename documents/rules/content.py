"""Rules on what the body says: its length, burdens on lower units, obsolete bases, personal data."""

import re
from collections.abc import Iterator
from datetime import date

from documents.interchange import Paper
from documents.rules.office import Office
from documents.rules.registry import Fault, rule
from documents.rules.wording import body_of, fix, lines_of, unquoted

LONGEST, LONGEST_SPECIAL = 5_000, 4_000  # characters: comprehensive papers, papers on one special task
REPORT_BACK = re.compile(
    r"(?:报送|上报|报告|反馈)[^。；]{0,12}(?:贯彻|落实|执行)[^。；]{0,8}情况|"
    r"(?:贯彻|落实|执行)[^。；]{0,8}情况[^。；]{0,20}(?:报送|上报|报我|反馈)"
)
LOWER = r"(?:各(?:地|省|市|州|县|区|乡|镇|街道|级|单位|部门|有关单位)|下级|基层)[^。；]{0,60}?"
FOLLOW_UP = re.compile(
    LOWER
    + r"(?:制定|出台|制订)[^。；]{0,12}(?:配套(?:文件|政策|措施|办法)|实施(?:细则|方案|意见|办法)|贯彻(?:落实)?意见)"
)
NEW_REGULATION = date(2012, 7, 1)  # 条例 第四十二条: in force, and the older two repealed
REGULATION = "《党政机关公文处理工作条例》"
OBSOLETE = (  # what is cited, why no longer, what stands in its stead, the words on the button
    (
        re.compile(r"《国家行政机关公文处理办法》|《中国共产党机关公文处理条例》"),
        f"已由{REGULATION}（2012年）取代，请改引。",
        REGULATION,
        "改引现行条例",
    ),
    (
        re.compile(r"GB/?T\s*9704\s*[-—－―]\s*1999"),
        "已由 GB/T 9704-2012 取代，请改引。",
        "GB/T 9704-2012",
        "改引现行标准",
    ),
    (re.compile(r"^主题词[：:].*$\n?", re.M), "主题词已不再标注，请删去。", "", "删去主题词"),
)
ADDRESS = re.compile(r"(?:https?://|www\.)[\w./?=&%#:\-]+|[A-Za-z0-9_.\-]{1,64}@[A-Za-z0-9_.\-]+", re.ASCII)
IDENTITY = re.compile(
    r"(?<![\dA-Za-z])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dA-Za-z])"
)
MOBILE = re.compile(r"(?<![\dA-Za-z.])1[3-9]\d{9}(?![\dA-Za-z])")
LONG_NUMBER = re.compile(r"(?<![\dA-Za-z.\-—〔])[1-9]\d{9,}(?![\dA-Za-z]|\.\d|[元万亿])")
HOTLINE = re.compile(
    r"(?:电话|热线|传真|客服|QQ群?|公众号|账号|帐号|账户|帐户)[^。；]{0,20}$"
)  # looked for in the 30 characters before


@rule(
    "R52",
    "warn",
    "body",
    "整治形式主义为基层减负若干规定 二",
    "文件正文一般不超过5000字，部署专项工作的一般不超过4000字。",
)
def body_is_short(paper: Paper, office: Office) -> Iterator[Fault]:
    length = sum(len(re.sub(r"\s", "", line)) for line in lines_of(paper))
    if length > LONGEST:
        yield Fault(f"正文{length}字，超过{LONGEST}字，请压缩。")
    elif length > LONGEST_SPECIAL:
        yield Fault(f"正文{length}字；如是部署专项工作的文件，不宜超过{LONGEST_SPECIAL}字。", severity="info")


@rule("R54", "warn", "body", "整治形式主义为基层减负若干规定 三", "一般不要求下级报送贯彻落实情况、制定配套文件。")
def lower_units_are_not_burdened(paper: Paper, office: Office) -> Iterator[Fault]:
    if paper.direction != "downward":
        return
    text = unquoted(body_of(paper))
    for pattern, burden in ((REPORT_BACK, "报送贯彻落实情况"), (FOLLOW_UP, "制定配套文件")):
        found = pattern.search(text)
        if found:
            yield Fault(f"文中要求下级{burden}（“{found[0][-24:]}”），请确认确有必要。")


@rule("R55", "warn", "body", "条例 第四十二条", "不引用已废止的公文规定，不标注主题词。")
def bases_are_in_force(paper: Paper, office: Office) -> Iterator[Fault]:
    if paper.date_of_document and paper.date_of_document < NEW_REGULATION:
        return
    text = body_of(paper)
    for pattern, why, instead, label in OBSOLETE:
        found = pattern.search(text)
        if found:
            mended = pattern.sub(instead, text).rstrip()
            yield Fault(f"“{found[0].strip()[:24]}”：{why}", fix(label, "body", mended))


@rule("R62", "warn", "body", "个人信息保护惯例", "正文不出现身份证号、手机号等个人信息。")
def no_personal_numbers(paper: Paper, office: Office) -> Iterator[Fault]:
    text = ADDRESS.sub("", body_of(paper))
    found = IDENTITY.search(text) or MOBILE.search(text) or unexplained(text)
    if found:
        masked = found[0][:3] + "*" * (len(found[0]) - 5) + found[0][-2:]
        yield Fault(f"正文中有长串数字“{masked}”，可能是证件号或手机号；确需保留的请确认。")


def unexplained(text: str) -> re.Match[str] | None:
    """A long number that no office telephone, account or fax is announced before."""
    return next(
        (
            found
            for found in LONG_NUMBER.finditer(text)
            if not HOTLINE.search(text[max(0, found.start() - 30) : found.start()])
        ),
        None,
    )
