"""Stock opinions: a person's own first, else the office's usual ones. Reasons for returning stand apart."""

from officehub.approvals.models import StockPhrase

USUAL = ("同意", "拟同意，请领导审定", "请按程序办理")
RETURNING = ("请修改后再报", "请补充有关材料后再报", "请与有关部门协商一致后再报")  # for the reason of a return
SHOWN = 8


def phrases_of(person) -> list[str]:
    return list(StockPhrase.objects.filter(person=person).values_list("text", flat=True)[:SHOWN]) or list(USUAL)


def keep(person, text: str) -> bool:
    """Add one to a person's own; True when it was not there yet. The usual ones stay when the first own one comes."""
    text = text.strip()[:60]
    if not text:
        return False
    if not StockPhrase.objects.filter(person=person).exists():
        StockPhrase.objects.bulk_create([StockPhrase(person=person, text=usual) for usual in USUAL])
    return StockPhrase.objects.get_or_create(person=person, text=text)[1]
