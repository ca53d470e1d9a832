"""Uploaded files: checked by content, stored under their hash, given back only as downloads.

It does not know who may read a file: the room that holds it does.
"""
