"""三服务: what departments and the grass roots ask of the office, answered in time, and judged by who asked.

It does no work itself: what takes more than an answer becomes a task, and the answer follows when that is done.
"""
