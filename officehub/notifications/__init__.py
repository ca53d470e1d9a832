"""Who hears: a notice in the application and the messages that carry it outside.

Both are written in the deed's own transaction; sending happens afterwards and may be repeated.
"""
