"""Who may see which paper: the access table of this room (written only through `officehub.people.grants`)."""

from django.db import models

from documents.models.document import Document
from documents.models.incoming import Incoming
from officehub.people.grants import GroupGrant, UserGrant, list_index


class DocumentUserGrant(UserGrant):
    content_object = models.ForeignKey(Document, models.CASCADE, related_name="user_grants")

    class Meta(UserGrant.Meta):
        verbose_name = verbose_name_plural = "个人授权"
        indexes = [list_index("user", "document_user_list")]


class DocumentGroupGrant(GroupGrant):
    content_object = models.ForeignKey(Document, models.CASCADE, related_name="group_grants")

    class Meta(GroupGrant.Meta):
        verbose_name = verbose_name_plural = "部门授权"
        indexes = [list_index("group", "document_group_list")]


class IncomingUserGrant(UserGrant):
    content_object = models.ForeignKey(Incoming, models.CASCADE, related_name="user_grants")

    class Meta(UserGrant.Meta):
        verbose_name = verbose_name_plural = "收文个人授权"
        indexes = [list_index("user", "incoming_user_list")]


class IncomingGroupGrant(GroupGrant):
    content_object = models.ForeignKey(Incoming, models.CASCADE, related_name="group_grants")

    class Meta(GroupGrant.Meta):
        verbose_name = verbose_name_plural = "收文部门授权"
        indexes = [list_index("group", "incoming_group_list")]
