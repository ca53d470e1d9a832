"""The pages shown when something is missing, closed or stale."""

from django.core.exceptions import RequestDataTooBig
from django.shortcuts import render

from officehub.secrecy import REFUSAL


def bad_request(request, exception=None):
    """What cannot be read at all, or is more than the house takes in one piece."""
    too_big = isinstance(exception, RequestDataTooBig)
    return render(request, "web/bad_request.html", {"too_big": too_big}, status=400)


def not_found(request, exception=None):
    return render(request, "web/not_found.html", status=404)


def forbidden(request, exception=None):
    return render(request, "web/forbidden.html", {"reason": str(exception or "")}, status=403)


def secret(request):
    """What was sent bears a mark of state secrets: nothing was kept of it (保密法 第三十一条(三))."""
    template = "web/secret_fragment.html" if request.htmx else "web/secret.html"
    return render(request, template, {"refusal": REFUSAL}, status=422)


def stale_form(request, reason=""):
    """The form was open too long or came from elsewhere (CSRF); nothing was done with it."""
    return render(request, "web/stale_form.html", status=403)
