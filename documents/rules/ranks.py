"""What an organ's bare name tells of its level, for papers whose organs are not in the register.

It only speaks where the name is plain; where it is not, the rules that ask stay silent.
"""

import re

COUNTRY, PROVINCE, CITY, COUNTY, TOWNSHIP = range(5)
MARKS = (  # the lowest place named decides; 自治区 is a province, 县级市 cannot be told from a city by name
    (TOWNSHIP, re.compile(r"[^各、\W]*?(?:乡|镇|街道)(?=人民政府|党委|党工委|办事处|$|[（、，])")),
    (COUNTY, re.compile(r"县|旗|(?<!自治)(?<!特别行政)(?<!开发)(?<!行政)(?<!社)(?<!地)区(?!域|划|块|位)")),
    (CITY, re.compile(r"(?<!城)市(?!场|监)|(?:自治)?州(?=人民|委|政|[\u4e00-\u9fff]{2,8}局)|盟(?=行政)")),
    (PROVINCE, re.compile(r"省|自治区")),
    (COUNTRY, re.compile(r"^国务院|^党中央|^中共中央|^国家|^全国")),
)
MUNICIPALITY = re.compile(r"(?:北京|天津|上海|重庆)市")  # of a province's rank; its districts are of a city's
COLLECTIVE = re.compile(r"^(?:各|有关|相关|驻|全[省市县区]|[^，]{0,6}(?:各|有关|相关|所属|直属|属(?=[国企事])))")
DEPARTMENT = re.compile(
    r"(?:局|(?<!办公)厅)$|^(?:各[\u4e00-\u9fff（）、]*)?[省市县区](?:直(?:属)?)?(?:各)?(?:部门|单位)$"
)
GOVERNMENT = re.compile(r"(?:人民政府|^国务院|[省市县区州旗]政府)$|^国务院$")
COMMITTEE = re.compile(r"^(?:中国共产党|中共).{2,16}委员会$|^[\u4e00-\u9fff]{0,6}[省市县区州]委$|党委$|党工委$")
PLACE = re.compile(r"^[\u4e00-\u9fff]{1,20}?(?:自治区|省|自治州|市|盟|自治县|县|旗|区|镇|乡)(?![场域划])")


def rank(name: str) -> int | None:
    """0 (country) to 4 (township) by the lowest place in the name; None when the name does not tell."""
    plain = MUNICIPALITY.sub("省", name)
    return next((level for level, mark in MARKS if mark.search(plain)), None)


def is_collective(name: str) -> bool:
    """“各县（市、区）人民政府”, “有关单位”: many organs under one name."""
    return bool(COLLECTIVE.match(name))


def is_government(name: str) -> bool:
    return bool(GOVERNMENT.search(name))


def is_committee(name: str) -> bool:
    """A committee of the Party."""
    return bool(COMMITTEE.search(name))


def is_department(name: str) -> bool:
    """A government's department whose name says so (局, 厅); 委 and 办 may be the Party's and are left open."""
    return bool(DEPARTMENT.search(name))


def place(name: str) -> str:
    """The place an organ's full name begins with: 云岭市 of 云岭市财政局; empty for short names such as 市财政局."""
    found = PLACE.match(name)
    return found[0] if found and len(found[0]) > 1 else ""


def same_place(one: str, other: str) -> bool:
    """Whether both names are of one place; a short name (市财政局) is of the writer's own place."""
    if rank(one) is None or rank(one) != rank(other):
        return False
    return not place(one) or not place(other) or place(one) == place(other)


def plainly_below(name: str, writer: str) -> bool:
    """Whether the name alone shows an organ below the writer."""
    lower, own = rank(name), rank(writer)
    if lower is None or own is None:
        return False
    if lower > own:
        return True
    return is_government(writer) and is_department(name) and same_place(name, writer)
