"""The text of a PDF from standard input, on standard output; run as `python -m officehub.files.pdf_text`.

Exit 0 read, 3 locked by a password, 4 no PDF that can be opened. A process of its own: the file is a stranger's.
"""

import resource
import sys

MEMORY, CPU_SECONDS = 2 * 1024**3, 25  # bytes of address space; seconds
PASSWORD = 4  # FPDF_ERR_PASSWORD


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    import pypdfium2  # type: ignore[import-untyped]  # it has no stubs

    try:
        document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    except pypdfium2.PdfiumError as error:
        return 3 if getattr(error, "err_code", None) == PASSWORD else 4
    for key in ("Title", "Subject", "Keywords", "Author"):
        say(document.get_metadata_value(key))
    for number in range(len(document)):
        page = document[number]
        say(page.get_textpage().get_text_bounded())
        page.close()
    return 0


def say(text: str) -> None:
    sys.stdout.buffer.write(text.encode("utf-8", "ignore") + b"\n")


if __name__ == "__main__":
    sys.exit(main())
