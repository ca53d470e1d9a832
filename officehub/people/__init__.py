"""Who: organs, departments, posts, persons, the roles they hold, and the access table.

It does not know papers, meetings or work; it only says who somebody is and what rows let them in.
"""
