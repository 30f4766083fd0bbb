"""Scheduled tasks as an office thinks of them, and the history of what ran."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cobranca.accounts.columns import user_field
from cobranca.common.models import AgencyModel, TimestampedModel
from cobranca.scheduling.states import Frequency, RunStatus, Weekday


class Holiday(AgencyModel):
    """Feriado: a day on which this agency does not work, beside the nation's and its state's."""

    day = models.DateField("data")
    name = models.CharField("feriado", max_length=80)

    class Meta:
        verbose_name = "feriado"
        verbose_name_plural = "feriados"
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "day"],
                name="holiday_day_uniq",
                violation_error_message="Este dia já está entre os feriados.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} · {self.name}"


class ScheduledTask(AgencyModel, TimestampedModel):
    """Tarefa agendada: what, how often, for whom; django-celery-beat rings the bell."""

    task_type = models.CharField("tarefa", max_length=60)
    description = models.CharField("descrição", max_length=120)
    frequency = models.CharField(
        "frequência", max_length=10, choices=Frequency, default=Frequency.DAILY
    )
    at_time = models.TimeField("horário", null=True, blank=True)
    weekday = models.PositiveSmallIntegerField(
        "dia da semana", choices=Weekday, null=True, blank=True
    )
    month_day = models.PositiveSmallIntegerField("dia do mês", null=True, blank=True)
    every_minutes = models.PositiveIntegerField("a cada (minutos)", null=True, blank=True)
    business_days_only = models.BooleanField("executar somente em dias úteis", default=False)
    is_active = models.BooleanField("ativo", default=True)
    parameters = models.JSONField("parâmetros", default=dict, blank=True)
    # What the task works on, as the task type spells it ("creditor:7"); two tasks with the
    # same subject never run at once.
    subject = models.CharField("objeto", max_length=80, blank=True, editable=False)
    periodic_task = models.OneToOneField(
        "django_celery_beat.PeriodicTask",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="agenda",
    )
    # Due times up to here were run, skipped or given up; later ones are owed.
    settled_until = models.DateTimeField("em dia até", db_default=Now(), editable=False)

    class Meta:
        verbose_name = "tarefa agendada"
        verbose_name_plural = "tarefas agendadas"
        ordering = ["description", "id"]

    def __str__(self) -> str:
        return self.description


class TaskRun(AgencyModel):
    """One execution, asked for by the clock or by a person."""

    scheduled_task = models.ForeignKey(
        ScheduledTask,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="runs",
        verbose_name="tarefa agendada",
    )
    task_type = models.CharField("tarefa", max_length=60)
    description = models.CharField("descrição", max_length=120)
    subject = models.CharField("objeto", max_length=80, blank=True)
    parameters = models.JSONField("parâmetros", default=dict, blank=True)
    status = models.CharField(
        "situação", max_length=10, choices=RunStatus, default=RunStatus.QUEUED
    )
    due_at = models.DateTimeField("prevista para", db_default=Now())
    requested_by = user_field("pedida por")
    created_at = models.DateTimeField("criada em", db_default=Now(), editable=False)
    started_at = models.DateTimeField("início", null=True, blank=True)
    finished_at = models.DateTimeField("fim", null=True, blank=True)
    # A lease, not a lock: whoever works renews it; once it is over anyone may take the run.
    leased_until = models.DateTimeField("em posse até", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("tentativas", default=0)
    result = models.JSONField("resultado", default=dict, blank=True)
    message = models.CharField("mensagem", max_length=500, blank=True)

    class Meta:
        verbose_name = "execução"
        verbose_name_plural = "histórico de execução"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheduled_task", "due_at"],
                name="taskrun_task_due_uniq",
                condition=Q(requested_by__isnull=True),
            ),
            # A task never overlaps itself for the same creditor.
            models.UniqueConstraint(
                fields=["agency", "subject"],
                name="taskrun_subject_running_uniq",
                condition=Q(status=RunStatus.RUNNING) & ~Q(subject=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="taskrun_waiting_idx",
                condition=Q(status__in=[RunStatus.QUEUED, RunStatus.RUNNING]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.description} ({self.get_status_display()})"
