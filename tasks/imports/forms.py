"""The forms of 批量交办."""

from django import forms
from django.utils.translation import gettext_lazy as _


class UploadForm(forms.Form):
    workbook = forms.FileField(
        label=_("工作簿（.xlsx）"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": _("请选择要上传的工作簿。"), "empty": _("文件是空的，请重新选择。")},
    )


class ConfirmForm(forms.Form):
    """What must be ticked before anything is made: `asks` names the boxes that stand on the page."""

    only_good = forms.BooleanField(label=_("只交办无误的行，有误的行不办"), required=False)
    again = forms.BooleanField(label=_("同一个文件已经导入过，确需再交办一次"), required=False)

    def __init__(self, data=None, *, asks: set[str]):
        super().__init__(data)
        for name in set(self.fields) - asks:
            del self.fields[name]
