"""What leaves the archive leaves it by one way: an item of an open register of destruction is not handed over.

Whoever packs, hands over, condemns or destroys items of a fonds holds the fonds first, so that none of these deeds can
slip in between the question and the deed of another.
"""

from documents.models import Appraisal, DestructionRegister
from officehub.approvals.decide import DecisionRefused
from officehub.people.models import Organ

NAMED = 3


def hold_fonds(fonds: str) -> None:
    """Lock the organs of a fonds, in one order, until the transaction ends."""
    organs = Organ.objects.select_for_update(no_key=True).filter(fonds_number=fonds).order_by("pk")
    list(organs.values_list("pk"))


def refuse_condemned(items, sentence: str) -> None:
    """Raises DecisionRefused when one of these items stands in a register not settled yet; the `sentence` has gaps for
    their count and the registers, %(count)s and %(registers)s."""
    lines = Appraisal.objects.filter(item__in=items.values("pk"), decision=Appraisal.Decision.DESTROY, open=True)
    if count := lines.values("item").distinct().count():
        found = DestructionRegister.objects.filter(pk__in=lines.values("register")).order_by("pk")[: NAMED + 1]
        names = [str(register) for register in found]
        named = "、".join(names[:NAMED]) + ("等" if len(names) > NAMED else "")
        raise DecisionRefused([sentence % {"count": count, "registers": named}])
