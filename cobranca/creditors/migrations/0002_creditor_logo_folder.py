import cobranca.creditors.models
import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('creditors', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='creditor',
            name='logo',
            field=models.FileField(blank=True, upload_to=cobranca.creditors.models.logo_path, validators=[django.core.validators.FileExtensionValidator(['png', 'jpg', 'jpeg', 'webp'])], verbose_name='logo'),
        ),
        migrations.AlterConstraint(
            model_name='creditor',
            name='creditor_external_code_uniq',
            constraint=models.UniqueConstraint(condition=models.Q(('creditor_type', ''), _negated=True), fields=('agency', 'creditor_type', 'external_code'), name='creditor_external_code_uniq', violation_error_message='Já existe um credor deste tipo com este código.'),
        ),
    ]
