"""The office as the rules see it: answered from the register of organs."""

from functools import cached_property

from django.conf import settings

from documents.models.numbering import Series
from documents.rules import OrganFact
from officehub.people.models import Department, Organ

RANK = {level: rank for rank, level in enumerate(Organ.Level.values)}


class RegisteredOffice:
    """Read once per check: two queries, whatever the paper names."""

    def __init__(self, today):
        self.today = today
        self.accredited = settings.CLASSIFIED_ENABLED

    @cached_property
    def _facts(self) -> dict[str, OrganFact]:
        codes: dict[int, list[str]] = {}
        for organ_id, code in Series.objects.filter(is_active=True).values_list("organ_id", "code"):
            codes.setdefault(organ_id, []).append(code)
        facts = {}
        for organ in Organ.objects.select_related("superior"):
            fact = self._fact(organ, tuple(codes.get(organ.pk, ())))
            facts[organ.name] = facts[organ.short_name] = fact
        for name, organ, general in Department.objects.values_list("name", "organ__name", "is_general_office"):
            facts.setdefault(name, OrganFact(name=name, superior=organ, is_division=not general))
        return facts

    def _fact(self, organ: Organ, codes: tuple[str, ...]) -> OrganFact:
        return OrganFact(
            name=organ.name,
            short_name=organ.short_name,
            level=RANK[organ.level],
            superior=organ.superior.name if organ.superior else "",
            is_department=organ.kind == Organ.Kind.DEPARTMENT,
            is_party_or_government=organ.kind in (Organ.Kind.PARTY, Organ.Kind.GOVERNMENT),
            active=organ.active_on(self.today),
            codes=codes,
        )

    @property
    def keeps_register(self) -> bool:
        return bool(self._facts)

    def organ(self, name: str) -> OrganFact | None:
        return self._facts.get(name)
