"""What the tasks room tells the house about itself."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from officehub.web.hubs import Hub, MenuEntry, Panel
from tasks import around
from tasks.around_demo import fill
from tasks.course import DEEDS
from tasks.from_papers import tasks_of
from tasks.number import faults
from tasks.search import find
from tasks.told import SENTENCES, VERBS, asked, my_tasks

hub = Hub(
    mount="tasks/",
    menu=[
        MenuEntry(_("办事"), _("任务"), "tasks:list", "list-checks", badge=asked, staff=False, on_phone=True),
        MenuEntry(_("办事"), _("领导交办"), "tasks:instruct", "megaphone", staff=False),
        *around.MENU,
    ],
    verbs={**VERBS, **around.VERBS},
    deeds={**around.DEEDS, **DEEDS},
    sentences={**SENTENCES, **around.SENTENCES},
    doors={
        "tasks.task": lambda task: reverse("tasks:detail", args=[task.pk]),
        "tasks.extension": lambda extension: reverse("tasks:extension", args=[extension.pk]),
        **around.DOORS,
    },
    panels=[
        Panel("workbench.side", "tasks/panel.html", my_tasks),
        Panel("beside.documents.document", "tasks/from_paper.html", tasks_of),
        Panel("beside.documents.incoming", "tasks/from_paper.html", tasks_of),
        *around.PANELS,
    ],
    holdings={"task": _("名下任务"), **around.HOLDINGS},
    search=find,
    search_label=_("任务"),
    proofs=[faults],
    demo=fill,
)
