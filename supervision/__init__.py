"""Important matters followed until they are truly done (built by a later issue).

It does not do the work itself: that is in tasks.
"""
