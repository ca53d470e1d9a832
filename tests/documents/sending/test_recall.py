"""清退: called back, confirmed, closed; who has not returned is named; sight ends at once or on return."""

from datetime import timedelta

import pytest
from django.urls import reverse

from documents import distribute, receive
from documents.models import Addressee, Distribution, Document, Receipt, Return
from documents.sending import further, number_copies, recalling
from documents.sending.whom import Whom, standing
from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.audit.record import broken
from officehub.inbox.hand_over import hand_over
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate, events_of
from officehub.people.grants import Because, lets_in_because


def sees(document, who, now) -> bool:
    return Document.objects.filter(pk=document.pk).visible_to(who, now).exists()


@pytest.fixture
def recall(cast, now):
    def called(document, chosen=None, **options):
        given = {"by": cast.clerk, "now": now, "reason": "附件有误", "due_at": now + timedelta(days=5), **options}
        return recalling.recall(document, chosen, **given)

    return called


def test_all_is_called_back_at_once(cast, now, sealed, send, recall, second_clerk):
    send(sealed, cast.stranger)
    assert sees(sealed, cast.stranger, now)
    called = recall(sealed)
    assert not sees(sealed, cast.stranger, now)
    assert not sees(sealed, second_clerk, now)
    asked = WorkItem.objects.of(called).filter(done_at=None).values_list("assignee__username", flat=True)
    assert sorted(asked) == ["reader", "second_clerk", "stranger"]
    assert not WorkItem.objects.of(sealed).filter(key="read", done_at=None).exists()
    one = recalling.mine(called, cast.reader).get()
    recalling.confirm(one, by=cast.reader, now=now, how="returned", note="交机要室")
    assert not WorkItem.objects.of(called).filter(assignee=second_clerk, done_at=None).exists()
    with pytest.raises(TooLate):
        recalling.confirm(one, by=second_clerk, now=now, how="destroyed")
    with pytest.raises(DecisionRefused, match="还有 1 份没有清退"):
        recalling.close(called, by=cast.clerk, now=now)
    recalling.close(called, by=cast.clerk, now=now, remark="人员出差")
    assert not WorkItem.objects.of(called).filter(done_at=None).exists()
    assert receive.tally(sealed) == {"delivered": 2, "opened": 0, "acknowledged": 0, "recalled": 2, "silent": 0}
    assert list(broken()) == []


def test_some_are_called_back_and_read_until_they_confirm(cast, now, sealed, send, recall):
    send(sealed, cast.stranger)
    line = Addressee.objects.get(person=cast.stranger)
    called = recall(sealed, [line.pk], access="on_return")
    assert sees(sealed, cast.stranger, now)
    assert sees(sealed, cast.reader, now)
    assert WorkItem.objects.of(sealed).filter(key="read", done_at=None).get().assignee == cast.reader
    recalling.confirm(called.returns.get(), by=cast.clerk, now=now, how="destroyed")  # handed in at the registry
    assert not sees(sealed, cast.stranger, now)
    assert sees(sealed, cast.reader, now)


def test_the_issuers_own_sight_is_not_taken(cast, now, sealed, send, recall):
    send(sealed, cast.drafter)
    recall(sealed)
    assert lets_in_because(sealed, cast.drafter, now) == {Because.PARTICIPANT}


def test_what_a_department_passed_on_comes_back_with_it(cast, now, sealed, send, recall):
    from tests.cast import department, person

    below = department(cast.government, "预算科", parent=cast.bureau)
    inner = person("inner", below, "科员", False, [])
    send(sealed)
    line = Addressee.objects.get(department=cast.bureau)
    more = further.pass_on(line, [inner], by=cast.reader, now=now)
    distribute.deliver(more.pk, now)
    assert sees(sealed, inner, now)
    called = recall(sealed)
    assert not sees(sealed, inner, now)
    assert called.returns.count() == 1  # the department answers for its own
    assert recalling.recalls_from(sealed.pk, inner).get() == called


def test_who_was_addressed_by_name_as_well_goes_on_reading(cast, now, sealed, send, recall):
    send(sealed, cast.reader)
    recall(sealed, [Addressee.objects.get(department=cast.bureau).pk])
    assert sees(sealed, cast.reader, now)
    assert WorkItem.objects.of(sealed).filter(key="read", done_at=None, assignee=cast.reader).exists()


def test_what_is_still_on_its_way_is_never_delivered(cast, now, sealed, recall):
    sent = distribute.distribute(sealed, departments=[cast.bureau], people=[cast.stranger], by=cast.clerk, now=now)
    called = recall(sealed)
    assert set(called.returns.values_list("how", flat=True)) == {"not_received"}
    assert not distribute.deliver(sent.pk, now)  # there is nothing left to deliver: it is done already
    assert not sees(sealed, cast.reader, now)
    assert not Receipt.objects.exists()
    sent.refresh_from_db()
    assert sent.done_at == now


def test_half_delivered_is_half_called_back(cast, now, sealed, recall, monkeypatch):
    monkeypatch.setattr(distribute, "BATCH", 1)
    sent = distribute.distribute(sealed, departments=[], people=[cast.stranger, cast.vetter], by=cast.clerk, now=now)
    distribute._deliver_batch(sent, now)
    called = recall(sealed)
    assert sorted(called.returns.values_list("addressee__person__username", "how")) == [
        ("stranger", ""), ("vetter", "not_received")
    ]  # fmt: skip
    sent.refresh_from_db()
    assert sent.done_at == now
    assert not sees(sealed, cast.vetter, now) or Because.PARTICIPANT in lets_in_because(sealed, cast.vetter, now)


def test_it_can_be_sent_again_and_is_read_again(cast, now, sealed, send, recall):
    send(sealed)
    receive.acknowledge(sealed, cast.reader, now)
    recall(sealed)
    assert not standing(sealed)
    later = now + timedelta(days=1)
    again = further.further(sealed, Whom([cast.bureau], []), by=cast.clerk, now=later)
    assert distribute.deliver(again.pk, later)
    assert sees(sealed, cast.reader, later)
    item = WorkItem.objects.of(sealed).get(assignee=cast.reader, key="read")
    assert (item.done_at, item.opened_at) == (None, later)
    assert receive.tally(sealed) == {"delivered": 2, "opened": 1, "acknowledged": 1, "recalled": 1, "silent": 1}
    assert receive.acknowledge(sealed, cast.reader, later)
    assert receive.tally(sealed)["acknowledged"] == 2
    assert cast.reader.notices.filter(verb="documents.delivered").count() == 2


def test_calling_back_twice_finds_nothing(sealed, send, recall):
    send(sealed)
    recall(sealed)
    with pytest.raises(DecisionRefused, match="已经清退过"):
        recall(sealed)
    assert Return.objects.count() == 1


def test_a_reason_is_needed(sealed, send, recall):
    send(sealed)
    with pytest.raises(NeedsReason):
        recall(sealed, reason="  ")


def test_the_silent_holders_are_chased_once_within_the_pause(cast, now, sealed, send, recall):
    send(sealed, cast.stranger)
    called = recall(sealed)
    recalling.confirm(recalling.mine(called, cast.stranger).get(), by=cast.stranger, now=now, how="destroyed")
    assert recalling.chase_returns(called, by=cast.clerk, now=now) == 1
    with pytest.raises(DecisionRefused):
        recalling.chase_returns(called, by=cast.clerk, now=now + timedelta(hours=3))
    assert cast.reader.notices.filter(verb="documents.return_chased").count() == 1
    assert not cast.stranger.notices.filter(verb="documents.return_chased").exists()


def test_the_course_of_the_paper_tells_of_it(cast, now, sealed, send, recall):
    send(sealed)
    called = recall(sealed)
    recalling.confirm(called.returns.get(), by=cast.reader, now=now, how="returned")
    recalling.close(called, by=cast.clerk, now=now)
    verbs = list(events_of(sealed).order_by("seq").values_list("verb", flat=True))
    assert verbs[-3:] == ["recall", "given_back", "close_recall"]
    assert Distribution.objects.get().done_at == now


# --- what was sent again, and the many ------------------------------------------------------------------------------


def test_what_was_sent_again_meanwhile_stays_in_sight(cast, now, sealed, send, recall, second_clerk):
    """Called back on return, sent again, and only then the first one is given back."""
    send(sealed, cast.stranger)
    called = recall(sealed, access="on_return")
    again = further.further(sealed, Whom([cast.bureau], [cast.stranger]), by=cast.clerk, now=now)
    assert distribute.deliver(again.pk, now)
    for one in called.returns.select_related("recall__document", "addressee__department", "addressee__person"):
        recalling.confirm(one, by=cast.clerk, now=now, how="returned")
    assert [sees(sealed, who, now) for who in (second_clerk, cast.stranger)] == [True, True]
    recall(sealed)
    assert [sees(sealed, who, now) for who in (second_clerk, cast.stranger)] == [False, False]


def test_a_recall_closed_after_the_paper_was_sent_again_hides_nothing(cast, now, sealed, send, recall):
    send(sealed)
    called = recall(sealed, access="on_return")
    again = further.further(sealed, Whom([cast.bureau], []), by=cast.clerk, now=now)
    assert distribute.deliver(again.pk, now)
    recalling.close(called, by=cast.clerk, now=now, remark="另行印发")
    assert sees(sealed, cast.reader, now)


def test_who_stands_in_for_a_leaver_who_kept_it_goes_on_reading(cast, now, sealed, send, recall):
    send(sealed, cast.stranger, cast.vetter, departments=[])
    hand_over(cast.stranger, cast.countersigner, by=cast.sys_admin, now=now)
    recall(sealed, [Addressee.objects.get(person=cast.vetter).pk])
    assert WorkItem.objects.of(sealed).filter(key="read", done_at=None).get(assignee=cast.countersigner)
    assert Because.RECIPIENT in lets_in_because(sealed, cast.countersigner, now)
    recall(sealed)
    assert Because.RECIPIENT not in lets_in_because(sealed, cast.countersigner, now)


def test_the_copy_of_a_leaver_is_called_back_from_whoever_holds_it(cast, now, sealed, recall):
    sent = distribute.distribute(sealed, departments=[], people=[cast.stranger], by=cast.clerk, now=now, first_number=1)
    assert number_copies.make(sent.copy_run.pk, now)
    distribute.deliver(sent.pk, now)
    receive.acknowledge(sealed, cast.stranger, now)  # nothing is left to read, but a copy to hand on
    hand_over(cast.stranger, cast.countersigner, by=cast.sys_admin, now=now)
    called = recall(sealed)
    assert WorkItem.objects.of(called).get(done_at=None).assignee == cast.countersigner
    assert Because.RECIPIENT not in lets_in_because(sealed, cast.countersigner, now)


@pytest.fixture
def choosing(client, cast, sealed, send, settings):
    """The page on which the clerk chooses from whom, three addressees a page; six people and the bureau have it."""
    from tests.cast import person

    settings.PAGE_SIZE = 3
    send(sealed, *(person(f"many{n}", cast.other_section, f"科员{n}", False, []) for n in range(6)))
    client.force_login(cast.clerk)
    address = reverse("documents:recall_paper", args=[sealed.pk])

    def page(**posted):
        return client.post(address, posted) if posted else client.get(address)

    return page


def shown(response) -> list[str]:
    return [str(line) for line in response.context["choice"].page.rows]


def test_addressees_are_shown_page_by_page_and_what_was_ticked_stays(choosing, sealed):
    first = choosing()
    choice = first.context["choice"]
    assert (len(choice.page.rows), choice.total, "全部 7 个对象" in first.content.decode()) == (3, 7, True)
    ticked = choice.page.rows[1]
    typed = {"lines": [ticked.pk], "from": "some", "reason": "印错", "due_on": "2099-01-01", "access": "on_return"}
    second = choosing(**typed, turn=choice.page.next_cursor)
    assert second.status_code == 200
    assert not set(shown(second)) & set(shown(first))
    assert second.context["choice"].ticked == [ticked]
    html = second.content.decode()
    assert [words in html for words in ("印错", "2099-01-01", "已勾选 1 个")] == [True] * 3
    assert not sealed.recalls.exists()
    other = second.context["choice"].page.rows[0]
    choosing(**{**typed, "lines": [ticked.pk, other.pk]})
    assert set(Addressee.objects.filter(recalled_at__isnull=False)) == {ticked, other}
    assert sealed.recalls.get().access == "on_return"


def test_addressees_are_found_by_name(choosing):
    assert shown(choosing(find="科员4", turn="first")) == ["科员4many4"]
    assert shown(choosing(find="财政", turn="first")) == ["市财政局"]
    assert shown(choosing(find="没有此人", turn="first")) == []


def test_the_page_asks_as_often_however_many_there_are(choosing, settings):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counted = []
    for settings.PAGE_SIZE in (1, 3):
        with CaptureQueriesContext(connection) as queries:
            choosing()
        counted.append(len(queries))
    assert counted[0] == counted[1]
