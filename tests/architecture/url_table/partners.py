"""Partners and what they promised."""

from __future__ import annotations

from tests.architecture.url_table.visitors import (
    HQ_ACCOUNTANT,
    HQ_MANAGER,
    KEEPS_BOOKS,
    MAKES_AGREEMENTS,
    MANAGER,
    MINDS_PARTNERS,
    RECORDS_PROMISES,
    SEES_AGREEMENTS,
    SEES_MONEY,
    SEES_PARTNERS,
    Address,
    county_of,
    desk,
    of_agreement,
    of_partner,
    staff,
)

PARTNERS: list[Address] = [
    desk("partners", SEES_PARTNERS),
    desk("partners-file", SEES_PARTNERS, example=lambda w: {"form": "csv"}),
    desk("partner-new", MINDS_PARTNERS, MINDS_PARTNERS),
    Address(  # a form without an act leads back to the page
        "partner", staff(*SEES_PARTNERS), staff(*SEES_PARTNERS, status=303), of_partner
    ),
    desk("partner-edit", MINDS_PARTNERS, MINDS_PARTNERS, of_partner),
    desk("agreements", SEES_AGREEMENTS),
    desk("agreement-new", MAKES_AGREEMENTS, MAKES_AGREEMENTS),
    Address("agreement", staff(*SEES_AGREEMENTS), staff(*SEES_AGREEMENTS, status=303), of_agreement),
    Address(  # one that was signed is only looked at
        "agreement-edit",
        staff(*MAKES_AGREEMENTS, status=303),
        staff(*MAKES_AGREEMENTS, status=303),
        of_agreement,
    ),
    desk(
        "agreement-file",
        SEES_AGREEMENTS,
        example=lambda w: {**of_agreement(w), "file_id": w.rows["partnerships.agreementfile"].pk},
    ),
    desk("promises", SEES_PARTNERS),
    desk("promises-file", SEES_PARTNERS, example=lambda w: {"form": "xlsx"}),
    desk("promise-new", RECORDS_PROMISES, RECORDS_PROMISES),
    Address(
        "promise",
        staff(*SEES_PARTNERS),
        staff(*RECORDS_PROMISES, status=303),
        lambda w: {"promise_id": w.rows["partnerships.commitment"].pk},
    ),
    desk(
        "promise-edit",
        RECORDS_PROMISES,
        RECORDS_PROMISES,
        lambda w: {"promise_id": w.rows["partnerships.commitment"].pk},
    ),
    desk(
        "promise-delivery-file",
        SEES_PARTNERS,
        example=lambda w: {"delivery_id": w.rows["partnerships.promisedelivery"].pk},
    ),
    desk("gap-map", SEES_PARTNERS),
    desk("gap-file", SEES_PARTNERS, example=lambda w: {"form": "csv"}),
    desk("gap-county", SEES_PARTNERS, example=lambda w: {"county": county_of(w)}),
    Address("neighbourhoods", staff(*SEES_PARTNERS), staff(*RECORDS_PROMISES)),
    desk("asset-new", RECORDS_PROMISES, RECORDS_PROMISES),
    desk(
        "asset",
        RECORDS_PROMISES,
        RECORDS_PROMISES,
        lambda w: {"asset_id": w.rows["partnerships.communityasset"].pk},
    ),
    desk("cases", SEES_MONEY),
    Address("cases-give", staff(*KEEPS_BOOKS, status=405), staff(*KEEPS_BOOKS, status=302)),
    desk("cases-file", SEES_MONEY, example=lambda w: {"form": "xlsx"}),
    desk("case", SEES_MONEY, KEEPS_BOOKS, lambda w: {"case_id": w.case.pk}),
    desk("payments-desk", SEES_MONEY),
    desk("payment-desk", SEES_MONEY, KEEPS_BOOKS, lambda w: {"attempt_id": w.attempt.pk}),
    Address(  # where nothing was chosen, it leads back
        "unusual-money",
        staff(*SEES_MONEY),
        staff(*KEEPS_BOOKS, status=302),
    ),
    Address("unusual-new", staff(*KEEPS_BOOKS), staff(*KEEPS_BOOKS)),
    desk("unusual-one", SEES_MONEY, KEEPS_BOOKS, lambda w: {"held_id": w.held.pk}),
    desk("refunds", SEES_MONEY),
    desk("refund", SEES_MONEY, (MANAGER, HQ_MANAGER, HQ_ACCOUNTANT), lambda w: {"refund_id": w.refund.pk}),
]
