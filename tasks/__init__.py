"""Work given to someone with a limit, its progress and its feedback (built by a later issue).

It does not decide whether a matter is supervised: that is supervision's.
"""
