"""The access table: who may see which object, and why. The only place that speaks guardian.

A room subclasses `UserGrant` and `GroupGrant` with a direct foreign key; guardian then answers `has_perm` from the same
rows. Each row carries the list's sort and filter columns, so a list is the newest few rows of each principal merged
(scale.md 1): flat from ten thousand to a million objects.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connections, models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from guardian.managers import GroupObjectPermissionManager, UserObjectPermissionManager
from guardian.models.models import GroupObjectPermissionBase, UserObjectPermissionBase

from officehub.people.models import Department, Person


class Because(models.TextChoices):
    """Why a row is there."""

    PARTICIPANT = "participant", "参与办理"
    RECIPIENT = "recipient", "分送对象"
    SUPERIOR = "superior", "所属部门上级"
    ROLE = "role", "岗位职责"
    EXCEPTION = "exception", "专项授权"


class FilledQuerySet(models.QuerySet):
    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> Any:
        objs = list(objs)
        for row in objs:
            row.fill()
        return super().bulk_create(objs, *args, **kwargs)


class GrantRow(models.Model):
    """What every row carries besides guardian's columns; `fill` copies the list columns from the object."""

    content_object: Any  # each room's table has it: a direct foreign key to what is seen

    because = models.CharField("依据", max_length=12, choices=Because.choices, default=Because.EXCEPTION)
    until = models.DateTimeField("至", null=True, blank=True)
    sort_at = models.DateTimeField(editable=False)
    kind = models.CharField(max_length=12, editable=False)

    class Meta:
        abstract = True

    def fill(self):
        self.sort_at, self.kind = self.content_object.sort_at, self.content_object.kind

    def save(self, *args, **kwargs):
        self.fill()
        super().save(*args, **kwargs)


class UserGrant(GrantRow, UserObjectPermissionBase):
    objects = UserObjectPermissionManager.from_queryset(FilledQuerySet)()  # type: ignore[misc]  # guardian declares it a class variable

    class Meta(UserObjectPermissionBase.Meta):
        abstract = True


class GroupGrant(GrantRow, GroupObjectPermissionBase):
    objects = GroupObjectPermissionManager.from_queryset(FilledQuerySet)()  # type: ignore[misc]  # guardian declares it a class variable

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = True


def list_index(principal: str, name: str) -> models.Index:
    """The covering index that makes the newest rows of one principal an index-only read."""
    return models.Index(
        F(principal), F("permission"), F("sort_at").desc(), F("content_object").desc(), F("kind"), F("until"), name=name
    )


_view_permissions: dict[int, Permission] = {}  # by the content type's id; as lasting as that


def view_permission(model) -> Permission:
    """A model's right to be seen; a process asks the database for each once."""
    kind = ContentType.objects.get_for_model(model)
    if kind.pk not in _view_permissions:
        _view_permissions[kind.pk] = Permission.objects.get(
            content_type=kind, codename=f"view_{model._meta.model_name}"
        )
    return _view_permissions[kind.pk]


def _tables(model):
    """The two access tables of a model."""
    return model.user_grants.rel.related_model, model.group_grants.rel.related_model


def grant(thing, principals: Iterable[Person | Group], because: Because, until: datetime | None = None) -> int:
    """Let each principal see `thing`; a row already there stays, or lasts longer. Returns how many were named."""
    user_table, group_table = _tables(type(thing))
    permission = view_permission(type(thing))
    people, groups = [], []
    for principal in principals:
        shared = {"permission": permission, "content_object": thing, "because": because, "until": until}
        if isinstance(principal, Person):
            people.append(user_table(user=principal, **shared))
        else:
            groups.append(group_table(group=principal, **shared))
    user_table.objects.bulk_create(people, ignore_conflicts=True, batch_size=500)
    group_table.objects.bulk_create(groups, ignore_conflicts=True, batch_size=500)
    longer = Q(until__isnull=False) if until is None else Q(until__lt=until)  # the reason that lasts longer stands
    lasting = {"until": until, "because": because}
    mine = Q(content_object=thing, permission=permission) & longer
    user_table.objects.filter(mine, user__in=[row.user_id for row in people]).update(**lasting)
    group_table.objects.filter(mine, group__in=[row.group_id for row in groups]).update(**lasting)
    return len(people) + len(groups)


def withdraw(thing, principals: Iterable[Person | Group], because: Because) -> int:
    """Take away the rows these principals have for one reason; other reasons stand. Returns how many rows went."""
    user_table, group_table = _tables(type(thing))
    principals = list(principals)
    people = [principal.pk for principal in principals if isinstance(principal, Person)]
    groups = [principal.pk for principal in principals if not isinstance(principal, Person)]
    mine = {"content_object": thing, "permission": view_permission(type(thing)), "because": because}
    gone = user_table.objects.filter(user__in=people, **mine).delete()[0]
    return gone + group_table.objects.filter(group__in=groups, **mine).delete()[0]


def hold_to(thing, people: Iterable[Person], because: Because) -> None:
    """For this one reason these people see `thing` and nobody else; other reasons stand."""
    people = list(people)
    grant(thing, people, because)
    mine = {"content_object": thing, "permission": view_permission(type(thing)), "because": because}
    _tables(type(thing))[0].objects.filter(**mine).exclude(user__in=people).delete()


def resort(thing) -> None:
    """The object's place in lists changed: its few rows follow."""
    for table in _tables(type(thing)):
        table.objects.filter(content_object=thing).update(sort_at=thing.sort_at, kind=thing.kind)


def visible_to(queryset, person: Person, now: datetime):
    """Only what some row lets this person see: for fetching one object or a bounded few, not for long lists."""
    user_table, group_table = _tables(queryset.model)
    permission = view_permission(queryset.model)
    live = Q(until__isnull=True) | Q(until__gt=now)
    mine = {"content_object": OuterRef("pk"), "permission": permission}
    return queryset.filter(
        Exists(user_table.objects.filter(live, user=person, **mine))
        | Exists(group_table.objects.filter(live, group__in=person.groups.values("pk"), **mine))
    )


FEW = 2_000  # as many objects as may be named one by one in a query


def on_visible(rows, field: str, person: Person, now: datetime):
    """Rows whose object (a foreign key of theirs; with `pk`, they themselves) some row lets this person see, for lists
    in an order of their own.

    Who may see few objects has them named, whatever else there is; who may see many meets one soon, so their rows are
    walked in order and each is probed. Either way the work does not grow with the table.
    """
    model = rows.model if field == "pk" else rows.model._meta.get_field(field).related_model
    few = newest(model, person, FEW + 1, now)
    if len(few) <= FEW:
        return rows.filter(**{f"{field}__in": few})
    user_table, group_table = _tables(model)
    live = Q(until__isnull=True) | Q(until__gt=now)
    mine = {"content_object": OuterRef(field), "permission": view_permission(model)}
    groups = list(person.groups.order_by("pk").values_list("pk", flat=True))
    probes = {  # a scalar subquery is run row by row; PostgreSQL would hash an EXISTS, reading all one may see
        "own_grant": Subquery(user_table.objects.filter(live, user=person, **mine).values("pk")[:1]),
        "group_grant": Subquery(group_table.objects.filter(live, group__in=groups, **mine).values("pk")[:1]),
    }
    return rows.alias(**probes).filter(Q(own_grant__isnull=False) | Q(group_grant__isnull=False))


@dataclass(frozen=True)
class Place:
    """A place in a list, newest first."""

    sort_at: datetime
    id: int


def newest(
    model, person: Person, limit: int, now: datetime, *, before: Place | None = None, kind: str = ""
) -> list[int]:
    """Ids of the newest `limit` objects a person may see, before a place: each principal's newest rows, merged."""
    permission = view_permission(model).pk
    groups = list(person.groups.order_by("pk").values_list("pk", flat=True))
    user_table, group_table = _tables(model)
    branches = [(user_table, "user_id", person.pk)] + [(group_table, "group_id", pk) for pk in groups]
    rows: list[tuple] = []
    for start in range(0, len(branches), 200):  # SQLite takes at most 500 compound terms
        sql, params = _union(branches[start : start + 200], permission, limit, now, before, kind)
        with connections[user_table.objects.db].cursor() as cursor:
            cursor.execute(sql, params)
            rows.extend(cursor.fetchall())
    ids = dict.fromkeys(pk for _, pk in sorted(rows, reverse=True))
    return list(ids)[:limit]


def _union(branches, permission, limit, now, before, kind) -> tuple[str, list]:
    adapt = connections["default"].ops.adapt_datetimefield_value
    parts, params = [], []
    for table, column, principal in branches:
        where = f'"{column}" = %s AND "permission_id" = %s AND ("until" IS NULL OR "until" > %s)'
        params += [principal, permission, adapt(now)]
        if kind:
            where += ' AND "kind" = %s'
            params.append(kind)
        if before:
            where += ' AND ("sort_at", "content_object_id") < (%s, %s)'
            params += [adapt(before.sort_at), before.id]
        parts.append(
            f'SELECT * FROM (SELECT "sort_at", "content_object_id" FROM "{table._meta.db_table}" WHERE {where} '  # noqa: S608  names come from the models
            'ORDER BY "sort_at" DESC, "content_object_id" DESC LIMIT %s) q'
        )
        params.append(limit)
    return " UNION ALL ".join(parts), params


@dataclass(frozen=True)
class Reason:
    """One row that lets somebody in."""

    via: str
    because: str
    until: datetime | None


def explain(thing, person: Person, now: datetime) -> list[Reason]:
    """Every live row that lets `person` see `thing`; empty means kept out."""
    return _reasons(thing, person, Q(until__isnull=True) | Q(until__gt=now))


def lapsed(thing, person: Person, now: datetime) -> list[Reason]:
    """The rows that did let `person` see `thing` and have run out."""
    return _reasons(thing, person, Q(until__lte=now))


def _reasons(thing, person: Person, wanted: Q) -> list[Reason]:
    user_table, group_table = _tables(type(thing))
    mine = {"content_object": thing, "permission": view_permission(type(thing))}
    reasons = [
        Reason("本人", row.get_because_display(), row.until)
        for row in user_table.objects.filter(wanted, user=person, **mine).order_by("pk")
    ]
    rows = group_table.objects.filter(wanted, group__in=person.groups.all(), **mine).select_related("group")
    return reasons + [
        Reason(group_name(row.group), row.get_because_display(), row.until) for row in rows.order_by("pk")
    ]


def guarded_models() -> list[type[models.Model]]:
    """The models that have an access table, by label."""
    found = (model for model in apps.get_models() if hasattr(model, "user_grants") and hasattr(model, "group_grants"))
    return sorted(found, key=lambda model: model._meta.label_lower)


def lets_in_because(thing, person: Person, now: datetime) -> set[str]:
    """The reasons (`Because`) of the live rows that let somebody see a thing."""
    user_table, group_table = _tables(type(thing))
    live = Q(until__isnull=True) | Q(until__gt=now)
    rows = [
        user_table.objects.filter(live, content_object=thing, user=person),
        group_table.objects.filter(live, content_object=thing, group__in=person.groups.all()),
    ]
    return {because for table in rows for because in table.values_list("because", flat=True)}


def group_name(group: Group) -> str:
    """What an office calls a group: its department, or its role."""
    department = Department.objects.filter(Q(group_direct=group) | Q(group_tree=group)).first()
    if department:
        return f"{department.name}（{'含下级' if department.group_tree_id == group.pk else '本级'}）"
    return group.name
