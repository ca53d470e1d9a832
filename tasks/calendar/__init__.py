"""日程: what has a date for one person - errands of every kind, tasks, milestones - as a month, a week, a list, a feed.

It only shows what is kept elsewhere; a feed remembers what it told last, so that changes are told as such.
"""
