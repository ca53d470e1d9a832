"""Drafts typed in Word: read apart, looked at by their drafter, kept with the account of what was not understood.

How a .docx is parsed is for `documents.docx`; here it becomes a draft.
"""
