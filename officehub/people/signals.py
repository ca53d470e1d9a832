"""What the rooms may hear of the organisation: that somebody now holds other roles, or the same ones elsewhere."""

from django.dispatch import Signal

# sender: the Person; roles: the ids of the roles it concerns. Sent inside the transaction of the change.
roles_changed = Signal()

# sender: the Person who leaves; to, by: Persons; now. Sent inside the hand-over's transaction, before the errands that
# are left go to `to`. A receiver moves what its room owns and returns how much, {verb or holding: count} (or None).
handing_over = Signal()
