"""Terminals in the admin: what is typed becomes a proposal, another person decides; the switch is immediate."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django import forms
from django.contrib import messages
from django.db.models import Case, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import action, display

from campaigns.models import Fund
from core.admin_base import PortalAdmin, ReadOnlyAdmin, show_day
from core.errors import DomainError
from core.models import User
from core.phrases import sentence
from payments import terminal_phrases as phrases
from payments.models import Terminal, TerminalProposal
from payments.services.proposals import (
    approve_proposal,
    propose_change,
    propose_terminal,
    refuse_proposal,
    withdraw_proposal,
)
from payments.services.terminal_changes import switch_terminal
from payments.terminal_forms import (
    DEPOSIT,
    ApproveForm,
    RefuseForm,
    SwitchForm,
    TerminalForm,
    WithdrawForm,
    terminal_form,
)
from provinces.permissions import Permission

WAITING = TerminalProposal.State.WAITING


class TerminalAdmin(PortalAdmin):
    """A terminal's form proposes; nothing here writes a terminal, but its switch."""

    list_display = ["label", "gateway", "office", "is_active", "has_credentials", "valid_from", "valid_until"]
    list_filter = ["gateway", "is_active", "office__province"]
    list_select_related = ["office"]
    search_fields = ["label", "office__name"]
    autocomplete_fields = ["office"]
    actions_detail = ["switch"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and request.access.may(Permission.PROPOSE_TERMINALS)

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return super().has_change_permission(request, obj) and request.access.may(
            Permission.PROPOSE_TERMINALS
        )

    def get_form(self, request: HttpRequest, obj=None, change: bool = False, **kwargs):
        return super().get_form(request, obj, change, **{**kwargs, "form": terminal_form()})

    def get_fieldsets(self, request: HttpRequest, obj=None) -> list:
        """The account, then a field for each fund's deposit id."""
        shown = ["is_active", "has_credentials", "waiting"] if obj else []
        account = ["label", "valid_from", "valid_until", "settlement_iban", "new_credentials", "reason"]
        deposits = [name for name in terminal_form().base_fields if name.startswith(DEPOSIT)]
        return [
            (None, {"fields": ["office", "gateway", *shown, *account], "description": phrases.TWO_PEOPLE}),
            (phrases.DEPOSIT_IDS, {"fields": deposits, "description": phrases.DEPOSIT_IDS_HELP}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj=None) -> list[str]:
        return ["office", "gateway", "is_active", "has_credentials", "waiting"] if obj else []

    def changeform_view(self, request: HttpRequest, object_id=None, form_url="", extra_context=None):
        only_save = {"show_save_and_continue": False, "show_save_and_add_another": False}
        return super().changeform_view(request, object_id, form_url, only_save | (extra_context or {}))

    def save_model(self, request: HttpRequest, obj: Terminal, form: TerminalForm, change: bool) -> None:
        """Nothing of the terminal is saved: what was typed becomes a proposal."""
        data, why = form.cleaned_data, {"actor": request.user, "reason": form.cleaned_data["reason"]}
        try:
            if change:
                request.proposal = propose_change(obj, form.facts(), **why)
            else:
                request.proposal = propose_terminal(data["office"], data["gateway"], form.facts(), **why)
        except DomainError as error:  # what another person did since the form was checked
            request.proposal = None
            messages.error(request, sentence(error.code))

    def response_add(self, request: HttpRequest, obj: Terminal, post_url_continue=None) -> HttpResponse:
        return self._response(request)

    def response_change(self, request: HttpRequest, obj: Terminal) -> HttpResponse:
        return self._response(request)

    def _response(self, request: HttpRequest) -> HttpResponse:
        if request.proposal is None:
            return redirect(request.path)
        messages.success(request, phrases.PROPOSED)
        return redirect("admin:payments_terminalproposal_change", request.proposal.pk)

    def log_addition(self, request: HttpRequest, obj: Terminal, message) -> None:
        """The service has recorded the proposal; nothing was added."""

    def log_change(self, request: HttpRequest, obj: Terminal, message) -> None:
        """The service has recorded the proposal; nothing was changed."""

    @display(description=phrases.HAS_CREDENTIALS, boolean=True)
    def has_credentials(self, terminal: Terminal) -> bool:
        return bool(terminal.credentials)

    @display(description=phrases.WAITING)
    def waiting(self, terminal: Terminal) -> str:
        proposal = terminal.proposals.filter(state=WAITING).first()
        if proposal is None:
            return "–"
        address = reverse("admin:payments_terminalproposal_change", args=[proposal.pk])
        return format_html('<a href="{}">{}</a>', address, show_day(proposal.proposed_at))

    @action(description=phrases.SWITCH, url_path="switch")
    def switch(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Off or on, by one person, at once."""
        terminal = self.get_object(request, object_id)
        if terminal is None:
            raise Http404
        goes_on = not terminal.is_active
        form = SwitchForm(request.POST or None)
        if form.is_valid():
            try:
                switch_terminal(terminal, is_active=goes_on, actor=request.user, **form.cleaned_data)
            except DomainError as error:
                form.add_error(None, sentence(error.code))
            else:
                messages.success(request, phrases.SWITCHED_ON if goes_on else phrases.SWITCHED_OFF)
                return redirect("admin:payments_terminal_change", terminal.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": phrases.SWITCH_ON if goes_on else phrases.SWITCH_OFF,
            "note": phrases.SWITCH_ON_NOTE if goes_on else phrases.SWITCH_OFF_NOTE,
            "opts": self.opts,
            "original": terminal,
            "form": form,
        }
        return render(request, "admin/with_reason.html", context)


class DepositIdentifierAdmin(ReadOnlyAdmin):
    """For looking over all of them; they are proposed on the terminal's page."""

    list_display = ["value", "terminal", "fund"]
    list_filter = ["fund", "terminal__gateway"]
    list_select_related = ["terminal", "fund"]
    search_fields = ["value", "terminal__label"]


class TerminalProposalAdmin(ReadOnlyAdmin):
    """What waits for a second person comes first; what was decided stays as it was."""

    list_display = [
        "kind", "office", "gateway", "state", "proposer", "proposed_at", "expires_at", "decider",
    ]  # fmt: skip
    list_display_links = ["kind"]
    list_filter = ["state", "gateway", "office__province"]
    list_select_related = ["office", "proposed_by", "decided_by"]
    search_fields = ["office__name", "terminal__label", "reason"]
    ordering = [Case(When(state=WAITING, then=Value(0)), default=Value(1)), "-pk"]
    actions_detail = ["approve", "refuse", "withdraw"]
    fields = [
        "kind", "office", "gateway", "terminal", "state", "changes", "reason", "proposer", "proposed_at",
        "expires_at", "decider", "decided_at", "decision_reason", "applied_at",
    ]  # fmt: skip

    def get_actions_detail(self, request: HttpRequest, object_id: int) -> list:
        """The buttons that lead somewhere for this person and this proposal."""
        actions = super().get_actions_detail(request, object_id)
        proposal = self.get_object(request, object_id)
        if proposal is None or proposal.state != WAITING:
            return []
        is_own = proposal.proposed_by_id == request.user.pk
        return [one for one in actions if one.action_name.endswith("_withdraw") is is_own]

    def has_decide_permission(self, request: HttpRequest, object_id=None) -> bool:
        return request.access.may(Permission.DECIDE_TERMINALS)

    def has_propose_permission(self, request: HttpRequest, object_id=None) -> bool:
        return request.access.may(Permission.PROPOSE_TERMINALS)

    @display(description=phrases.KIND)
    def kind(self, proposal: TerminalProposal) -> str:
        is_new = any(row["field"] == "valid_from" and not row["before"] for row in proposal.differences)
        return str(phrases.NEW_TERMINAL if is_new else phrases.CHANGE)

    @display(description=phrases.PROPOSED_BY)
    def proposer(self, proposal: TerminalProposal) -> str:
        return _who(proposal.proposed_by)

    @display(description=phrases.DECIDED_BY)
    def decider(self, proposal: TerminalProposal) -> str:
        return _who(proposal.decided_by) if proposal.decided_by else "–"

    @display(description=phrases.DIFFERENCES)
    def changes(self, proposal: TerminalProposal) -> str:
        return render_to_string("admin/_differences.html", _shown_differences(proposal))

    @action(description=phrases.APPROVE, url_path="approve", permissions=["decide"])
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def decide(proposal: TerminalProposal, data: dict) -> None:
            approve_proposal(proposal.pk, actor=request.user, reason=data["reason"])

        return self._decide(request, object_id, ApproveForm, decide, (phrases.APPROVE, phrases.APPROVED))

    @action(description=phrases.REFUSE, url_path="refuse", permissions=["decide"])
    def refuse(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def decide(proposal: TerminalProposal, data: dict) -> None:
            refuse_proposal(proposal.pk, actor=request.user, reason=data["reason"])

        return self._decide(request, object_id, RefuseForm, decide, (phrases.REFUSE, phrases.REFUSED))

    @action(description=phrases.WITHDRAW, url_path="withdraw", permissions=["propose"])
    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def decide(proposal: TerminalProposal, data: dict) -> None:
            withdraw_proposal(proposal.pk, actor=request.user)

        return self._decide(request, object_id, WithdrawForm, decide, (phrases.WITHDRAW, phrases.WITHDRAWN))

    def _decide(
        self,
        request: HttpRequest,
        object_id: str,
        form_class: type[forms.Form],
        decide: Callable[[TerminalProposal, dict], None],
        words: tuple[str, str],
    ) -> HttpResponse:
        proposal = self.get_object(request, object_id)
        if proposal is None:
            raise Http404
        form = form_class(request.POST or None)
        if form.is_valid():
            try:
                decide(proposal, form.cleaned_data)
            except DomainError as error:
                form.add_error(None, sentence(error.code))
            else:
                messages.success(request, words[1])
                return redirect("admin:payments_terminalproposal_change", proposal.pk)
        context = {
            **self.admin_site.each_context(request),
            **_shown_differences(proposal),
            "title": words[0],
            "opts": self.opts,
            "original": proposal,
            "proposer": _who(proposal.proposed_by),
            "form": form,
        }
        return render(request, "admin/terminal_proposal.html", context)


def _who(person: User) -> str:
    """The name and the user name: two people may have the same name, and here it matters that they are two."""
    return format_html('{} (<bdi dir="ltr">{}</bdi>)', person, person.username)


def _shown_differences(proposal: TerminalProposal) -> dict:
    """The table of what differs, in the words of the page."""
    funds = dict(Fund.objects.values_list("code", "name"))
    rows = [
        {
            "what": phrases.FIELDS[row["field"]],
            "fund": funds.get(row["name"], "") if row["field"] == "deposit_ids" else "",
            "key": row["name"] if row["field"] == "credentials" else "",
            "is_text": row["field"] == "label",
            "before": _shown(row["field"], row["before"]),
            "after": _shown(row["field"], row["after"]),
        }
        for row in proposal.differences
    ]
    return {"differences": rows, "phrases": phrases}


def _shown(field: str, value: str) -> str:
    if value and field in ("valid_from", "valid_until"):
        return show_day(date.fromisoformat(value))
    return value or "–"
