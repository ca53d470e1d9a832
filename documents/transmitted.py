"""印发、转发、批转: how such a title is built, and which attachment of a paper is the text it transmits.

Pure reading of words; nothing here knows the database. The transmitted text follows the paper on a page of its own,
but is no 附件: it bears no such label and no 附件说明 names it. That it is one shows from the title, so that the
interchange format needs no field for it.
"""

import re

from documents.elements import Attachment, Paper

PATTERNS = ("印发", "转发", "批转")
ACT = re.compile(
    r"^(?:(?!关于).)*?(?:关于)?(?P<pattern>印发|转发|批转)"
)  # before any other 关于, or right after the first
MARKS = re.compile(r"《([^《》]*)》")
QUOTES = re.compile(r"[《》〈〉\s]")
NOTICE = "的通知"
RULE = re.compile(r"^中华人民共和国[^关]*法$|(?:条例|规定|办法|规则|细则)(?:（[^（）]*）)?$")  # names of laws and rules
WHOLE = re.compile(r"(?:意见|通报|报告|请示|函|决定|纪要|公告|通告|方案|计划|规划|要点)(?:（[^（）]*）)?$")
BRACKETED = re.compile(r"（[^（）]*）$")


def conveyed(title: str) -> str:
    """What a title says is transmitted, without book-title marks and the closing 的通知; empty for other titles."""
    found = ACT.match(title)
    return QUOTES.sub("", title[found.end() :]).removesuffix(NOTICE) if found else ""


def innermost(title: str) -> str:
    """The paper that a chain of notices transmits in the end: the middle layers are skipped.

    “省政府办公厅转发国务院办公厅关于……的通知的通知” transmits “国务院办公厅关于……的通知”; a notice that issues its own
    annex (印发) is itself the paper.
    """
    while (found := ACT.match(title)) and found["pattern"] != "印发":
        title = title[found.end() :]
        if title.endswith(NOTICE + NOTICE) or _is_whole(title.removesuffix(NOTICE)):
            title = title.removesuffix(NOTICE)
    return title


def _is_whole(title: str) -> bool:
    """Whether what is left is a title by itself: it ends in a kind of paper, or is the name of a rule."""
    return bool(WHOLE.search(title) or RULE.search(QUOTES.sub("", title)))


def unmarked(title: str) -> str:
    """Without book-title marks, but round the names of laws and rules inside it."""
    return MARKS.sub(lambda found: found[0] if RULE.search(found[1]) else found[1], re.sub(r"\s", "", title))


def title_for(issuer: str, pattern: str, source: str) -> str:
    """The title of the notice that transmits a paper.

    No book-title marks but round the names of laws and rules; 关于 once; 的通知 once, however many notices it passed
    through.
    """
    if pattern not in PATTERNS:
        raise ValueError(f"pattern must be one of {'、'.join(PATTERNS)}, not {pattern!r}")
    plain = unmarked(source)
    if pattern == "印发":
        return f"{issuer}关于印发{marked(plain.removeprefix('关于'))}{NOTICE}"
    plain = innermost(plain)
    ending = "" if plain.endswith(NOTICE) else NOTICE
    return f"{issuer}{pattern}{marked(plain)}{ending}"


def marked(name: str) -> str:
    """The bare name of a law or rule in book-title marks; anything else as it is."""
    return f"《{name}》" if RULE.search(name) and "关于" not in name and "《" not in name else name


def opening_for(pattern: str, title: str, number: str = "", to: str = "你们") -> str:
    """The sentence with which such a notice usually begins, to be worked on by the drafter."""
    cited = f"《{QUOTES.sub('', title)}》" + (f"（{number}）" if number else "")
    match pattern:
        case "印发":
            return f"现将{cited}印发给{to}，请认真贯彻执行。"
        case "转发":
            return f"现将{cited}转发给{to}，请结合实际，认真贯彻落实。"
    return f"同意{cited}，现批转给{to}，请认真组织实施。"


# --- in a paper --------------------------------------------------------------------------------------------------


def transmitted(paper: Paper) -> Attachment | None:
    """The attachment that is the paper transmitted, by the title of both; None when there is none."""
    if paper.kind != "通知":
        return None
    named = _core(conveyed(paper.title))
    if not named:
        return None
    return next((one for one in paper.attachments if _core(QUOTES.sub("", one.title)) == named), None)


def _core(title: str) -> str:
    """What two names of one paper have in common: all after 关于, without 的通知 and a bracket such as （试行）."""
    bare = BRACKETED.sub("", title.removesuffix(NOTICE).removesuffix(NOTICE))
    return bare.partition("关于")[2] or bare


def annexes(paper: Paper) -> tuple[Attachment, ...]:
    """The attachments proper, as 附件说明 lists them."""
    carried = transmitted(paper)
    return tuple(one for one in paper.attachments if one is not carried)
