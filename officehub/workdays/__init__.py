"""When: the office's calendar and the arithmetic of limits in working days, natural days and hours.

It does not know what a limit is for.
"""
