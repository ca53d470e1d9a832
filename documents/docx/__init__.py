"""Reading a draft typed in Word: its title, its lines as the body is typed, and notes of what was not understood.

It fetches nothing, runs nothing and keeps no layout: only the words, their numbering and their tables come over.

    read_draft(content) -> Draft          raises NotADocx, UnsafeFile
    as_raw(draft)       -> dict           the draft in the interchange format, as far as it can be told
"""

from documents.docx.package import NotADocx, UnsafeFile
from documents.docx.parts import as_raw
from documents.docx.walk import Draft, read_draft

__all__ = ["Draft", "NotADocx", "UnsafeFile", "as_raw", "read_draft"]
