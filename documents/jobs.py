from celery import shared_task
from django.utils import timezone

from documents import distribute, duties, printing
from documents.consulting import answers, asking
from documents.incoming import chasing, circulate
from documents.incoming import duty as incoming_duty
from documents.keeping import appraisal, disclosure, freeze, package
from documents.numbers import expire
from documents.sending import chase, number_copies, widen


@shared_task(name="documents.print_paper")
def print_paper(pk: int):
    printing.print_rendition(pk, timezone.now())


@shared_task(name="documents.deliver")
def deliver(pk: int):
    distribute.deliver(pk, timezone.now())


@shared_task(name="documents.tell_expired_reservations")
def tell_expired_reservations():
    expire.tell_expired(timezone.now())


@shared_task(name="documents.make_copies")
def make_copies(pk: int):
    number_copies.make(pk, timezone.now())


@shared_task(name="documents.chase_readers")
def chase_readers():
    chase.chase_overdue(timezone.now())


@shared_task(name="documents.freeze_item")
def freeze_item(pk: int):
    freeze.freeze_item(pk, timezone.now())


@shared_task(name="documents.pack_archive")
def pack_archive(pk: int):
    if package.pack(pk, timezone.now()):
        package.poke(pk)


@shared_task(name="documents.wipe_files")
def wipe_files(pk: int):
    appraisal.wipe(pk, timezone.now())


@shared_task(name="documents.hand_errands_on")
def hand_errands_on(name: str):
    if duties.go_on(name, timezone.now()):
        duties.poke(name)


def roles_changed(signal, sender, roles, **kwargs):
    """Not queued: whoever lost a role must not find its newest errands a minute later; many are the job's."""
    now = timezone.now()
    duties.refresh(now, roles)
    asking.look_again(sender, now)
    widen.refresh(now)
    incoming_duty.refresh(now, roles)
    circulate.reseat(now, sender)


@shared_task(name="documents.lapse")
def lapse():
    """逾期未复的征求意见: every five minutes, each silence stated once."""
    answers.lapse(timezone.now())


@shared_task(name="documents.sweep")
def sweep():
    """What a lost message or a dead worker left behind is found here, every minute."""
    now = timezone.now()
    for pk in printing.waiting(now).values_list("pk", flat=True)[:100]:
        print_paper.delay(pk)
    for pk in distribute.waiting(now).values_list("pk", flat=True)[:100]:
        deliver.delay(pk)
    for pk in number_copies.waiting(now).values_list("pk", flat=True)[:100]:
        make_copies.delay(pk)
    for pk in freeze.waiting(now).values_list("pk", flat=True)[:100]:
        freeze_item.delay(pk)
    for pk in package.waiting(now).values_list("pk", flat=True)[:10]:
        pack_archive.delay(pk)
    for pk in appraisal.waiting().values_list("pk", flat=True)[:10]:
        wipe_files.delay(pk)
    for name in duties.waiting(now).values_list("duty", flat=True):
        hand_errands_on.delay(name)
    disclosure.ask_for_reviews(now)


@shared_task(name="documents.incoming_alarms")
def incoming_alarms():
    """Overdue stations and papers, each told of once; and stations follow who is away today."""
    now = timezone.now()
    for pk in circulate.overdue(now).values_list("pk", flat=True)[:500]:
        circulate.alarm(pk, now)
    for pk in chasing.overdue(now).values_list("pk", flat=True)[:500]:
        chasing.alarm(pk, now)
    circulate.reseat(now)
