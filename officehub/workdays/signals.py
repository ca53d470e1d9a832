"""What the rooms may hear of the calendar. The first is asked at every step of counting anew, the second comes once."""

from django.dispatch import Signal

# sender: the CalendarChange. A receiver returns the `recount.Owner`s of its room: whose open limits are to be counted
# anew, and how. It is asked again and again, so it does nothing else.
calendar_changed = Signal()

# sender: the CalendarChange; now. Sent inside the transaction that ends the counting; `sender.moves` is complete.
limits_settled = Signal()
