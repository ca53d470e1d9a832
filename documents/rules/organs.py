"""Lists of organs as people type them: splitting a recipients' line, and telling whether two names mean one organ."""

import re

from documents.rules.office import Office

ENDS = ";；:：。.,，、 　"  # what may not stand at the end of a recipients' line
ORGAN_END = r"(?:人民政府|政府|国务院|委员会|局|厅|部|委|办公室|法院|检察院|署)"
AND = re.compile(rf"(?<=[府院会局厅部委室署])(?:和|及|与|并)(?=[\u4e00-\u9fff]{{1,20}}{ORGAN_END}$)")
OFFICE = re.compile(r"办公(?:厅|室)$")


def named(line: str) -> list[str]:
    """The organs on a recipients' line; marks inside brackets do not separate."""
    pieces = re.split(r"[，、；,;]", shielded(line))
    return [name for piece in pieces for name in AND.split(unshielded(piece).strip(ENDS)) if name]


SHIELD = {"，": "\ue000", "、": "\ue001", "；": "\ue002", ",": "\ue003", ";": "\ue004"}  # private-use characters


def shielded(line: str) -> str:
    """The line with separators inside brackets hidden."""
    table = str.maketrans(SHIELD)
    return re.sub(r"（[^（）]*）|\([^()]*\)", lambda found: found[0].translate(table), line)


def unshielded(piece: str) -> str:
    return piece.translate(str.maketrans({hidden: mark for mark, hidden in SHIELD.items()}))


def full_name(office: Office, name: str) -> str:
    """The registered full name, or the name itself when the register does not know it."""
    fact = office.organ(name)
    return fact.name if fact else name


def same_organ(office: Office, one: str, other: str) -> bool:
    """Whether two names mean one organ: by the register, else when one shortens the other (条例 第九条(四))."""
    first, second = full_name(office, one), full_name(office, other)
    if first == second:
        return True
    if office.organ(one) and office.organ(other):
        return False
    return same_kind_of_end(first, second) and (shortens(first, second) or shortens(second, first))


def same_kind_of_end(one: str, other: str) -> bool:
    """A government and its 办公室 are two organs however alike their names."""
    return bool(OFFICE.search(one)) == bool(OFFICE.search(other))


def shortens(short: str, full: str) -> bool:
    """Whether `short` is `full` with characters left out: 市发展改革委 of 云岭市发展和改革委员会."""
    rest = iter(full)
    return all(character in rest for character in short)
