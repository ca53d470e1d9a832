"""定期任务: a template becomes a task again and again, each time so many working days before its limit.

Which days those are is reckoned from the calendar when asked, never kept; what was made of a period is kept, once.
"""
