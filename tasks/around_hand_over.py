"""What somebody who leaves had around the tasks goes to their receiver (R60): what recurs, and what they asked."""

from datetime import datetime

from officehub.audit.record import record
from officehub.people.grants import Because, grant
from officehub.people.models import Person
from tasks.models import Recurrence, ServiceRequest, TaskTemplate

ENDED = (ServiceRequest.State.CLOSED, ServiceRequest.State.WITHDRAWN)


def hand_over(sender: Person, *, to: Person, by: Person, now: datetime, **kwargs) -> dict[str, int]:
    """Hears `handing_over`. Tasks that recur go on in the receiver's name, and the receiver judges what is answered."""
    facts = {"leaver": sender.name, "receiver": to.name}
    rules = list(Recurrence.objects.filter(by=sender).exclude(state=Recurrence.State.ENDED).order_by("pk"))
    for rule in rules:
        Recurrence.objects.filter(pk=rule.pk).update(by=to)
        record(rule, "hand_over", by=by, now=now, facts=facts)
    TaskTemplate.objects.filter(owner=sender).update(owner=to)
    asked = list(ServiceRequest.objects.filter(asker=sender).exclude(state__in=ENDED).order_by("pk"))
    for request in asked:
        ServiceRequest.objects.filter(pk=request.pk).update(asker=to)
        grant(request, [to], Because.PARTICIPANT)
        record(request, "hand_over", by=by, now=now, facts=facts)
    return {"recurrence": len(rules), "request": len(asked)}
