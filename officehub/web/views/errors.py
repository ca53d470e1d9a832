"""The pages shown when something is missing, closed or stale."""

from django.shortcuts import render


def not_found(request, exception=None):
    return render(request, "web/not_found.html", status=404)


def forbidden(request, exception=None):
    return render(request, "web/forbidden.html", {"reason": str(exception or "")}, status=403)


def stale_form(request, reason=""):
    """The form was open too long or came from elsewhere (CSRF); nothing was done with it."""
    return render(request, "web/stale_form.html", status=403)
