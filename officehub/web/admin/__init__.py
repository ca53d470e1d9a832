"""The administrators' pages of the ground floor: organisation, calendar, routes, records.

They live in `web`, above the packages they show, because every change on them leaves an audit event; what a change
means is said by the models themselves.
"""

from officehub.web.admin import calendar, channels, organisation, records, reminders, routes

__all__ = ["calendar", "channels", "organisation", "records", "reminders", "routes"]
