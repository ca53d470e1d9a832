"""The house's own pages: fetch what the person may see, show it, or act and redirect.

They decide nothing about papers; a room's pages live in the room.
"""
