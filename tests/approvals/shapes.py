"""Routes of every shape, made once, and the people who meet on them: the ground the random runs are played on."""

from django.contrib.contenttypes.models import ContentType

from documents.models import Document
from officehub.approvals.models import Permit, Route, RouteVersion, Stage
from officehub.people.models import Post, Role
from tests.cast import person

NAMES = ("in a row", "fork", "votes", "one by one", "inside", "chosen by the sender")
EVERYTHING = Permit.values
ORDINARY = [{"fact": "normative", "is": False}]
NORMATIVE = [{"fact": "normative", "is": True}]


def people(cast) -> None:
    """A second vetter and the head of a third department join the cast."""
    cast.people["second"] = person("second", cast.section, "核稿员乙", False, [Role.VETTER])
    cast.bureau.leader_in_charge = Post.objects.get(title="市长")
    cast.bureau.save()
    cast.people["other_head"] = person("other_head", cast.other_section, "科长", True, [])


def shapes(cast) -> dict[str, list[dict]]:
    head, leader, mayor = ({"who": "person", "person": cast.people[name]} for name in ("head", "leader", "mayor"))
    vetters = {"who": "role", "role": Role.VETTER}
    chosen = {"who": "chosen_heads", "verb": "countersign"}
    return {
        "in a row": [
            {**head, "after_return": "choice"},
            {"who": "drafting_head", "if_changed": "keep"},
            {**vetters, "mode": "any", "verb": "vet", "merges": False},
            {"who": "leader_in_charge", "verb": "sign_off", "merges": False, "after_return": "straight"},
        ],
        "fork": [
            {"who": "drafting_head"},
            {**vetters, "mode": "all", "branch": "甲"},
            {**leader, "branch": "甲", "condition": ORDINARY},
            {**chosen, "mode": "all", "branch": "乙", "dissent": "record", "may_skip_if_nobody": True},
            {**mayor, "condition": NORMATIVE, "if_changed": "keep"},
            {**leader, "merges": True},
        ],
        "votes": [
            {**chosen, "mode": "ratio", "quota": 60, "weights": {"市财政局": 2}, "silence_consents": True,
             "limit_value": 2},
            {**vetters, "mode": "ratio", "quota": 50, "dissent": "record"},
            {**mayor, "after_return": "steps"},
        ],
        "one by one": [
            {**chosen, "mode": "in_order", "silence_consents": True, "limit_value": 3, "if_changed": "keep"},
            {**vetters, "mode": "in_order"},
            {**leader},
        ],
        "inside": [
            {"who": "drafting_head"},
            {**chosen, "mode": "all", "internal": True, "silence_consents": True, "limit_value": 5},
            {**mayor},
        ],
        "chosen by the sender": [
            {"who": "sender", "mode": "all", "role": Role.VETTER},
            {"who": "sender", "mode": "any", "role": Role.REGISTRY_CLERK, "may_skip_if_nobody": True},
            {"who": "chosen_leaders", "mode": "all", "may_skip_if_nobody": True, "verb": "countersign"},
            {**leader, "dissent": "record"},
        ],
    }  # fmt: skip


def build(cast, now) -> None:
    """Every shape as a route that is out of use, and the internal routes of two departments."""
    people(cast)
    for name, stages in shapes(cast).items():
        publish(name, stages, now, is_active=False, priority=1)
    reader, stranger = cast.reader, cast.stranger
    inside = [
        {"who": "person", "person": reader, "merges": False},
        {"who": "drafting_head", "if_changed": "keep"},
    ]
    publish("财政局内部", inside, now, department=cast.bureau)
    inside = [
        {"who": "person", "person": stranger, "dissent": "record", "branch": "甲"},
        {"who": "role", "role": Role.VETTER, "mode": "all", "branch": "乙", "condition": NORMATIVE},
        {"who": "drafting_head", "may_skip_if_nobody": True},
    ]
    publish("信息科内部", inside, now, department=cast.other_section)


def publish(name: str, stages: list[dict], now, **route) -> RouteVersion:
    kind = ContentType.objects.get_for_model(Document)
    made = Route.objects.create(name=name, subject_type=kind, **route)
    version = RouteVersion.objects.create(route=made, number=1)
    rows = [
        {"name": f"第{order}关", "verb": "review", "permits": EVERYTHING, **one} for order, one in enumerate(stages, 1)
    ]
    Stage.objects.bulk_create([Stage(version=version, order=order, **row) for order, row in enumerate(rows, 1)])
    RouteVersion.objects.filter(pk=version.pk).update(published_at=now)
    return version
