"""What a template leaves open (××) must be filled in before anybody signs."""

import re
from collections.abc import Iterator

from documents import body as body_text
from documents.interchange import Paper
from documents.rules.office import Office
from documents.rules.registry import Fault, rule
from documents.rules.typography import PLACES
from documents.rules.wording import texts

OPEN = re.compile(r"×{2,}|20××|〈机关〉|(?<=年)×(?=月)|(?<=月)×(?=日)")
AROUND = 12  # characters shown before and after


@rule("F04", "warn", "body", "范本", "范本中的“××”等待填处应当填写完整。")
def nothing_is_left_open(paper: Paper, office: Office) -> Iterator[Fault]:
    named = [(name, PLACES[name], text) for name, text in texts(paper)]
    named += [("attachments", f"附件“{one.title[:20]}”", f"{one.title}\n{body_text.to_text(one.body)}")
              for one in paper.attachments]  # fmt: skip
    for field, place, text in named:
        found = list(OPEN.finditer(text))
        if found:
            yield Fault(f"{place}有{len(found)}处待填（“{around(text, found[0])}”），请填写。", field=field)


def around(text: str, found: re.Match[str]) -> str:
    return text[max(0, found.start() - AROUND) : found.end() + AROUND].replace("\n", " ").strip()
