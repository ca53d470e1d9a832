"""The closed set of channels, and when a sort of news goes out by one: at once, in the day's digest, or not at all."""

from django.db.models import TextChoices


class Channel(TextChoices):
    """The ways out of the house. The application itself is none of them: there every notice always is."""

    EMAIL = "email", "电子邮件"
    WECOM = "wecom", "企业微信"
    DINGTALK = "dingtalk", "钉钉"
    FEISHU = "feishu", "飞书"


ROBOTS = (Channel.WECOM, Channel.DINGTALK, Channel.FEISHU)


class When(TextChoices):
    NOW = "now", "即时"
    DIGEST = "digest", "每日摘要"
    OFF = "off", "不发"
