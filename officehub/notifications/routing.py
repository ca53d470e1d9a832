"""By which channels people hear of something: the office's defaults, their own choices, and where each is reached."""

from collections.abc import Iterable, Iterator

from django.conf import settings

from officehub.notifications.channels import ROBOTS, Channel, When
from officehub.notifications.models import Message, Notice, Preference, Robot
from officehub.notifications.robots import is_mobile
from officehub.people.models import Department

Address = tuple[str, Robot | None]  # whom the channel calls there, and the robot that says it


def row_of(sort: str, urgent: bool) -> str:
    """The row of the matrix a notice falls in, as settings and preferences name it."""
    return f"{sort}_urgent" if urgent else str(sort)


def default(row: str, channel: str) -> str:
    return settings.MESSAGE_DEFAULTS.get(row, {}).get(channel, When.OFF)


def choice(preference: Preference | None, row: str, channel: str) -> str:
    """When news of this row goes out by this channel to somebody with these preferences."""
    chosen = preference.choices.get(row, {}).get(channel) if preference else None
    return chosen or default(row, channel)


def preferences(people: Iterable[int]) -> dict[int, Preference]:
    return {one.person_id: one for one in Preference.objects.filter(person__in=list(people))}


def messages_for(notices: list[Notice], now) -> Iterator[Message]:
    """One message of each notice for each channel its recipient wants it by and is reached by."""
    wishes = preferences(notice.recipient_id for notice in notices)
    wanted = [
        (notice, channel, when)
        for notice in notices
        for channel in Channel
        if (when := choice(wishes.get(notice.recipient_id), row_of(notice.sort, notice.urgent), channel)) != When.OFF
    ]
    spoken = {channel for _notice, channel, _when in wanted if channel in ROBOTS}
    robots = robots_for({notice.recipient for notice in notices}, spoken) if spoken else {}
    for notice, channel, when in wanted:
        reached = reach(notice.recipient, channel, wishes.get(notice.recipient_id), robots)
        if reached:
            address, robot = reached
            state = Message.State.WAITING if when == When.NOW else Message.State.GATHERED
            yield Message(
                notice=notice,
                channel=channel,
                robot=robot,
                urgent=notice.urgent,
                address=address,
                state=state,
                next_try_at=now,
            )


def reach(person, channel: str, wishes: Preference | None, robots: dict[tuple[int, str], Robot]) -> Address | None:
    """Where somebody is reached by a channel; None when not at all. A robot calls nobody where it knows no account."""
    if channel == Channel.EMAIL:
        return (person.email, None) if person.email else None
    robot = robots.get((person.pk, channel))
    return (account(person, channel, wishes), robot) if robot else None


def account(person, channel: str, wishes: Preference | None) -> str:
    """What a messenger knows somebody by: the account they gave, else their mobile number where it takes one."""
    given = getattr(wishes, channel, "") if wishes else ""
    takes_numbers = channel != Channel.FEISHU and is_mobile(person.phone)
    return given or (person.phone if takes_numbers else "")


def robots_for(people: Iterable, channels: Iterable[str] = ROBOTS) -> dict[tuple[int, str], Robot]:
    """The robot that speaks to each person by each channel: of the nearest department, else of the whole organ."""
    robots = list(Robot.objects.filter(is_active=True, channel__in=list(channels)).select_related("department"))
    if not robots:
        return {}
    by_place = {(one.channel, one.department.path if one.department else one.organ_id): one for one in robots}
    people = list(people)
    places = Department.objects.in_bulk({person.department_id for person in people})
    found = {}
    for person in people:
        place = places.get(person.department_id)
        ways: list[str | int] = [*_paths(place.path), place.organ_id] if place else []
        for channel in {robot.channel for robot in robots}:
            robot = next((by_place[channel, way] for way in ways if (channel, way) in by_place), None)
            if robot:
                found[person.pk, channel] = robot
    return found


def _paths(path: str) -> list[str]:
    """The path of a department and of those above it, nearest first."""
    parts = path.strip("/").split("/")
    return ["".join(f"{part}/" for part in parts[:count]) for count in range(len(parts), 0, -1)]
