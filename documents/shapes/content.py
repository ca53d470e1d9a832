"""From the answers of the editor to the fields of the interchange format, and back. Pure.

What a paper came with and the editor has no answer for (a masthead or signature of its own, pictures of seals) stays,
as long as the organs and the kind are the same.
"""

from typing import Any

from documents.shapes.offered import (
    ATTENDED,
    LETTERS,
    NAMED,
    SEALED,
    STAMP,
    UNSEALED,
    UNSIGNED,
    endings,
    goes_up,
    usual_layout,
)

PEOPLE = ("present", "excused", "observers")
AS_USUAL, LEAD, BARE, OWN = "", "lead", "bare", "own"  # how the masthead of a paper in general format is made up
Fields = dict[str, Any]


def answers(content: Fields) -> Fields:
    """The answers that stand for what a paper says now, by the names of the form's fields."""
    kind, issuers = content.get("kind", ""), list(content.get("issuers", []))
    stamp = content.get("signature_stamp") or {}
    usual = usual_layout(kind)
    layout = content.get("layout", usual)
    return {
        "layout": "" if layout == usual else layout,
        "co_issuers": "\n".join(issuers[1:]),
        "co_signers": "\n".join(content.get("signers", [])),
        "masthead_form": masthead_form(content),
        "masthead": content.get("masthead", "") if kind in NAMED else "",
        "ending": ending(content),
        "stamp_office": stamp.get("office", ""),
        "stamp_name": stamp.get("name", ""),
        **{name: "、".join(content.get(name, [])) for name in PEOPLE},
    }


def masthead_form(content: Fields) -> str:
    issuers, mark = content.get("issuers", []), content.get("masthead", "")
    if not mark or not issuers:
        return LEAD if len(issuers) > 1 else AS_USUAL  # as `reading.default_masthead` has it
    known = {"、".join(issuers) + "文件": AS_USUAL, issuers[0] + "文件": LEAD, issuers[0]: BARE}
    return known.get(mark, OWN)


def ending(content: Fields) -> str:
    """How the paper ends; of one that says nothing of it, as its kind usually does."""
    usual, units, seal = endings(content.get("kind", ""))[0], content.get("signature_units"), content.get("seal")
    if content.get("signature_stamp"):
        return STAMP
    if units is None and (seal is None or (seal is False and usual in (STAMP, UNSIGNED))):
        return usual
    if units == []:
        return STAMP if usual == STAMP else UNSIGNED
    return UNSEALED if seal is False else SEALED


def begun(kind: str) -> Fields:
    """What a new paper of a kind says of its ending from the first: nobody has signed yet what a person signs."""
    return {"signature_units": [], "seal": False} if endings(kind)[0] == STAMP else {}


def said(was: Fields) -> Fields:
    """The answers of a paper as `fields` takes them: names as lists, its kind and direction with them."""
    lists = {name: list(was.get(name, [])) for name in PEOPLE}
    lists |= {"co_issuers": list(was.get("issuers", []))[1:], "co_signers": list(was.get("signers", []))}
    return {**answers(was), **lists, "kind": was.get("kind", ""), "direction": was.get("direction", "")}


def fields(given: Fields, was: Fields) -> Fields:
    """What the answers make of a paper that `was`; empty values take the field out of it. Nothing, when the answers are
    those that it came with: then it is left as it stands, also where it says more than it need."""
    if all(given[name] == value for name, value in said(was).items()):
        return {}
    lead = list(was.get("issuers", []))[:1]
    issuers = [*lead, *given["co_issuers"]]
    kind = given["kind"]
    layout = given["layout"] if kind in LETTERS else ""
    same = kind == was.get("kind") and issuers == list(was.get("issuers", []))
    up = goes_up(kind, given.get("direction", ""))
    return {
        **({"issuers": issuers} if issuers else {}),
        "layout": layout or (was.get("layout", "") if same and kind not in LETTERS else ""),
        "signers": given["co_signers"] if up and len(issuers) > 1 else [],
        "masthead": masthead(given, issuers, layout or usual_layout(kind), was if same else {}),
        **signed(given, was if same else {}),
        **{name: given[name] if kind in ATTENDED else [] for name in PEOPLE},
    }


def masthead(given: Fields, issuers: list[str], layout: str, was: Fields) -> str:
    """发文机关标志 (条例 第九条(四), GB/T 9704 7.2.4, 10); empty where the format's default is meant."""
    if given["kind"] in NAMED:
        return given["masthead"]
    if layout != "general":
        return was.get("masthead", "") if was.get("layout", usual_layout(given["kind"])) == layout else ""
    made = given["masthead_form"]
    if made == OWN:
        return was.get("masthead", "")
    if made == BARE:
        return "".join(issuers[:1])
    return "、".join(issuers) + "文件" if made == AS_USUAL and len(issuers) > 1 else ""


def signed(given: Fields, was: Fields) -> Fields:
    """署名, 印章 or 签名章."""
    chosen = given["ending"]
    if chosen == STAMP:
        stamp = {"office": given["stamp_office"], "name": given["stamp_name"]}
        return {"signature_units": [], "seal": False, "signature_stamp": stamp if all(stamp.values()) else None}
    if chosen == UNSIGNED:
        return {"signature_units": [], "seal": False, "signature_stamp": None}
    usual = None if endings(given["kind"])[0] == SEALED else True
    pictures = was.get("seal") if isinstance(was.get("seal"), list) else usual
    seal = False if chosen == UNSEALED else pictures
    return {"signature_units": was.get("signature_units") or None, "seal": seal, "signature_stamp": None}
