"""What the documents room tells the house about itself."""

from django.urls import reverse

from documents.demo import fill
from documents.search import find
from officehub.web.hubs import Hub, MenuEntry

hub = Hub(
    mount="papers/",
    menu=[
        MenuEntry("办文", "拟稿与发文", "documents:list", "file-pen-line", on_phone=True),
        MenuEntry("办文", "发文登记簿", "documents:register", "book-open-text"),
        MenuEntry("办文", "公文规则", "documents:rules", "scale"),
    ],
    verbs={
        "review": "审核",
        "countersign": "会签",
        "vet": "核稿",
        "sign_off": "签发",
        "revise": "修改",
        "recheck": "复核",
        "number": "编号",
        "seal": "用印",
        "distribute": "分发",
        "read": "阅件",
        "archive": "归档",
    },
    sentences={
        "approval.asked": "请办理“%(title)s”（%(stage)s）",
        "documents.signed": "“%(title)s”已签发",
        "documents.returned": "%(who)s退回了“%(title)s”：%(reason)s",
        "documents.recheck_asked": "请复核“%(title)s”",
        "documents.number_asked": "请为“%(title)s”编号",
        "documents.seal_asked": "请为“%(title)s”用印",
        "documents.distribute_asked": "请分发“%(title)s”",
        "documents.archive_asked": "请将“%(title)s”归档",
        "documents.delivered": "收到%(number)s“%(title)s”，请阅",
    },
    doors={"documents.document": lambda document: reverse("documents:detail", args=[document.pk])},
    search=find,
    search_label="公文",
    demo=fill,
)
