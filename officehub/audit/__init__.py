"""What happened: one append-only event per deed, hash-chained per subject and sealed as a whole.

It does not decide anything and nothing in it is ever changed or removed.
"""
