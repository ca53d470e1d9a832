"""What happens to every request and answer: nonsense turned away, no page is kept, latecomers learn who came first."""

from urllib.parse import unquote

from django.conf import settings
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import add_never_cache_headers

from officehub import moves, secrecy
from officehub.web import hubs
from officehub.web.views import errors


class WellFormed:
    """Turns away (400) what no page here can mean: another encoding than UTF-8, and NUL, which no database keeps."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        charset = request.content_params.get("charset", "utf-8")
        if charset.lower() not in ("utf-8", "utf8"):
            return errors.bad_request(request)
        if "\x00" in request.path or "\x00" in unquote(request.META.get("QUERY_STRING", "")):
            return errors.bad_request(request)
        return self.get_response(request)


class NoStore:
    """Pages somebody saw while logged in stay in no cache (GB/T 22239-2019 8.1.4.10, 剩余信息保护)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response


class TooLate:
    """Turns `moves.TooLate` into a page that says who was first, when, and how the thing stands now (409)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, moves.TooLate):
            return None
        template = "web/too_late_fragment.html" if request.htmx else "web/too_late.html"
        context = {"late": exception, "back": hubs.door(exception.thing)}
        return render(request, template, context, status=409)


class Unclassified:
    """Turns away (422) whatever is sent with a secret mark in a text or a file name, whichever page or form it is for.

    A view that says so beside its own fields is marked `says_it_itself`. Nothing of what was sent is kept or shown.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.method != "POST" or settings.CLASSIFIED_ENABLED or getattr(view, "says_secrets_itself", False):
            return None
        sent = [text for name, values in request.POST.lists() for text in (name, *values)]
        sent += [upload.name or "" for _name, uploads in request.FILES.lists() for upload in uploads]
        return errors.secret(request) if any(map(secrecy.is_refused, sent)) else None


class ChosenLanguage:
    """The language a person chose in 个人设置; the office's own otherwise, whatever the browser was shipped with."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        request.LANGUAGE_CODE = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(request.LANGUAGE_CODE):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response
