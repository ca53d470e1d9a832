"""Making the papers: each with its number, its access rows, its delivery and its errands."""

import random
from collections import defaultdict
from datetime import date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.utils import timezone

from documents import models as kept
from documents.volume import trail
from documents.volume.pour import ids_were_given, next_id, pour
from documents.volume.scale import Scale
from documents.volume.staff import Place, bench_of
from documents.volume.texts import Text, texts
from officehub.inbox.models import WorkItem
from officehub.people.grants import Because, view_permission
from officehub.people.models import Department
from officehub.workdays.arithmetic import worked_days

RECENT = 2_000  # the newest papers, which some of their readers have not acknowledged yet
TO_ALL = 50  # one paper in so many is shown to everybody
ARCHIVED_AFTER = timedelta(days=14)
OPENING, OFFICE_SECONDS = 30_600, 28_800  # 8:30, and eight hours of it

COLUMNS = {
    kept.Document: "id organ_id department_id drafter_id kind title direction urgency important normative "
    "affects_business content overrides state revision created_at sort_at signed_by_id signed_at signed_hash "
    "document_number printing_date",
    kept.NumberEntry: "series_id year seq document_id reason at",
    kept.DocumentUserGrant: "permission_id content_object_id user_id because sort_at kind",
    kept.DocumentGroupGrant: "permission_id content_object_id group_id because sort_at kind",
    WorkItem: "assignee_id verb title source subject_type_id subject_id key urgency opened_at seen_at due_at "
    "due_provisional done_at outcome",
    **trail.COLUMNS,
}


class Making:
    """One filling: where ids and numbers stand, and the rows of the batch at hand."""

    def __init__(self, scale: Scale, now: datetime, staff: list[Place], chance: random.Random):
        self.scale, self.now, self.staff, self.chance = scale, now, staff, chance
        self.zone = ZoneInfo(settings.TIME_ZONE)
        self.texts: list[Text] = texts()
        self.weights = list(accumulate(text.weight for text in self.texts))
        self.benches = {organ.pk: bench_of(organ) for organ in {text.series.organ for text in self.texts}}
        self.permission = view_permission(kept.Document).pk
        self.roots = list(Department.objects.filter(parent=None).values_list("group_tree_id", flat=True))
        self.first_id = next_id(kept.Document)
        self.trail = trail.Trail(self)
        today = timezone.localdate(now)
        self.days = worked_days(today - timedelta(days=365 * scale.years), today - timedelta(days=1))
        self.last = {(row.series_id, row.year): row.last for row in kept.NumberYear.objects.all()}
        self.rows: dict[type, list[tuple]] = defaultdict(list)
        self.poured: dict[str, int] = {"people": scale.people}
        self.moment = connection.ops.adapt_datetimefield_value

    def make(self, first: int, end: int) -> None:
        """The papers from `first` up to `end`, counted from 0, the oldest first; in the caller's transaction."""
        for index in range(first, end):
            self.paper(index)
        for model, columns in COLUMNS.items():
            rows = self.rows.pop(model, [])
            self.poured[model._meta.db_table] = self.poured.get(model._meta.db_table, 0) + len(rows)
            pour(model, columns.split(), rows)
        for (series, year), last in self.last.items():
            kept.NumberYear.objects.update_or_create(series_id=series, year=year, defaults={"last": last})
        ids_were_given(kept.Document, kept.Distribution, kept.Addressee)

    def paper(self, index: int) -> None:
        """One paper with all its rows."""
        text = self.chance.choices(self.texts, cum_weights=self.weights)[0]
        place = self.chance.choice(self.staff)
        paper = Made(self, index, text, place)
        self.rows[kept.Document].append(paper.row())
        self.rows[kept.NumberEntry].append((text.series.pk, paper.year, paper.seq, paper.pk, "", paper.sort_at))
        self.rows[kept.DocumentUserGrant] += [paper.grant(pk, why) for pk, why in paper.participants().items()]
        self.rows[kept.DocumentGroupGrant] += [paper.grant(pk, why) for pk, why in paper.groups().items()]
        newest = index >= self.scale.papers - RECENT
        self.rows[WorkItem] += self.trail.errands(paper, newest=newest)
        if self.scale.trail:
            self.trail.add(paper, newest=newest)

    def at(self, day: date, seconds: int) -> datetime:
        hours, rest = divmod(OPENING + seconds, 3600)
        return datetime(day.year, day.month, day.day, hours, rest // 60, rest % 60, tzinfo=self.zone)

    def next_number(self, series: int, year: int) -> int:
        self.last[series, year] = self.last.get((series, year), 0) + 1
        return self.last[series, year]


class Made:
    """One paper as it is being made: drafted one working day, signed the next, sent out the day after."""

    def __init__(self, making: Making, index: int, text: Text, place: Place):
        place_in_time = index * (len(making.days) - 2) / making.scale.papers
        day, seconds = int(place_in_time), int(place_in_time % 1 * OFFICE_SECONDS)
        self.making, self.text, self.place, self.pk = making, text, place, making.first_id + index
        self.created, self.signed, self.sent = (making.at(making.days[day + n], seconds) for n in range(3))
        self.sort_at = making.moment(self.sent)
        self.year = self.signed.year
        self.seq = making.next_number(text.series.pk, self.year)
        self.number = f"{text.series.code}〔{self.year}〕{self.seq}号"
        self.bench = making.benches[text.series.organ_id]
        self.drafter = making.chance.choice(place.people)
        self.to = self._addressees()
        self.archived = making.scale.trail and self.sent < making.now - ARCHIVED_AFTER

    def _addressees(self) -> list[Place]:
        """One to three departments, some of them addressed far more often than others."""
        staff, chance = self.making.staff, self.making.chance
        picked = {int(chance.random() ** 2 * len(staff)) for _ in range(chance.randint(1, 3))}
        return [staff[number] for number in sorted(picked)]

    def row(self) -> tuple:
        text, columns, moment = self.text, self.text.columns, self.making.moment
        state = kept.Document.State.ARCHIVED if self.archived else kept.Document.State.DISTRIBUTED
        return (
            *(self.pk, text.series.organ_id, self.place.department.pk, self.drafter.pk, columns["kind"]),
            *(
                columns["title"],
                columns["direction"],
                columns["urgency"],
                False,
                False,
                False,
                text.content,
                "{}",
                str(state),
                0,
            ),
            *(moment(self.created), self.sort_at, self.bench.leader, moment(self.signed), text.hash, self.number),
            self.sent.date(),
        )

    def participants(self) -> dict[int, str]:
        """Who took part, and the heads above the drafter; taking part is the reason that comes first."""
        above = dict.fromkeys(self.place.superiors, str(Because.SUPERIOR))
        return {**above, **dict.fromkeys((self.drafter.pk, *self.bench.everybody), str(Because.PARTICIPANT))}

    def groups(self) -> dict[int, str]:
        """The departments it was sent to; one paper in fifty is also shown to everybody, by name."""
        shown = self.making.roots if self.pk % TO_ALL == 0 else []
        return {
            **dict.fromkeys(shown, str(Because.EXCEPTION)),
            **{place.department.group_direct_id: str(Because.RECIPIENT) for place in self.to},
        }

    def grant(self, principal: int, because: str) -> tuple:
        return (self.making.permission, self.pk, principal, because, self.sort_at, self.text.columns["kind"])
