"""Who asks, when proxies of ours stand before the house: the address the outermost of them saw."""

from ipaddress import ip_address

from django.conf import settings


def client_ip(request) -> str:
    """The address failed log-ins are counted by (django-axes calls this).

    Each proxy writes whom it saw to the right of X-Forwarded-For; what stands left of our own proxies' entries was
    written by the asker and is never believed. A header that cannot have come through them leaves the peer's address.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    seen = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",")]
    if settings.TRUSTED_PROXIES < 1 or len(seen) < settings.TRUSTED_PROXIES:
        return peer
    asker = seen[-settings.TRUSTED_PROXIES]
    return asker if _is_address(asker) else peer


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
