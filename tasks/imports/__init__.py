"""批量交办: tasks read from a workbook, row by row. What is wrong in a row is shown before anything is made of it.

It makes no task itself: every good row becomes one by the room's own verb, once.
"""
