"""Foreign files opened in a process apart, which may be killed: Word drafts, spreadsheets, PDFs and pictures.

Every task is bytes in, plain values out. It holds no record and asks nobody who may see what.
"""

from documents.apart.process import Busy, TooMuch, Unreadable, ask

__all__ = ["Busy", "TooMuch", "Unreadable", "ask"]
