"""The chapters of the award report, worded in the language in force: need, bidders, criteria, marks, ranking, award."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from srm_portal.auctions import queries as auctions
from srm_portal.audit import queries as audit
from srm_portal.awards import queries
from srm_portal.awards.services import wording
from srm_portal.bidding_lists import queries as bidding
from srm_portal.evaluation import queries as evaluation
from srm_portal.evaluation.forms import KIND_NAMES
from srm_portal.identity import queries as identity
from srm_portal.kernel.permissions import Actor
from srm_portal.negotiations import queries as negotiations
from srm_portal.offers import queries as offers
from srm_portal.sourcing import queries as sourcing
from srm_portal.web import formats, names
from srm_portal.web.errors import act_name

Block = dict[str, Any]
JOURNAL_MAX = 2_000


class Report:
    """Collects blocks: {"heading"}, {"text"}, {"facts"}, {"table"}, {"bars"}, all of plain texts."""

    def __init__(self, actor: Actor, project: sourcing.ProjectView) -> None:
        self.actor, self.project = actor, project
        self.language, self.zone = actor.language, actor.zone
        self.found: list[Block] = []
        self.lots = sourcing.lots(project.id)
        self.event = sourcing.main_event(project.id)

    def blocks(self) -> list[Block]:
        self._summary()
        self._need()
        self._bidders()
        self._criteria()
        self._offers()
        self._marks()
        self._ranking()
        self._talks()
        self._scenarios()
        self._award()
        self._journal()
        return self.found

    # the pieces -------------------------------------------------------------------------------------------------
    def head(self, text: str, level: int = 1) -> None:
        self.found.append({"heading": text, "level": level})

    def text(self, text: str) -> None:
        if text:
            self.found.append({"text": text})

    def facts(self, rows: Iterable[tuple[str, object]]) -> None:
        self.found.append({"facts": [[label, str(value) or "–"] for label, value in rows if value is not None]})

    def table(
        self, heads: Sequence[str], rows: Iterable[Sequence[str]], numeric: Sequence[int] = (), wide: int = 0
    ) -> None:
        listed = [[str(cell) for cell in row] for row in rows]
        if listed:
            self.found.append({"table": {"head": list(heads), "rows": listed, "numeric": list(numeric), "wide": wide}})

    def money(self, amount: Decimal | None, currency: str = "") -> str:
        return "–" if amount is None else formats.money(amount, currency or self.project.currency, self.language)

    def moment(self, at: datetime | None) -> str:
        return "–" if at is None else formats.moment(at, self.language, self.zone)

    def day(self, on: date | None) -> str:
        return "–" if on is None else formats.day(on, self.language)

    def number(self, value: Decimal | float | None, digits: int | None = None) -> str:
        return "–" if value is None else formats.number(value, self.language, digits)

    # the chapters -----------------------------------------------------------------------------------------------
    def _summary(self) -> None:
        award = queries.award(self.project.id)
        self.head(_("Summary"))
        self.facts(
            [
                (_("Project"), f"{self.project.reference} {self.project.title}"),
                (_("Decision"), wording.STATES[award.state] if award else _("not awarded yet")),
                (_("Winners"), ", ".join(sorted(set(award.suppliers.values()))) if award else None),
                (_("Value"), self.money(award.value, award.currency) if award else None),
                (_("Savings against the baseline"), self.money(award.savings) if award and award.baseline else None),
                (_("Decided by"), award.decided_by_name if award else None),
                (_("Decided on"), self.moment(award.decided_at) if award else None),
                (_("Standstill until"), self.moment(award.standstill_until) if award else None),
            ]
        )

    def _need(self) -> None:
        project = self.project
        self.head(_("The need"))
        self.facts(
            [
                (_("Category"), project.category),
                (_("Product or service"), project.product),
                (_("Strategic aim"), project.strategic_aim),
                (_("Budget"), self.money(project.budget)),
                (_("Baseline"), self.money(project.baseline)),
                (_("Needed by"), self.day(project.needed_on)),
            ]
        )
        self.text(project.description)
        self.table(
            [_("Lot"), _("No."), _("Item"), _("Quantity"), _("Unit"), _("Price today")],
            [
                [
                    str(one.lot_number),
                    str(one.number),
                    one.title,
                    self.number(one.quantity),
                    one.unit,
                    self.money(one.baseline_price),
                ]
                for one in sourcing.lines(project.id)
            ],
            numeric=(3, 5),
            wide=2,
        )

    def _bidders(self) -> None:
        self.head(_("Bidding list and invitations"))
        invited = bidding.invited(self.event.id) if self.event else []
        self.table(
            [_("Supplier"), _("State"), _("Invited"), _("Answered")],
            [
                [
                    one.supplier_name,
                    wording.invitation(one.state),
                    self.moment(one.sent_at),
                    self.moment(one.answered_at),
                ]
                for one in invited
            ],
        )
        if self.event is None:
            return
        self.facts(
            [
                (_("Event"), f"{self.event.reference} {self.event.title}"),
                (_("Published"), self.moment(self.event.published_at)),
                (_("Deadline"), self.moment(self.event.deadline_at)),
                (_("Hash of what was published"), self.event.publication_sha256),
            ]
        )

    def _criteria(self) -> None:
        self.head(_("Criteria and the promised rule"))
        self.table(
            [_("Group"), _("Criterion"), _("Kind"), _("Weight"), _("No points at"), _("All points at")],
            [
                [
                    one.value.group,
                    one.value.name,
                    str(KIND_NAMES.get(one.value.kind, one.value.kind)),
                    self.number(one.value.weight),
                    self.number(one.value.worst),
                    self.number(one.value.best),
                ]
                for one in evaluation.criteria(self.project.id)
            ],
            numeric=(3, 4, 5),
            wide=1,
        )
        promise = queries.promise_of(self.project.id)
        self.text(wording.promise(promise) if promise else _("No award rule was promised beyond the criteria."))

    def _offers(self) -> None:
        self.head(_("Offers"))
        if self.event is None:
            return
        opening = offers.opening(self.event.id)
        if opening is not None:
            self.text(_("Opened on %(moment)s by %(name)s.", moment=self.moment(opening.at), name=opening.by_name))
        self.table(
            [_("Supplier"), _("Handed in"), _("Total"), _("Lead time (days)"), _("Payment (days)"), _("Excluded by")],
            [
                [
                    one.supplier_name,
                    self.moment(one.submitted_at),
                    self.money(one.total, one.currency),
                    self.number(one.lead_days),
                    self.number(one.payment_days),
                    ", ".join(one.knocked_out),
                ]
                for one in offers.opened(self.event.id, lines=False)
            ],
            numeric=(2, 3, 4),
        )

    def _marks(self) -> None:
        self.head(_("Evaluators and marks"))
        people = evaluation.evaluators(self.project.id)
        bidders = {one.supplier_id: one.name for one in evaluation.offer_facts(self.project.id)}
        self.table(
            [_("Evaluator"), _("Conflict of interest"), _("It concerns"), _("Handed in")],
            [
                [
                    one.name,
                    one.conflict or _("none declared"),
                    ", ".join(bidders.get(each, "–") for each in one.recused)
                    or (_("all offers") if one.conflict else ""),
                    self.moment(one.submitted_at),
                ]
                for one in people
            ],
            wide=1,
        )
        criteria = {one.value.id: one.value.name for one in evaluation.criteria(self.project.id)}
        known = {one.user_id: one.name for one in people}
        rows = [
            [criteria[criterion], bidders[supplier], known.get(user, "–"), self.number(points)]
            for (criterion, supplier, user), points in evaluation.submitted_marks(self.project.id).items()
            if criterion in criteria and supplier in bidders
        ]
        self.table([_("Criterion"), _("Supplier"), _("Evaluator"), _("Mark")], sorted(rows), numeric=(3,))
        agreed = [
            [criteria[criterion], bidders[supplier], self.number(points)]
            for (criterion, supplier), points in evaluation.consensus(self.project.id).items()
            if criterion in criteria and supplier in bidders
        ]
        if agreed:
            self.head(_("Agreed marks"), 2)
            self.table([_("Criterion"), _("Supplier"), _("Agreed mark")], sorted(agreed), numeric=(2,))

    def _ranking(self) -> None:
        self.head(_("Ranking"))
        view = evaluation.ranking(self.project.id)
        if view is None:
            self.text(_("The ranking has not been run yet."))
            return
        self.text(
            _(
                "Score = sum over the criteria of weight × value, where the value of an answer runs from 0 to 1 between "
                "the published ends of its range. Run %(number)s by %(name)s on %(moment)s; hash %(hash)s.",
                number=view.number,
                name=view.by_name,
                moment=self.moment(view.at),
                hash=view.sha256,
            )
        )
        self.table(
            [_("Rank"), _("Supplier"), *view.criteria, _("Score")],
            [
                [
                    str(row.rank) if row.rank is not None else _("excluded"),
                    row.supplier_name,
                    *(self.number(one) for one in row.contributions),
                    row.score,
                ]
                for row in view.rows
                if len(row.contributions) == len(view.criteria)
            ],
            numeric=tuple(range(2, len(view.criteria) + 3)),
            wide=1,
        )
        for warning in view.warnings:
            self.text(f"{warning.get('code')}: {warning.get('text', '')}")
        self._sensitivity(view)
        advice = evaluation.recommendation(self.project.id)
        if advice is not None:
            self.head(_("Recommendation"), 2)
            self.text(f"{advice.supplier_name}: {advice.text} ({advice.by_name}, {self.moment(advice.at)})")

    def _sensitivity(self, view: evaluation.RankingView) -> None:
        found = view.sensitivity
        if not found:
            return
        self.head(_("Sensitivity"), 2)
        change = found.get("smallest_change")
        if change:
            self.text(
                _(
                    "%(name)s takes first place if %(criterion)s moves from %(start)s %% to %(to)s %%.",
                    name=change["new_winner"],
                    criterion=change["criterion"],
                    start=self.number(float(change["from"]) * 100, 1),
                    to=self.number(float(change["to"]) * 100, 1),
                )
            )
        intervals = found.get("intervals") or []
        self.table(
            [_("Criterion"), _("Weight"), _("First place holds from"), _("to")],
            [
                [name, self.number(weight), *(self.number(float(end) * 100, 1) for end in ends)]
                for name, weight, ends in zip(view.criteria, view.weights, intervals, strict=False)
                if ends and all(end is not None for end in ends)
            ],
            numeric=(1, 2, 3),
        )
        smaa = found.get("smaa")
        if smaa:
            self.text(_("Share of random weightings in which each offer comes first:"))
            shares = [row[0] for row in smaa["rank_acceptability"]]
            self.found.append(
                {
                    "bars": [
                        [name, str(share), formats.percent(Decimal(str(share)), self.language)]
                        for name, share in zip(view.document["alternatives"], shares, strict=False)
                    ]
                }
            )

    def _talks(self) -> None:
        lots = {one.id: f"{one.number} {one.title}" for one in self.lots}
        held = negotiations.results(self.project.id)
        live = auctions.results(self.project.id)
        if not held and not live:
            return
        self.head(_("Negotiations and auctions"))
        named = queries.ground(self.project.id).names
        self.table(
            [_("Lot"), _("Supplier"), _("Amount"), _("From")],
            [
                [lots.get(one.lot_id, ""), named.get(supplier, supplier), self.money(amount), _("auction")]
                for one in live
                for supplier, amount in one.ranking
            ]
            + [
                [lots.get(lot, ""), named.get(talk.supplier_id, talk.supplier_id), self.money(amount), _("negotiation")]
                for talk in held
                for lot, amount in sorted(talk.amounts.items())
            ],
            numeric=(2,),
        )

    def _scenarios(self) -> None:
        views = [one for one in queries.scenarios(self.project.id) if one.state == "solved"]
        if not views:
            return
        self.head(_("Award scenarios"))
        self.table(
            [_("Scenario"), _("Answer"), _("Cost"), _("Proven bound"), _("Suppliers"), _("Savings"), _("Quality")],
            [
                [
                    one.name,
                    wording.status(one),
                    self.money(one.cost),
                    self.money(one.bound),
                    ", ".join(one.suppliers.values()),
                    self.money(one.savings),
                    self.number(one.quality),
                ]
                for one in views
            ],
            numeric=(2, 3, 5, 6),
            wide=4,
        )
        named = queries.ground(self.project.id).names
        for one in views:
            if one.prices or one.violations or one.conflict:
                self.head(one.name, 2)
            self.table(
                [_("Constraint"), _("Costs beside the others"), _("Costs alone")],
                [
                    [
                        wording.rule(price.rule, named, self.language),
                        self.money(price.in_context),
                        self.money(price.alone),
                    ]
                    for price in one.prices
                ],
                numeric=(1, 2),
            )
            for broken in one.violations:
                self.text(_("Broken: %(rule)s", rule=wording.violation(broken, one, named, self.language)))
            if one.conflict:
                self.text(
                    _(
                        "These cannot hold together: %(rules)s",
                        rules="; ".join(wording.rule(r, named, self.language) for r in one.conflict),
                    )
                )

    def _award(self) -> None:
        award = queries.award(self.project.id)
        if award is None:
            return
        self.head(_("Award"))
        lots = {one.id: one for one in self.lots}
        self.table(
            [_("Lot"), _("Supplier"), _("Share"), _("Amount"), _("From")],
            [
                [
                    f"{lots[line.lot_id].number} {lots[line.lot_id].title}",
                    line.supplier_name,
                    formats.percent(line.share, self.language, 2),
                    self.money(line.amount, award.currency),
                    wording.SOURCES.get(line.source, line.source),
                ]
                for line in sorted(award.lines, key=lambda one: (lots[one.lot_id].number, one.supplier_name))
            ],
            numeric=(2, 3),
        )
        self.text(award.justification)
        self.text(wording.kept(award.promise, self.money))
        self.facts(
            [
                (_("Proposed by"), f"{award.proposed_by_name}, {self.moment(award.proposed_at)}"),
                (
                    _("Decided by"),
                    f"{award.decided_by_name}, {self.moment(award.decided_at)}" if award.decided_at else None,
                ),
                (_("Hash of the proposal"), award.sha256),
            ]
        )
        self.table(
            [_("Letter to"), _("Kind"), _("Sent"), _("Hash")],
            [
                [
                    one.supplier_name,
                    _("winner") if one.kind == "won" else _("other bidder"),
                    self.moment(one.sent_at),
                    one.sha256,
                ]
                for one in queries.letters(award.id)
            ],
            wide=3,
        )

    def _journal(self) -> None:
        self.head(_("People and times"))
        entries = audit.stream_history(self.actor, self.project.stream, JOURNAL_MAX)[::-1]
        self.table(
            [_("When"), _("Who"), _("What"), _("About")],
            [[self.moment(one.at), one.actor_name, act_name(one.action), one.label] for one in entries],
            wide=3,
        )
        if entries:
            self.facts(
                [
                    (_("Journal"), f"{entries[-1].stream}, {entries[-1].seq}"),
                    (_("Hash of the last entry"), entries[-1].hash),
                    (_("Organisation"), identity.organisation(self.project.organisation_id).name),
                    (_("Step"), str(names.STAGE_NAMES.get(self.project.stage, self.project.stage))),
                ]
            )
