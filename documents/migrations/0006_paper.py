from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0005_numbers'),
    ]

    operations = [
        migrations.AlterField(
            model_name='rendition',
            name='purpose',
            field=models.CharField(choices=[('proof', '清样'), ('original', '正本'), ('archive', '归档件')], max_length=10, verbose_name='用途'),
        ),
    ]
