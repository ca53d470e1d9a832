"""How the house looks and is found: the workbench, lists, search, panels, components and the commands.

It keeps no business records and decides nothing; rooms tell it about themselves in their `hub.py`.
"""
