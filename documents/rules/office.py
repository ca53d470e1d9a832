"""What the rules ask of the office they work for; the documents room answers from its register of organs."""

from dataclasses import dataclass
from typing import Protocol

CHAIN = 12  # links; no line of command in China is longer, and a loop in the register must not hang a check


@dataclass(frozen=True)
class OrganFact:
    """What the register says of an organ; `superior` is the full name of the organ directly above it."""

    name: str
    short_name: str = ""
    level: int = 0  # 0 central, 1 province, 2 city, 3 county, 4 township: smaller is higher
    superior: str = ""
    is_division: bool = False  # an internal division other than 办公厅（室）
    is_department: bool = False  # a working department of a government
    is_party_or_government: bool = False  # a 党委 or 人民政府 itself
    active: bool = True
    codes: tuple[str, ...] = ()  # 机关代字 it issues under


class Office(Protocol):
    """The office's own facts, as far as the rules need them."""

    @property
    def accredited(self) -> bool:
        """Whether this deployment may hold state secrets (保密法 第三十一条)."""

    @property
    def keeps_register(self) -> bool:
        """Whether there is a register of organs at all; without one an unknown name means nothing."""

    def organ(self, name: str) -> OrganFact | None:
        """The organ with this full or standard short name."""


class Unregistered:
    """An office that knows no organ and is not accredited for secrets: for checking a file without a database."""

    accredited = False
    keeps_register = False

    def organ(self, name: str) -> OrganFact | None:
        return None


def superiors(office: Office, fact: OrganFact) -> list[str]:
    """Full names of the organs above, nearest first."""
    names: list[str] = []
    above = office.organ(fact.superior) if fact.superior else None
    while above and above.name not in names and len(names) < CHAIN:
        names.append(above.name)
        above = office.organ(above.superior) if above.superior else None
    return names
