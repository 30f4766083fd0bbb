"""What is there before processes are forked: the whole product, no connection yet."""

import django

django.setup()
