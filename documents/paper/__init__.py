"""The printed paper: a `Paper` laid out by GB/T 9704, as a PDF that is always the same for the same input.

It neither reads nor writes the database and fetches nothing; it also measures PDFs against the standard.
"""
