"""What an office has of tasks from the start."""

from datetime import datetime

from django.contrib.contenttypes.models import ContentType

from officehub.approvals.models import Route, RouteVersion, Stage
from tasks.models import Extension

ROUTE = "任务延期"


def extension_route(now: datetime) -> Route:
    """Who decides on extensions unless an administrator says otherwise: whoever gave the task. Made once."""
    kind = ContentType.objects.get_for_model(Extension)
    route, made = Route.objects.get_or_create(name=ROUTE, defaults={"subject_type": kind})
    if made:
        version = RouteVersion.objects.create(route=route, number=1)
        Stage.objects.create(
            version=version, order=1, name="批准延期", verb="task_extend", who=Stage.Who.ANSWERS_TO,
            permits=["return"], merges=False,
        )  # fmt: skip
        version.published_at = now
        version.save()
    return route


def have_extension_route(now: datetime) -> None:
    """An office that never set up a route for extensions has the usual one from its first request on; one that switched
    its route off has none."""
    if not Route.objects.filter(subject_type=ContentType.objects.get_for_model(Extension)).exists():
        extension_route(now)
