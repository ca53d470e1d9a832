"""The ledger of reminders: rules, the rows planned by them, and the facts from which both can be recomputed."""
