from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('outbox', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='outboxevent',
            name='status',
            field=models.CharField(choices=[('pending', 'Aguardando'), ('delivered', 'Entregue'), ('parked', 'Parada'), ('discarded', 'Descartada')], default='pending', max_length=10, verbose_name='situação'),
        ),
    ]
