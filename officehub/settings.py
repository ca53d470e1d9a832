"""Every setting of OfficeHub, in one file.

Values from the environment are typed and refused loudly when they do not parse; the README lists them.
Local customs (day limits, chase ladders) have their defaults here and are never constants in the code.
"""

import os
import sys
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import SELF
from django.core.exceptions import ImproperlyConfigured

from officehub.workdays.hours import parsed as parsed_hours

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
VAR = Path(env.str("OFFICEHUB_VAR", default=str(BASE_DIR / ".var")))  # everything the running system writes
VAR.mkdir(parents=True, exist_ok=True)

TESTING = "pytest" in sys.modules
PRODUCTION = env.bool("OFFICEHUB_PRODUCTION", default=False)
DEBUG = env.bool("DEBUG", default=False)
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG: must be off when OFFICEHUB_PRODUCTION is on.")


def _secret_key() -> str:
    """The key of this installation: from the environment, or made once and kept readable by its owner only."""
    if key := env.str("SECRET_KEY", default=""):
        if PRODUCTION and (len(key) < 50 or len(set(key)) < 10):
            raise ImproperlyConfigured(
                "SECRET_KEY: 生产环境的密钥至少 50 个字符、10 种字符 (at least 50 characters, 10 of them different)."
                " python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
            )
        return key
    if PRODUCTION:
        raise ImproperlyConfigured("SECRET_KEY: set it in the environment when OFFICEHUB_PRODUCTION is on.")
    kept = VAR / "secret_key"
    if not kept.exists():
        from django.core.management.utils import get_random_secret_key

        kept.touch(mode=0o600)
        kept.write_text(get_random_secret_key())
    return kept.read_text()


SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])  # keys before this one, while a change lasts
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if PRODUCTION else ["*"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env.str("SITE_URL", default="http://localhost:8000")  # the address printed in e-mails

INSTALLED_APPS = [
    "supervision",
    "tasks",
    "meetings",
    "documents",
    "officehub.web",
    "officehub.files",
    "officehub.approvals",
    "officehub.notifications",
    "officehub.inbox",
    "officehub.audit",
    "officehub.workdays",
    "officehub.people",
    "officehub.web.admin_site.OfficeAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "guardian",
    "axes",
    "csp",
    "django_htmx",
    "lucide",
    "django_celery_beat",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "officehub.web.middleware.ChosenLanguage",
    "officehub.web.middleware.WellFormed",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "officehub.web.middleware.NoStore",
    "officehub.web.middleware.TooLate",
    "officehub.web.middleware.Unclassified",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "officehub.urls"
WSGI_APPLICATION = "officehub.wsgi.application"
ASGI_APPLICATION = "officehub.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "officehub.web.context.house",
            ],
        },
    }
]

# --- the database: SQLite on one machine, PostgreSQL in production -------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR / 'officehub.sqlite3'}")}
if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # a writer locks at BEGIN, so nobody loses an update to a late upgrade
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
    # A file, so that the threads of one test share it as they would in service; one for each run.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / f"test-{os.getpid()}.sqlite3")}
else:
    DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- who comes in ---------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
CSRF_FAILURE_VIEW = "officehub.web.views.errors.stale_form"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "workbench"
LOGOUT_REDIRECT_URL = "login"
SESSION_COOKIE_AGE = env.int("SESSION_IDLE_MINUTES", default=30 if PRODUCTION else 480) * 60
SESSION_SAVE_EVERY_REQUEST = True  # idle time, not time since login (GB/T 22239-2019 8.1.4.1)
AXES_FAILURE_LIMIT = env.int("LOGIN_FAILURES", default=5)
AXES_COOLOFF_TIME = env.float("LOGIN_LOCK_HOURS", default=0.5)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "web/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)  # how many of our own stand before the house
AXES_CLIENT_IP_CALLABLE = "officehub.web.client_ip.client_ip"
GUARDIAN_MONKEY_PATCH_USER = False
ANONYMOUS_USER_NAME = None

# --- what a browser may do ------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": ["'none'"],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}
X_FRAME_OPTIONS = "SAMEORIGIN"  # the approval page shows the PDF of the paper in a frame of its own
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("HTTPS", default=PRODUCTION)
if SESSION_COOKIE_SECURE:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000

# --- language and clock ---------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "officehub" / "locale"]
TIME_ZONE = env.str("TIME_ZONE", default="Asia/Shanghai")
USE_TZ = True

# --- files ----------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # whitenoise warns of a missing one, and tests take warnings for errors
MEDIA_ROOT = VAR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
PREVIEW_SECONDS = env.float("PREVIEW_SECONDS", default=8.0)  # to draw what is being typed; then the typist is told
ATTACHMENT_MAX_BYTES = env.int("ATTACHMENT_MAX_MB", default=50) * 1024 * 1024
PDF_TEXT_MOST_CHARACTERS = env.int("PDF_TEXT_MOST_CHARACTERS", default=400_000)  # told of one uploaded PDF
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024  # a 4 MB paper is already a book
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

# --- pages of papers drawn for the screen; anything in it can be drawn again ---------------------------------
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "sheets": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache"
        if TESTING
        else "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": "sheets" if TESTING else str(VAR / "sheets"),
        "TIMEOUT": 86_400,
        "OPTIONS": {"MAX_ENTRIES": 2_000},
    },
}

# --- the queue ------------------------------------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", default="")
if PRODUCTION and not REDIS_URL:
    raise ImproperlyConfigured("REDIS_URL: 生产环境须指明队列 (set it when OFFICEHUB_PRODUCTION is on).")
QUEUE_OF_SERVE = VAR / "run" / "broker"  # `serve` writes its queue's address here while it runs
NOBODY_LISTENS = "memory://localhost/"  # the sweeps catch up
CELERY_BROKER_URL = (
    REDIS_URL
    or env.str("OFFICEHUB_BROKER", default="")
    or (QUEUE_OF_SERVE.read_text() if QUEUE_OF_SERVE.exists() else NOBODY_LISTENS)
)
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, int | str] = {
    "visibility_timeout": 600,  # at least twice the longest job (a rendering may take 60 s)
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,  # kombu's default looks only every 100 s for a dead worker's jobs
}
if CELERY_BROKER_URL.startswith("filesystem"):  # where there is neither Redis nor Valkey
    for option, folder in {"data_folder_in": "jobs", "data_folder_out": "jobs", "control_folder": "control"}.items():
        (VAR / "queue" / folder).mkdir(parents=True, exist_ok=True)
        CELERY_BROKER_TRANSPORT_OPTIONS[option] = str(VAR / "queue" / folder)
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ALWAYS_EAGER = CELERY_TASK_EAGER_PROPAGATES = TESTING
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {  # every sweep finds again what a lost message left behind; the database is the truth
    "notifications.send_messages": {"task": "notifications.send_messages", "schedule": 30.0},
    "inbox.remind": {"task": "inbox.remind", "schedule": 30.0},
    "notifications.write_digests": {"task": "notifications.write_digests", "schedule": 300.0},
    "approvals.reassign": {"task": "approvals.reassign", "schedule": crontab(hour=0, minute=10)},
    "approvals.lapse": {"task": "approvals.lapse", "schedule": 300.0},
    "documents.lapse": {"task": "documents.lapse", "schedule": 300.0},
    "workdays.recount": {"task": "workdays.recount", "schedule": 60.0},
    "audit.seal": {"task": "audit.seal", "schedule": 3600.0},
    "documents.sweep": {"task": "documents.sweep", "schedule": 60.0},
    "documents.tell_expired_reservations": {
        "task": "documents.tell_expired_reservations",
        "schedule": crontab(hour=0, minute=20),
    },
    "documents.chase_readers": {"task": "documents.chase_readers", "schedule": 300.0},
    "documents.incoming_alarms": {"task": "documents.incoming_alarms", "schedule": 300.0},
    "tasks.look_around": {"task": "tasks.look_around", "schedule": 60.0},
    "tasks.recur": {"task": "tasks.recur", "schedule": crontab(minute=5)},
}

# --- e-mail ---------------------------------------------------------------------------------------------------
# Without a mail server the mails are kept as files, where anybody on the machine may look at them.
vars().update(env.email_url("EMAIL_URL", default="memorymail://" if TESTING else "filemail://"))
EMAIL_FILE_PATH = str(VAR / "mail")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="officehub@localhost")
EMAIL_TIMEOUT = env.int("EMAIL_SECONDS", default=20)  # well under the minute for which a message is claimed

# --- messages that leave the house ----------------------------------------------------------------------------
# When a sort of news goes out by a channel, where nobody chose otherwise: now, digest, or (left out) off.
MESSAGE_DEFAULTS = {
    "news": {"email": "now"},
    "news_urgent": {"email": "now", "wecom": "now", "dingtalk": "now", "feishu": "now"},
    "reminder": {"email": "digest"},
    "reminder_urgent": {"email": "now", "wecom": "now", "dingtalk": "now", "feishu": "now"},
    "escalation": {"email": "now", "wecom": "now", "dingtalk": "now", "feishu": "now"},
    "escalation_urgent": {"email": "now", "wecom": "now", "dingtalk": "now", "feishu": "now"},
    "chase": {"email": "now", "wecom": "now", "dingtalk": "now", "feishu": "now"},
    "chase_urgent": {"email": "now", "wecom": "now", "dingtalk": "now", "feishu": "now"},
}
for _row, _given in env.json("MESSAGE_DEFAULTS", default={}).items():  # {"news": {"email": "digest"}, …}: row by row
    if (
        _row not in MESSAGE_DEFAULTS
        or not isinstance(_given, dict)
        or set(_given) - {"email", "wecom", "dingtalk", "feishu"}
        or set(_given.values()) - {"now", "digest", "off"}
    ):
        raise ImproperlyConfigured(f"MESSAGE_DEFAULTS: {_row}: {_given}")
    MESSAGE_DEFAULTS[_row] = _given
QUIET_OUTSIDE = env.bool("QUIET_OUTSIDE", default=True)  # nothing but the urgent leaves in quiet hours
DIGEST_HOUR = env.int("DIGEST_HOUR", default=8)  # of a working day
if not 0 <= DIGEST_HOUR <= 23:
    raise ImproperlyConfigured("DIGEST_HOUR: 0–23.")
DIGEST_LINES = env.int("DIGEST_LINES", default=20)  # then “等 M 项”
OUTLET_RESTS_AFTER = env.int("OUTLET_RESTS_AFTER", default=3)  # failures in a row
OUTLET_RESTS_MINUTES = env.int("OUTLET_RESTS_MINUTES", default=60)  # at most; it begins with one and doubles
ROBOT_HOSTS = env.list("ROBOT_HOSTS", default=["qyapi.weixin.qq.com", "oapi.dingtalk.com", "open.feishu.cn"])
ROBOT_PLAIN_HTTP = env.bool("ROBOT_PLAIN_HTTP", default=False)
ROBOT_SECONDS = env.float("ROBOT_SECONDS", default=5.0)  # for one message, answer and all
ROBOT_MESSAGES_A_MINUTE = env.int("ROBOT_MESSAGES_A_MINUTE", default=20)  # 企业微信 and 钉钉 stop a robot beyond it
ROBOT_SAYS_TITLE = env.bool("ROBOT_SAYS_TITLE", default=False)  # titles of papers in a group outside: 工作秘密

# --- local customs (defaults; every one of them may be changed by the office) ----------------------------------
try:  # limits in office hours run only within them, on working days (Unit.OFFICE_HOURS)
    OFFICE_HOURS = parsed_hours(env.str("OFFICE_HOURS", default="08:30-12:00,14:00-17:30"))
except ValueError as wrong:
    raise ImproperlyConfigured(f"OFFICE_HOURS: {wrong}") from wrong
URGENCY_LIMIT_WORKING_DAYS = env.dict("URGENCY_LIMIT_WORKING_DAYS", cast={"value": int}, default={"特急": 1, "加急": 3})
OFFICE_STEP_LIMIT_WORKING_DAYS = env.int("OFFICE_STEP_LIMIT_WORKING_DAYS", default=1)  # recheck, number, seal …
READING_LIMIT_WORKING_DAYS = env.int("READING_LIMIT_WORKING_DAYS", default=2)  # rules.md 1.8, leaders' reading (P-NB)
CONSULTATION_LIMIT_WORKING_DAYS = env.int(
    "CONSULTATION_LIMIT_WORKING_DAYS", default=7
)  # rules.md 1.8, 征求意见 (P-GB09)
CONSULTATION_SILENCE_CONSENTS = env.bool(
    "CONSULTATION_SILENCE_CONSENTS", default=True
)  # 逾期未复视为无不同意见 (rules.md 1.4, provincial rules); off: it stays 待答复
CONSULTATION_SHARE_ANSWERS = env.bool(
    "CONSULTATION_SHARE_ANSWERS", default=False
)  # whether those asked see the others'
LEGALITY_MIN_WORKING_DAYS = env.int("LEGALITY_MIN_WORKING_DAYS", default=5)  # 国办发〔2018〕115号: 一般不少于5个工作日
CIRCULATION_HOP_WORKING_DAYS = env.int("CIRCULATION_HOP_WORKING_DAYS", default=2)  # 传阅、批示 each (P-NB)
INCOMING_HALF_DAY_LIMITS = env.bool("INCOMING_HALF_DAY_LIMITS", default=True)  # rules.md 1.8: AM same day, PM next noon
INCOMING_PROPOSAL_NEEDS_DIRECTOR = env.bool("INCOMING_PROPOSAL_NEEDS_DIRECTOR", default=True)  # 拟办意见 settled first
INCOMING_SECRETARY_ROLE = env.str("INCOMING_SECRETARY_ROLE", default="vetter")  # who screens, proposes and assigns
CHASE_PAUSE_HOURS = env.int("CHASE_PAUSE_HOURS", default=4)  # nobody is chased twice within
CHASE_FROM_HOUR = env.int("CHASE_FROM_HOUR", default=8)  # readers are chased by the clock from this hour on …
CHASE_UNTIL_HOUR = env.int("CHASE_UNTIL_HOUR", default=18)  # … and no later than this, on working days
RECALL_LIMIT_WORKING_DAYS = env.int("RECALL_LIMIT_WORKING_DAYS", default=5)  # proposed when a paper is called back
FOUR_EYES = env.str(
    "FOUR_EYES", default="override"
)  # R30: drafter ≠ vetter ≠ signer. off, override (with a reason), block
if FOUR_EYES not in ("off", "override", "block"):
    raise ImproperlyConfigured("FOUR_EYES: off, override or block.")
RECHECK_PARAGRAPH_CHARACTERS = env.int("RECHECK_PARAGRAPH_CHARACTERS", default=3)  # 复核改正: more is substantive
RECHECK_TOTAL_CHARACTERS = env.int("RECHECK_TOTAL_CHARACTERS", default=20)  # in the whole paper
CLASSIFIED_ENABLED = env.bool("CLASSIFIED_ENABLED", default=False)  # 保密法 第三十一条(三)
PAGE_SIZE = env.int("PAGE_SIZE", default=50)
DISCLOSURE_REVIEW_MONTHS = env.int("DISCLOSURE_REVIEW_MONTHS", default=12)  # 政府信息公开条例 第十八条 names no cycle
# 档号 (DA/T 13-2022): 全宗号-门类代码·年度-保管期限-机构(问题)代码-件号
ARCHIVE_CODE = env.str("ARCHIVE_CODE", default="{fonds}-{category}·{year}-{retention}-{office}-{number}")
ARCHIVE_CATEGORY = env.str("ARCHIVE_CATEGORY", default="WS")  # 文书
ARCHIVE_ITEM_DIGITS = env.int("ARCHIVE_ITEM_DIGITS", default=4)
if missing := [
    part for part in ("fonds", "year", "retention", "office", "number") if f"{{{part}}}" not in ARCHIVE_CODE
]:
    raise ImproperlyConfigured(f"ARCHIVE_CODE: 档号缺少 (it lacks) {', '.join(missing)}.")
ARCHIVE_TRANSFER_YEARS = env.int("ARCHIVE_TRANSFER_YEARS", default=20)  # 档案法实施条例 第二十条; a county's: 10

# around the tasks: workbooks, service requests, calendar feeds
TASK_IMPORT_MOST_ROWS = env.int("TASK_IMPORT_MOST_ROWS", default=2_000)  # of one workbook (批量交办)
EXPORT_AT_ONCE_ROWS = env.int("EXPORT_AT_ONCE_ROWS", default=5_000)  # longer ledgers are written by a job
TASK_IMPORT_MOST_BYTES = env.int("TASK_IMPORT_MOST_MB", default=10) * 1024 * 1024
SERVICE_ROLE = env.str("SERVICE_ROLE", default="registry_clerk")  # who receives 服务事项 and answers them
SERVICE_LIMIT_WORKING_DAYS = env.int("SERVICE_LIMIT_WORKING_DAYS", default=3)  # to answer
SERVICE_RATING_WORKING_DAYS = env.int("SERVICE_RATING_WORKING_DAYS", default=10)  # then it is closed unrated
CALENDAR_FEED_MAY_SHOW_TITLES = env.bool("CALENDAR_FEED_MAY_SHOW_TITLES", default=True)  # 工作秘密: off, for nobody
CALENDAR_FEED_PER_HOUR = env.int("CALENDAR_FEED_PER_HOUR", default=60)  # readings of one feed; more are turned away
# tasks (办事)
TASK_NUMBER = env.str("TASK_NUMBER", default="交办〔{year}〕{seq}号")
if missing := [part for part in ("year", "seq") if f"{{{part}}}" not in TASK_NUMBER]:
    raise ImproperlyConfigured(f"TASK_NUMBER: 任务编号缺少 (it lacks) {', '.join(missing)}.")
TASK_MAX_DEPTH = env.int("TASK_MAX_DEPTH", default=3)  # how many levels of subtasks
TASK_ACCEPT_LIMIT_WORKING_DAYS = env.int("TASK_ACCEPT_LIMIT_WORKING_DAYS", default=1)  # 签收、分派、重新交办
TASK_VERIFY_LIMIT_WORKING_DAYS = env.int("TASK_VERIFY_LIMIT_WORKING_DAYS", default=2)  # 核验
TASK_DUE_SOON_WORKING_DAYS = env.int("TASK_DUE_SOON_WORKING_DAYS", default=3)  # rules.md 3.3, 临近时限

SILENCED_SYSTEM_CHECKS = [
    "guardian.W001",  # there is no anonymous user: everyone logs in
    "security.W005",  # HSTS for this host only: other systems of the office may be plain HTTP on subdomains
    "security.W008",  # the reverse proxy sends people from HTTP to HTTPS; here it would break its health checks
    "security.W019",  # SAMEORIGIN, because the approval page frames its own PDF (X_FRAME_OPTIONS above)
    "security.W021",  # browsers' preload lists are for the public internet
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"officehub": {"level": "INFO"}, "fontTools": {"level": "ERROR"}},
}
