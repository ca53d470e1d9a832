"""Numbers beside those given in the ordinary course: set aside, let go, begun elsewhere, and every gap explained.

Giving a number to a paper is `documents.number`; what a number must look like is for `documents.rules`.
"""
