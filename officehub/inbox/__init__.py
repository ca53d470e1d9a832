"""Who must do what by when: one row per errand of one person, whatever the errand.

It does not know what opening or finishing an errand means; the room that made it does.
"""
