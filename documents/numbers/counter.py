"""The counter of a series in a year: where the next number comes from, for papers and for reservations alike."""

from django.db.models import F

from documents.models import NumberYear, Series


def take(series: Series, year: int, count: int = 1) -> int:
    """The first of the next `count` numbers; the counter's row stays locked until the transaction ends, so that what is
    rolled back is taken by the next in line and leaves no gap."""
    NumberYear.objects.bulk_create([NumberYear(series=series, year=year)], ignore_conflicts=True)
    counter = NumberYear.objects.filter(series=series, year=year)
    counter.update(last=F("last") + count)
    return counter.get().last - count + 1


def upcoming(series: Series, year: int) -> int:
    """The number that would be taken next, if nobody is quicker."""
    last = NumberYear.objects.filter(series=series, year=year).values_list("last", flat=True).first()
    return (last or 0) + 1
