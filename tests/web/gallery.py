# ruff: noqa: E501  (templates)
"""Every component of the house with example values on two pages, for tests and for looking at."""

from datetime import timedelta
from types import SimpleNamespace

from django import forms
from django.http import HttpResponse
from django.template import RequestContext, engines
from django.urls import include, path
from django.utils import timezone

from officehub.web.office_time import DueLabel

APPROVE = """{% extends "base.html" %}{% load house %}
{% block body_class %}house deciding{% endblock %}
{% block content %}
{% include "components/page_head.html" with title="关于做好低温雨雪冰冻灾害防范应对工作的通知" urgency="特急" facts="签发" back_url="/" back_label="待办" %}
<div class="approve">
  <section class="paper" aria-label="公文版式"><div class="sheet"><div class="sheet-text">
    <p class="sheet-mark">云溪市人民政府办公室文件</p><p class="sheet-number">（签发后编号）</p><hr class="sheet-rule">
    <h2 class="sheet-title">云溪市人民政府办公室关于做好低温雨雪冰冻灾害防范应对工作的通知</h2>
    <p class="sheet-to">各县（市、区）人民政府，市政府各部门、各直属单位：</p>
    <div class="sheet-body"><p>据气象部门预报，11月25日至28日我市将出现一次强寒潮天气过程。为切实做好防范应对工作，经市政府同意，现将有关事项通知如下：</p>
    <p class="level-1">一、强化监测预警</p><p>气象、水文部门要加密会商，滚动发布预报预警信息；应急部门要会同有关单位及时启动响应，确保预警信息直达一线。</p>
    <p class="level-1">二、突出重点防范</p><p>交通运输、公安部门要提前备足除冰融雪物资，对桥梁、隧道、长下坡等易结冰路段逐段落实责任人。</p></div>
    <p class="sheet-signed">云溪市人民政府办公室<br>2026年11月23日</p>
  </div></div></section>
  <div class="approve-side">
    <section class="card decision" id="decision"><div class="card-body stack">
      <form class="form" method="post" action="/gallery/approve/">{% csrf_token %}
        <div class="field"><label for="opinion">我的意见</label><textarea id="opinion" name="opinion" rows="3"></textarea></div>
        {% include "components/phrases.html" with target="opinion" %}
        <div class="buttons"><button class="button button-main">同意并签发</button><button class="button" type="button" data-opens="back">退回</button></div>
        <p class="decision-next">签发后由秘书一科复核、编号，印发至 8 个县区、46 个部门，预计 11:30 前送达。</p>
      </form>
    </div></section>
    <section class="card"><div class="card-head"><h2>办理过程</h2></div><div class="card-body">{% include "components/timeline.html" %}</div>
    <div class="card-foot"><ul class="passed"><li>{% icon "check" 16 %}公文规则 31 项全部通过</li><li>{% icon "check" 16 %}版式实测合格</li></ul></div></section>
  </div>
</div>
{% include "components/jump_bar.html" with target="decision" label="去签发" %}
{% include "components/dialog.html" with id="back" title="退回拟稿人？" line="退回后由李向东修改再报，已有意见都保留。" url="/gallery/approve/" button="退回" name="decision" value="return" reason="退回理由" %}
{% endblock %}"""

PARTS = """{% extends "base.html" %}{% load house %}
{% block content %}
{% include "components/page_head.html" with title="拟稿与发文" lead="各部件一览" due=due %}
<div class="columns"><div class="stack">
  <section class="card"><div class="card-head"><h2>公文</h2></div>
    {% include "components/ledger.html" with caption="公文" %}
    {% include "components/pager.html" %}</section>
  <section class="card"><div class="card-head"><h2>规则检查</h2><small>3 处</small></div>{% include "components/findings.html" %}</section>
  <section class="card"><div class="card-head"><h2>规则检查</h2></div>{% include "components/findings.html" with findings=None %}</section>
  <section class="card"><div class="card-body"><form class="form" method="post">{% csrf_token %}{% include "components/form_errors.html" %}{% for field in form %}{{ field.as_field_group }}{% endfor %}
  <div class="line"><button class="button button-main">保存</button><button class="button" type="button">取消</button></div></form></div></section>
</div><div class="stack">
  {% include "components/card.html" with title="排版" body="components/progress.html" label="正在排版" value=2 max=3 %}
  <section class="card"><div class="card-body line">{% include "components/badge.html" with text="已签收" tone="good" %}{% include "components/badge.html" with text="草稿" %}{% include "components/urgency.html" with urgency="加急" %}{% include "components/badge.html" with text="受周明远委托" tone="notice" %}</div></section>
  <section class="card">{% include "components/empty.html" with title="没有草稿" line="从一份新公文开始。" symbol="file-pen-line" url="/" action="拟稿" %}</section>
  <section class="card"><div class="card-body">{% include "components/paper.html" with title="通知" %}</div></section>
</div></div>
{% endblock %}"""


class PaperForm(forms.Form):
    title = forms.CharField(label="标题", help_text="一般由发文机关、事由和文种组成")
    kind = forms.ChoiceField(label="文种", choices=[("notice", "通知"), ("request", "请示")])
    remarks = forms.CharField(label="附注", widget=forms.Textarea, required=False)
    urgent = forms.BooleanField(label="须今天办结", required=False)
    spread = forms.ChoiceField(
        label="公开属性", choices=[("a", "主动公开"), ("b", "依申请公开")], widget=forms.RadioSelect
    )


def steps(now):
    def step(state, who, place, verb, **more):
        return SimpleNamespace(state=state, who=who, place=place, verb=verb, **more)

    annex = SimpleNamespace(name="测算表.xlsx", url="/gallery/parts/")
    signed = {"at": now - timedelta(hours=1), "signed": True}
    signers = [
        step("done", "市气象局", "", "会签", opinion="无不同意见。", note="对第 1 稿", fallen=True, **signed),
        step("done", "市财政局", "", "会签", opinion="同意，测算附后。", files=[annex], **signed),
        step("done", "王建国", "市气象局", "会签", circled=True, acting_for="赵立", **signed),
    ]
    return [
        step("done", "李向东", "应急科", "拟稿", at=now - timedelta(hours=2)),
        step("done", "会签", "", "", at=now - timedelta(hours=1), count="2/2", lines=signers),
        step("returned", "陈静怡", "秘书一科", "核稿", at=now - timedelta(minutes=40), opinion="请补充联系人。"),
        step("now", "周明远", "副市长", "签发", at=None, acting_for="王建国"),
        step("waiting", "秘书一科", "", "复核、编号、用印", at=None),
    ]


def findings():
    def found(severity, text, clause, **more):
        return SimpleNamespace(severity=severity, text=text, clause=clause, **more)

    return [
        found(
            "block", "发文字号应使用六角括号〔〕。", "GB/T 9704—2012 7.2.5", where="第 2 行", fix_url="/gallery/fix/"
        ),
        found("warn", "“附件”前应有附件说明。", "GB/T 9704—2012 7.3.4", where="正文末"),
        found("info", "建议写明联系人和电话。", "公文习惯"),
    ]


def context():
    now = timezone.now()
    rows = [
        SimpleNamespace(url="/", cells=["关于做好防汛工作的通知", "云政办发〔2026〕12号", "李向东", "11月20日"]),
        SimpleNamespace(url="/", cells=["关于申请专项资金的请示", "", "王立", "11月19日"]),
    ]
    return {
        "steps": steps(now),
        "findings": findings(),
        "phrases": ["同意", "拟同意，请领导审定", "请按程序办理", "请修改后再报"],
        "columns": ["标题", "文号", "拟稿人", "日期"],
        "rows": rows,
        "page": SimpleNamespace(next_cursor="20261123T000000.000000Z~7", is_first=False),
        "form": PaperForm({"remarks": "此件公开发布"}),
        "due": DueLabel("已逾期 2 个工作日", "11月19日", "overdue", now),
        "sheets": ["data:image/gif;base64,R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs="],
    }


def _view(source):
    def show(request):
        template = engines["django"].from_string(source)
        return HttpResponse(template.template.render(RequestContext(request, context())))

    return show


urlpatterns = [
    path("gallery/approve/", _view(APPROVE)),
    path("gallery/parts/", _view(PARTS)),
    path("", include("officehub.urls")),
]
