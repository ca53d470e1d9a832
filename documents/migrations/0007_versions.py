"""Versions, looks and annulments; papers already under way get the text they have as their first version."""

import hashlib
import json

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

UNDER_WAY = ("in_approval", "returned", "signed", "rechecked", "numbered", "sealed")  # others change no more
FLAGS = ("important", "normative", "affects_business")
GIVEN_ANEW = ("document_number", "date_of_document", "printing_date", "copy_number", "signers")
CHUNK = 500


def keep_what_there_is(apps, editor):
    """One version for each paper under way: opinions given on this text then lead to it."""
    papers = apps.get_model("documents", "Document").objects.filter(state__in=UNDER_WAY, versions=None)
    rows = []
    for paper in papers.prefetch_related("attached__stored").order_by("id").iterator(CHUNK):
        rows += first_version(apps.get_model("documents", "Version"), paper)
        if len(rows) >= CHUNK:
            rows[0].__class__.objects.bulk_create(rows)
            rows = []
    apps.get_model("documents", "Version").objects.bulk_create(rows)


def first_version(model, paper):
    from documents.interchange import Refused, content_hash, dump, parse

    raw, files = dict(paper.content), []
    attached = [attachment_of(one, files) for one in sorted(paper.attached.all(), key=lambda one: one.order)]
    try:
        read = parse({**raw, "attachments": attached} if attached else raw, accredited=True)
    except Refused:
        return []  # a returned draft that was left incomplete: its next submission is its first version
    facts = {name: True for name in FLAGS if getattr(paper, name)}
    if paper.amount is not None:
        facts["amount"] = f"{paper.amount.normalize():f}"
    text = content_hash(read)
    said = json.dumps([text, facts], ensure_ascii=False, sort_keys=True)
    approved = hashlib.sha256(said.encode()).hexdigest() if facts else text
    kept = {name: value for name, value in dump(read).items() if name not in GIVEN_ANEW}
    content = {"paper": kept, "facts": facts, "files": files}
    hashes = {"content_hash": text, "approval_hash": approved}
    return [model(document=paper, number=1, content=content, **hashes, why="found", at=paper.created_at)]


def attachment_of(one, files):
    raw = {"title": one.title}
    if one.body:
        raw["body"] = one.body
    if one.stored:
        raw["file"] = one.stored.sha256[:16] + "." + one.stored.name.rpartition(".")[2].lower()
        files.append({"title": one.title, "name": one.stored.name, "size": one.stored.size, "sha256": one.stored.sha256})
    return raw


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0006_paper'),
        ('people', '0002_stand_ins'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='document',
            name='annulled',
            field=models.CharField(blank=True, db_default='', choices=[('revoked', '已撤销'), ('repealed', '已废止'), ('partly', '部分失效')], max_length=8, verbose_name='失效'),
        ),
        migrations.AddField(
            model_name='document',
            name='annulled_from',
            field=models.DateField(null=True, verbose_name='自何日失效'),
        ),
        migrations.AddField(
            model_name='document',
            name='corrected_hash',
            field=models.CharField(blank=True, db_default='', max_length=64, verbose_name='复核改正后的文本'),
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='版本')),
                ('content', models.JSONField(verbose_name='内容')),
                ('content_hash', models.CharField(max_length=64, verbose_name='文本')),
                ('approval_hash', models.CharField(max_length=64, verbose_name='审批文本')),
                ('why', models.CharField(choices=[('submit', '提交审批'), ('amend', '修改文稿'), ('sign_off', '签发'), ('correct', '复核改正'), ('reapprove', '复核改动，报签发人复审'), ('keep', '保存版本'), ('found', '启用版本记录时的文稿')], max_length=10, verbose_name='来由')),
                ('stage', models.CharField(blank=True, max_length=60, verbose_name='环节')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='由谁')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='documents.document', verbose_name='公文')),
            ],
            options={
                'verbose_name': '公文版本',
                'verbose_name_plural': '公文版本',
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='Look',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='looks', to='documents.document')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('before', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.version')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.version')),
            ],
            options={
                'verbose_name': '所见版本',
                'verbose_name_plural': '所见版本',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Annulment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort', models.CharField(choices=[('revoked', '撤销'), ('repealed', '废止')], max_length=8, verbose_name='方式')),
                ('part', models.CharField(blank=True, max_length=100, verbose_name='部分条款')),
                ('effective_from', models.DateField(verbose_name='自何日失效')),
                ('basis_number', models.CharField(blank=True, max_length=60, verbose_name='决定文件字号')),
                ('basis_title', models.CharField(blank=True, max_length=200, verbose_name='决定文件标题')),
                ('reason', models.CharField(max_length=500, verbose_name='理由')),
                ('at', models.DateTimeField(verbose_name='登记时间')),
                ('undone_at', models.DateTimeField(blank=True, null=True, verbose_name='更正时间')),
                ('undone_reason', models.CharField(blank=True, max_length=500, verbose_name='更正理由')),
                ('basis', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='annuls', to='documents.document', verbose_name='决定文件')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organ', verbose_name='决定机关')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='annulments', to='documents.document', verbose_name='公文')),
                ('undone_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='更正人')),
            ],
            options={
                'verbose_name': '撤销与废止',
                'verbose_name_plural': '撤销与废止',
                'default_permissions': ('view',),
                'indexes': [models.Index(models.OrderBy(models.F('at'), descending=True), models.OrderBy(models.F('id'), descending=True), name='annulment_newest')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('undone_at', None)), fields=('document', 'part'), name='annulled_once'), models.CheckConstraint(condition=models.Q(('basis__isnull', False), models.Q(models.Q(('basis_number', ''), _negated=True), models.Q(('basis_title', ''), _negated=True)), _connector='OR'), name='annulment_has_basis', violation_error_message='撤销、废止须写明决定文件（条例 第三十三条）。'), models.CheckConstraint(condition=models.Q(('basis__isnull', True), models.Q(('basis', models.F('document')), _negated=True), _connector='OR'), name='annulment_not_by_itself'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='annulment_has_reason'), models.CheckConstraint(condition=models.Q(models.Q(('undone_at', None), ('undone_by', None), ('undone_reason', '')), models.Q(('undone_at__isnull', False), ('undone_by__isnull', False), models.Q(('undone_reason', ''), _negated=True)), _connector='OR'), name='annulment_undone_whole')],
            },
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.UniqueConstraint(fields=('document', 'number'), name='version_number_once'),
        ),
        migrations.AddConstraint(
            model_name='look',
            constraint=models.UniqueConstraint(fields=('document', 'person'), name='look_once'),
        ),
        migrations.RunPython(keep_what_there_is, migrations.RunPython.noop),
    ]
