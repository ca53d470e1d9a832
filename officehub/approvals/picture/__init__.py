"""流程图: a run as the office would draw it. `draw.picture` reads a run and lays it out; nothing is written here, and
nothing is said here of whom a picture may be shown to.
"""
