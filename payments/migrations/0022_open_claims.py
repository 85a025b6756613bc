"""The same words of a donor are one open claim; answered, they may be said again."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0021_rare_states'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='donorclaim',
            constraint=models.UniqueConstraint(
                condition=models.Q(('state__in', ['open', 'proposed'])),
                fields=('mobile_hash', 'amount_rial', 'day', 'last_digits'),
                name='one_open_claim_of_the_same_words',
            ),
        ),
    ]
