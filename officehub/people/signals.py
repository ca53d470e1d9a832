"""What the rooms may hear of the organisation: that somebody now holds other roles, or the same ones elsewhere."""

from django.dispatch import Signal

# sender: the Person; roles: the ids of the roles it concerns. Sent inside the transaction of the change.
roles_changed = Signal()
