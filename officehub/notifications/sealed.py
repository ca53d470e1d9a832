"""What is kept unreadable in the database: sealed with a key made from SECRET_KEY, of which no copy lies there."""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes

PURPOSE = b"officehub.notifications.robots"


class Unreadable(Exception):
    """Sealed under another SECRET_KEY, or damaged: it must be typed again."""


def seal(text: str) -> str:
    return _seals().encrypt(text.encode()).decode() if text else ""


def unseal(sealed: str) -> str:
    """The text. Raises Unreadable."""
    try:
        return _seals().decrypt(sealed.encode()).decode() if sealed else ""
    except InvalidToken as error:
        raise Unreadable("SECRET_KEY 已更换，请系统管理员重新填写口令") from error


def _seals() -> MultiFernet:
    """The present key seals; those before it (SECRET_KEY_FALLBACKS) still open."""
    return MultiFernet([Fernet(_key(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str | bytes) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(force_bytes(secret))
    return base64.urlsafe_b64encode(derived)
