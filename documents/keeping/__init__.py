"""What becomes of a paper once issued or closed: disclosure, the archive, appraisal; and its whole life on one page.

It refuses what may not be kept at all (state secrets). It does not decide who signs, and changes no signed text.
"""
