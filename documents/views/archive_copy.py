"""The archive copy of a filed paper (归档件, PDF/A-3 with its data inside): made when filed, or when asked for."""

from django.http import FileResponse, Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from documents import printing
from documents.models import Document, Rendition
from documents.views.issuing import attempt, dutiful
from documents.views.paper import note_download
from officehub.moves import TooLate
from officehub.people.models import Role


@require_http_methods(["GET", "HEAD", "POST"])
def archive_copy(request, pk):
    """For the archivist: look at it, or have it made."""
    document = dutiful(request, pk, Role.ARCHIVIST)
    if request.method == "POST":
        if document.state != Document.State.ARCHIVED:
            raise TooLate(document, "archive")
        deed = lambda: printing.request_archive_copy(document, timezone.now())  # noqa: E731
        return attempt(request, document, deed, _("正在制作归档件。"))
    made = printing.archive_copy_of(document)
    if made is None or made.state != Rendition.State.DONE:
        raise Http404
    note_download(request, document, {"sha256": made.sha256})
    name = f"{document.document_number} 归档件.pdf"
    return FileResponse(made.pdf.open("rb"), as_attachment=True, filename=name, content_type="application/pdf")
