"""Who may see which task: the access table of this room (written only through `officehub.people.grants`)."""

from django.conf import settings
from django.db import models

from officehub.people.grants import GroupGrant, UserGrant, list_index
from tasks.models.task import Task


class TaskUserGrant(UserGrant):
    content_object = models.ForeignKey(Task, models.CASCADE, related_name="user_grants")

    class Meta(UserGrant.Meta):
        verbose_name = verbose_name_plural = "任务个人授权"
        indexes = [list_index("user", "task_user_list")]


class TaskGroupGrant(GroupGrant):
    content_object = models.ForeignKey(Task, models.CASCADE, related_name="group_grants")

    class Meta(GroupGrant.Meta):
        verbose_name = verbose_name_plural = "任务部门授权"
        indexes = [list_index("group", "task_group_list")]


class SeeingAgain(models.Model):
    """Whose tasks are still being gone through because their posts or roles changed, and before which to go on."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    before = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"{self.person_id} {self.before}"
