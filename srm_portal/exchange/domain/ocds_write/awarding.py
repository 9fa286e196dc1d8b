"""The sections after the deadline: bids and their statistics, awards, contracts."""

from __future__ import annotations

from collections.abc import Iterable

from srm_portal.exchange.domain.ocds_write.parts import Json, documents, kept, milestones, moment, money, period
from srm_portal.exchange.domain.ocds_write.roles import PartyList
from srm_portal.exchange.domain.ocds_write.tendering import WHOLE_LOT_ID, item_entry, lots_of
from srm_portal.exchange.domain.ocds_write.values import ExportItem, ExportProject, ExportStatistic
from srm_portal.kernel.money import Money


def bids(project: ExportProject, parties: PartyList) -> Json:
    return kept(
        statistics=[_statistic(str(number), entry) for number, entry in enumerate(project.statistics, start=1)],
        details=[
            kept(
                id=bid.id,
                date=moment(bid.submitted_at),
                status=bid.status,
                tenderers=parties.references((bid.tenderer_key,)),
                value=money(bid.value),
                relatedLots=_lots(project, bid.lot_ids),
            )
            for bid in project.bids
        ],
    )


def _statistic(number: str, entry: ExportStatistic) -> Json:
    amount = entry.value.amount if isinstance(entry.value, Money) else entry.value
    currency = entry.value.currency if isinstance(entry.value, Money) else None
    return kept(id=number, measure=entry.measure, value=amount, currency=currency, relatedLot=entry.lot_id)


def awards(project: ExportProject, parties: PartyList) -> list[Json]:
    bid_ids = {bid.id for bid in project.bids}
    return [
        kept(
            id=award.id,
            title=award.title,
            description=award.description,
            status=award.status,
            date=moment(award.decided_at),
            value=money(award.value),
            suppliers=parties.references(award.supplier_keys),
            items=_items(project, award.item_ids),
            contractPeriod=period(award.contract_starts_at, award.contract_ends_at),
            relatedLots=_lots(project, award.lot_ids),
            relatedBid=_one_of(award.bid_id, bid_ids, "bids"),
            documents=documents(award.documents),
        )
        for award in project.awards
    ]


def contracts(project: ExportProject, parties: PartyList) -> list[Json]:
    award_ids = {award.id for award in project.awards}
    return [
        kept(
            id=contract.id,
            awardID=_one_of(contract.award_id, award_ids, "awards"),
            title=contract.title,
            description=contract.description,
            status=contract.status,
            period=period(contract.starts_at, contract.ends_at),
            value=money(contract.value),
            dateSigned=moment(contract.signed_at),
            suppliers=parties.references(contract.supplier_keys),
            signatories=parties.references(contract.signatory_keys),
            documents=documents(contract.documents),
            milestones=milestones(contract.milestones),
        )
        for contract in project.contracts
    ]


def _items(project: ExportProject, item_ids: tuple[str, ...]) -> list[Json]:
    lines: dict[str, ExportItem] = {item.id: item for item in project.items}
    for item_id in item_ids:
        _one_of(item_id, lines, "items")
    return [item_entry(lines[item_id], lots_of(project)) for item_id in item_ids]


def _lots(project: ExportProject, lot_ids: tuple[str, ...]) -> list[str]:
    known = {lot.id for lot in lots_of(project)}
    for lot_id in lot_ids:
        _one_of(lot_id, known, "lots")
    if lot_ids or project.lots or not known:
        return list(lot_ids)
    return [WHOLE_LOT_ID]


def _one_of(value: str | None, known: Iterable[str], what: str) -> str | None:
    if value is not None and value not in known:
        raise ValueError(f"not among the {what}: {value}")
    return value
