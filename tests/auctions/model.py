"""A small, slow, obviously right auction: whole numbers of the tick, lists searched from the front, nothing kept twice.

Written from the rules alone and sharing no code with the engine. It knows one tick of 0.01, parallel and staggered lots,
and the commands that `tests/auctions/player.py` draws.
"""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from itertools import pairwise
from typing import Any


def milliseconds(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def cents(text: object) -> int | None:
    """An amount in hundredths, None where it is not a plain positive number on the tick."""
    assert isinstance(text, str)
    whole, _, part = text.partition(".")
    if not whole.isdigit() or not (part or "0").isdigit() or len(part) > 2:
        return None
    return int(whole) * 100 + int(part.ljust(2, "0") if part else 0) or None


class Lot:
    def __init__(self, document: dict[str, Any]) -> None:
        self.name = document["id"]
        self.open = milliseconds(document["open"])
        self.close = milliseconds(document["close"])
        self.scheduled = self.close
        self.zero = self.open
        self.ceiling = cents(document["ceiling"]) if document.get("ceiling") else None
        self.bids: list[dict[str, Any]] = []
        self.proxies: dict[str, tuple[int, int, int]] = {}
        self.paused: int | None = None
        self.ended: str | None = None
        self.extensions = 0
        self.window_used = 0
        self.opened = False
        self.quantity = int(document.get("quantity", "1"))
        self.scale = document.get("weighted")


class Model:
    def __init__(self, document: dict[str, Any]) -> None:
        self.rules = document["rules"]
        self.sign = -1 if self.rules.get("direction") == "forward" else 1
        self.people = [each["id"] for each in document["bidders"]]
        self.lots = [Lot(each) for each in document["lots"]]
        self.seq = 0
        self.keys: dict[tuple[str, str], tuple[dict[str, Any], dict[str, Any]]] = {}
        self.format = self.rules["format"]
        self.facts = {each["id"]: each for each in document["bidders"]}
        self.blocked: set[str] = set()
        self.low, self.high = (cents((self.rules.get("limits") or {}).get(side) or "") for side in ("min", "max"))
        timing = self.rules.get("lots_timing") or {}
        self.staggered = timing if timing.get("kind") == "staggered" else None
        for before, lot in pairwise(self.lots):
            if self.staggered:
                lot.close = lot.scheduled = before.close + self.staggered["spacing_s"] * 1000
        for lot in self.lots:
            for bidder in document["bidders"]:
                if bidder.get("start_price") and self.format not in ("dutch", "japanese"):
                    lot.bids.append(self.new_bid(lot, bidder["id"], cents(bidder["start_price"]), 0, None))
            if self.format == "rounds":
                lot.close = lot.open + self.schedule()[-1][1]
            elif self.format == "dutch":
                lot.close = lot.open + 1000 * self.rules["dutch"]["tick_s"] * len(self.dutch_prices())
            elif self.format == "japanese":
                lot.close = self.japanese_close(lot)
            lot.scheduled = lot.close

    # What stands

    def new_bid(self, lot: Lot, bidder: str, amount: int | None, seq: int, place: int | None) -> dict[str, Any]:
        """`stamp` breaks ties: the number of the bid that first reached this worth."""
        assert amount is not None
        worth, own = self.worth(lot, bidder, amount), self.best(lot, bidder)
        kept = own is not None and self.format != "dutch" and own["worth"] == worth
        stamp = own["stamp"] if own is not None and kept else seq
        return {
            "by": bidder,
            "amount": amount,
            "seq": seq,
            "place": place,
            "gone": False,
            "worth": worth,
            "stamp": stamp,
        }

    def worth(self, lot: Lot, bidder: str, amount: int) -> Fraction:
        """What a bid is ranked on, lower is better, in hundredths or points."""
        kind, price, who = self.rules.get("metric", {}).get("kind", "price"), Fraction(amount), self.facts[bidder]
        if kind == "weighted":
            scale = lot.scale
            top, floor = Fraction(scale["C"]) * 100, Fraction(scale["F"]) * 100
            weight, share = Fraction(scale["price_weight"]), (top - price) / (top - floor)
            share = Fraction(0) if share < 0 else Fraction(1) if share > 1 else share
            return -(weight * share + (100 - weight) * Fraction(who.get("quality", "0")) / 100)
        if kind == "transformed":
            price = price * (1 + Fraction(who.get("factor", "0"))) + Fraction(who.get("addition", "0")) * 100
        if kind == "life_cycle":
            price += self.sign * Fraction(who.get("costs", "0")) * 100
        if kind == "reduced_price":
            chosen = sum(Fraction(each) for each in who.get("features", []))
            largest = sum(Fraction(each) for each in who.get("feature_maxima", []))
            divisor = 1 + chosen / (1 - largest)
            price = price / divisor if self.sign > 0 else price * divisor
        return self.sign * price

    def ceiling(self, lot: Lot) -> int | None:
        """The stricter of the lot's ceiling and the qualification price."""
        known = [each for each in (lot.ceiling, cents(self.rules.get("qualification_price") or "")) if each]
        return self.sign * min(self.sign * each for each in known) if known else None

    def best(self, lot: Lot, bidder: str) -> dict[str, Any] | None:
        own = [bid for bid in lot.bids if bid["by"] == bidder and not bid["gone"]]
        return own[-1] if own else None

    def ranking(self, lot: Lot) -> list[dict[str, Any]]:
        """Best first; equal amounts by number, starting offers by the order of submission."""
        if self.format == "dutch":
            return [bid for bid in lot.bids if not bid["gone"]]
        standing = [bid for bid in (self.best(lot, each) for each in self.people) if bid is not None]
        return sorted(standing, key=lambda bid: (bid["worth"], bid["stamp"], self.people.index(bid["by"])))

    def rank(self, lot: Lot, bidder: str) -> int:
        order = self.ranking(lot)
        worth = next(bid["worth"] for bid in order if bid["by"] == bidder)
        ties = self.rules.get("ties", "timestamp")
        if ties == "equal_best":
            return 1 + sum(bid["worth"] < worth for bid in order)
        if ties == "equal_worst":
            return sum(bid["worth"] <= worth for bid in order)
        return 1 + [bid["by"] for bid in order].index(bidder)

    def step(self, amount: int) -> int:
        rule = self.rules["decrement"]
        fixed = cents(rule["amount"]) or 0
        if not rule.get("percent"):
            return fixed
        share = -(-amount * int(rule["percent"]) // 100)
        return max(fixed, share) if rule.get("combine", "larger") == "larger" else min(fixed, share)

    # What the clock says

    def schedule(self) -> list[tuple[int, int, int | None, int | None]]:
        """(from, to, round, place) in milliseconds from the start, pauses with None."""
        turns, people = self.rules["rounds"], len(self.people)
        lines: list[tuple[int, int, int | None, int | None]] = [(0, turns["first_pause_s"] * 1000, None, None)]
        for number in range(turns["count"]):
            for place in range(people):
                lines.append((lines[-1][1], lines[-1][1] + turns["turn_s"] * 1000, number, place))
            last = number == turns["count"] - 1
            pause = turns["announce_s"] if last else turns["pause_s"]
            lines.append((lines[-1][1], lines[-1][1] + pause * 1000, None, None))
        return lines

    def turn(self, lot: Lot, recv: int) -> tuple[str | None, int | None]:
        for begin, end, number, place in self.schedule():
            if begin <= recv - lot.zero < end and number is not None and place is not None:
                return self.turn_order(lot, number)[place], number
        return None, None

    def turn_order(self, lot: Lot, number: int) -> list[str]:
        """Highest price first, of equal ones the later first; from the bids of earlier rounds."""
        stood = {}
        for bid in lot.bids:
            if not bid["gone"] and (bid["place"] is None or bid["place"] < number):
                stood[bid["by"]] = bid
        keys = {each: (bid["worth"], bid["stamp"], self.people.index(each)) for each, bid in stood.items()}
        without = [each for each in reversed(self.people) if each not in stood]
        return without + sorted(keys, key=lambda each: keys[each], reverse=True)

    def dutch_prices(self) -> list[int]:
        clock = self.rules["dutch"]
        price, step, cap = cents(clock["start"]), cents(clock["step"]), cents(clock["cap"])
        assert price is not None and step is not None and cap is not None
        prices = [self.sign * min(self.sign * price, self.sign * cap)]
        while self.sign * prices[-1] < self.sign * cap:
            prices.append(self.sign * min(self.sign * cap, self.sign * prices[-1] + step))
        return prices

    def japanese_prices(self) -> list[int]:
        clock = self.rules["japanese"]
        start, target = cents(clock["start"]), cents(clock["target"])
        assert start is not None and target is not None
        prices = [start]
        while self.sign * prices[-1] > self.sign * target:
            if "step_amount" in clock:
                move = cents(clock["step_amount"])
            elif "step_percent_of_latest" in clock:
                move = -(-prices[-1] * int(clock["step_percent_of_latest"]) // 100)
            else:
                move = start * int(clock["step_percent_of_start"]) // 100
            assert move
            prices.append(prices[-1] - self.sign * move)
        return prices

    def japanese_close(self, lot: Lot) -> int:
        """Walk the ticks: it ends where no more than the minimum stayed, or with the last price."""
        tick_ms = 1000 * self.rules["japanese"]["tick_s"]
        for tick in range(len(self.japanese_prices())):
            stayed = {bid["by"] for bid in lot.bids if bid["place"] == tick and not bid.get("void")}
            last = tick == len(self.japanese_prices()) - 1
            if len(stayed) <= self.rules["japanese"]["min_active"] or last:
                return lot.zero + (tick + 1) * tick_ms
        raise AssertionError

    # Commands

    def feed(self, command: dict[str, Any]) -> dict[str, Any]:
        """The expected outcome: code, or seq, rank, close, made and replayed."""
        key, payload = (command["by"], command.get("key", "")), dict(command)
        for field in ("recv", "key", "confirm"):
            payload.pop(field, None)
        if command["by"] != "buyer" and command["by"] not in self.people:
            return {"code": "unknown_bidder"}
        if command["by"] in self.blocked:
            return {"code": "blocked"}
        if command.get("key") and key in self.keys:
            first, outcome = self.keys[key]
            return {**outcome, "replayed": True} if first == payload else {"code": "key_reused"}
        lot = next((each for each in self.lots if each.name == command.get("lot")), self.lots[0])
        outcome = getattr(self, "do_" + command["do"])(lot, command, milliseconds(command["recv"]))
        if "code" not in outcome:
            outcome = {"rank": None, "made": [], "close": lot.close, "replayed": False, **outcome}
            if command.get("key"):
                self.keys[key] = (payload, outcome)
        return outcome

    def number(self) -> int:
        self.seq += 1
        return self.seq

    def shut(self, lot: Lot, recv: int) -> str | None:
        if lot.ended is not None:
            return {"closed": "late"}.get(lot.ended, lot.ended)
        if lot.paused is not None:
            return "paused"
        if recv < lot.open:
            return "not_open"
        return "late" if recv >= lot.close else None

    def do_bid(self, lot: Lot, command: dict[str, Any], recv: int) -> dict[str, Any]:
        if self.format in ("dutch", "japanese"):
            return {"code": "not_allowed"}
        bidder, code = command["by"], self.shut(lot, recv)
        who, place = self.turn(lot, recv) if self.format == "rounds" else (bidder, None)
        if code is None and who != bidder:
            code = "not_your_turn"
        amount = cents(command["amount"]) if code is None else 0
        if amount is None:
            digits = command["amount"].replace(".", "", 1)
            return {"code": "not_on_tick" if digits.isdigit() and digits.strip("0") else "not_a_number"}
        code = code or self.value_code(lot, bidder, amount, command.get("confirm", False))
        if code is not None:
            return {"code": code}
        before = [bid["by"] for bid in self.ranking(lot)]
        seq = self.number()
        lot.bids.append(self.new_bid(lot, bidder, amount, seq, place))
        moves = [self.moved(lot, bidder, before)]
        if self.format == "sealed":
            return {"seq": seq}
        made = self.proxies_answer(lot, moves)
        self.overtime(lot, recv, moves)
        return {"seq": seq, "rank": self.rank(lot, bidder), "made": made}

    def value_code(self, lot: Lot, bidder: str, amount: int, confirmed: bool) -> str | None:
        sign, own, rules = self.sign, self.best(lot, bidder), self.rules
        order = self.ranking(lot)
        if (self.low is not None and amount < self.low) or (self.high is not None and amount > self.high):
            return "outside_limits"
        ceiling = self.ceiling(lot)
        if ceiling is not None and sign * amount > sign * ceiling:
            return "above_ceiling"
        if self.format == "sealed":
            return "not_an_improvement" if own is not None and own["amount"] == amount else None
        leads = bool(order) and order[0]["by"] == bidder
        if own is not None and sign * amount >= sign * own["amount"]:
            return "not_an_improvement"
        if leads and not rules.get("leader_may_improve", True):
            return "not_an_improvement"
        base = own
        if rules["decrement"].get("base") == "leader" and order and not leads:
            base = order[0]
        if base is not None and sign * amount > sign * base["amount"] - self.step(base["amount"]):
            return "decrement"
        buffer = cents(rules["lead_buffer"]) if rules.get("lead_buffer") else None
        if buffer and order and not leads:
            lead = sign * order[0]["amount"]
            if lead - buffer < sign * amount < lead:
                return "lead_buffer"
        if rules.get("max_change_percent") and own is not None and not confirmed:
            change = abs(own["amount"] - amount) * 100
            if change > int(rules["max_change_percent"]) * own["amount"]:
                return "needs_confirmation"
        worth = self.worth(lot, bidder, amount)
        if rules.get("ties") == "forbid" and worth in [bid["worth"] for bid in order if bid["by"] != bidder]:
            return "tie"
        if rules.get("ties") == "forbid_first" and order and not leads and order[0]["worth"] == worth:
            return "tie"
        return None

    def moved(self, lot: Lot, bidder: str, before: list[str]) -> dict[str, Any]:
        after = [bid["by"] for bid in self.ranking(lot)]
        was = before.index(bidder) if bidder in before else len(before)
        return {
            "rank": self.rank(lot, bidder),
            "led": bidder in before and was == 0,
            "leads": after[0] == bidder,
            "beats": after.index(bidder) < was,
        }

    def overtime(self, lot: Lot, recv: int, moves: list[dict[str, Any]]) -> None:
        rule = self.rules.get("extension")
        if rule is None or recv < lot.close - rule["window_s"] * 1000 or recv >= lot.close:
            return
        if rule["mode"] == "add" and recv < lot.window_used:
            return
        trigger = rule["trigger"]
        hits = {
            "any": [True],
            "new_leader": [each["leads"] and not each["led"] for each in moves],
            "beats_other": [each["beats"] for each in moves],
        }
        ranked = (
            [not (each["led"] and each["leads"]) and each["rank"] <= trigger["rank"] for each in moves]
            if isinstance(trigger, dict)
            else hits[trigger]
        )
        if not moves or not any(ranked):
            return
        changed = False
        for each in self.lots if rule["scope"] == "all" else [lot]:
            if self.shut(each, recv) is None and (rule["max_count"] is None or each.extensions < rule["max_count"]):
                wish = {
                    "reset": recv + rule["window_s"] * 1000,
                    "receipt": recv + rule["length_s"] * 1000,
                    "add": each.close + rule["length_s"] * 1000,
                }[rule["mode"]]
                wish = min(wish, each.scheduled + rule["hard_stop_s"] * 1000)
                if wish > each.close:
                    each.window_used, each.close, each.extensions = each.close, wish, each.extensions + 1
                    changed = True
        if changed:
            self.cascade(recv)

    def cascade(self, recv: int) -> None:
        """One pass in order: a lot that closes too soon after its neighbour moves by the increment."""
        running = [each for each in self.lots if self.over(each, recv) is None]
        for before, lot in pairwise(running):
            if self.staggered and lot.close - before.close < self.staggered["min_gap_s"] * 1000:
                lot.close += self.staggered["increment_s"] * 1000

    def do_proxy(self, lot: Lot, command: dict[str, Any], recv: int) -> dict[str, Any]:
        if self.format != "english":
            return {"code": "not_allowed"}
        bidder, code = command["by"], self.shut(lot, recv)
        if code is not None:
            return {"code": code}
        limit, step, own = cents(command["limit"]), cents(command["step"]), self.best(lot, bidder)
        assert limit is not None and step is not None
        if (self.low is not None and limit < self.low) or (self.high is not None and limit > self.high):
            return {"code": "outside_limits"}
        ceiling = self.ceiling(lot)
        if ceiling is not None and self.sign * limit > self.sign * ceiling:
            return {"code": "above_ceiling"}
        if own is not None and self.sign * limit >= self.sign * own["amount"]:
            return {"code": "not_an_improvement"}
        if step < self.step(own["amount"] if own else limit):
            return {"code": "step_below_decrement"}
        seq = self.number()
        lot.proxies[bidder] = (limit, step, seq)
        moves: list[dict[str, Any]] = []
        made = self.proxies_answer(lot, moves)
        self.overtime(lot, recv, moves)
        ranked = [bid["by"] for bid in self.ranking(lot)]
        return {"seq": seq, "rank": self.rank(lot, bidder) if bidder in ranked else None, "made": made}

    def do_cancel_proxy(self, lot: Lot, command: dict[str, Any], recv: int) -> dict[str, Any]:
        if self.format != "english":
            return {"code": "not_allowed"}
        code = self.shut(lot, recv)
        if code is not None:
            return {"code": code}
        lot.proxies.pop(command["by"], None)
        return {"seq": self.number()}

    def proxies_answer(self, lot: Lot, moves: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """R53 and R54 in words: all but the strongest go to their limit if that leads; then the strongest answers."""
        sign, made = self.sign, []
        awake = [who for who in lot.proxies if who not in self.blocked]
        by_strength = sorted(awake, key=lambda who: (sign * lot.proxies[who][0], lot.proxies[who][2]))

        ceiling = self.ceiling(lot)

        def make(who: str, amount: int) -> bool:
            order, own = self.ranking(lot), self.best(lot, who)
            leads = not order or sign * amount < sign * order[0]["amount"]
            better = own is None or sign * amount < sign * own["amount"]
            fits = ceiling is None or sign * amount <= sign * ceiling
            if not (leads and better and fits and amount > 0):
                return False
            seq = self.number()
            lot.bids.append(self.new_bid(lot, who, amount, seq, None))
            moves.append(self.moved(lot, who, [bid["by"] for bid in order]))
            made.append({"by": who, "amount": f"{amount // 100}.{amount % 100:02}", "seq": seq})
            return True

        if not by_strength:
            return []
        strongest = by_strength[0]
        limit, step, _ = lot.proxies[strongest]
        rivals = []
        for who in sorted(by_strength[1:], key=lambda each: (-sign * lot.proxies[each][0], lot.proxies[each][2])):
            if lot.proxies[who][0] == limit or make(who, lot.proxies[who][0]):
                rivals.append(lot.proxies[who][0])
        order = self.ranking(lot)
        own = self.best(lot, strongest)
        if rivals:
            rival = min(sign * each for each in rivals)
            others = [sign * bid["amount"] for bid in order[:1] if bid["by"] != strongest]
            reference = sign * min([rival, *others])
            if order and order[0]["by"] == strongest and sign * order[0]["amount"] < rival:
                return made
        elif order and order[0]["by"] != strongest:
            reference = order[0]["amount"]
        else:
            return made
        wishes = [sign * reference - max(self.step(reference), 1)]
        if self.rules.get("lead_buffer"):
            wishes.append(sign * reference - (cents(self.rules["lead_buffer"]) or 0))
        buffered = wishes[-1]
        if not rivals and own is not None:
            wishes.append(sign * own["amount"] - step)
        if ceiling is not None:
            wishes.append(sign * ceiling)
        wish = max(min(wishes), sign * limit)
        if not rivals and self.rules.get("lead_buffer") and wish > buffered:
            return made
        make(strongest, sign * wish)
        return made

    def do_accept(self, lot: Lot, command: dict[str, Any], recv: int) -> dict[str, Any]:
        if self.format not in ("dutch", "japanese"):
            return {"code": "not_allowed"}
        code = self.shut(lot, recv)
        if code is not None:
            return {"code": code}
        prices = self.dutch_prices() if self.format == "dutch" else self.japanese_prices()
        tick = (recv - lot.zero) // (1000 * self.rules[self.format]["tick_s"])
        bidder = command["by"]
        hidden = "void" if self.format == "japanese" else "gone"  # who is struck through has stayed in all the same
        mine = [bid["place"] for bid in lot.bids if bid["by"] == bidder and not bid.get(hidden)]
        partial = self.format == "dutch" and self.rules["dutch"].get("partial", False)
        if self.format == "dutch" and mine and not partial:
            return {"code": "taken"}
        if self.format == "japanese" and any(before not in mine for before in range(tick)):
            return {"code": "dropped"}
        if command["tick"] != tick:
            return {"code": "moved"}
        if self.format == "japanese" and tick in mine:
            return {"code": "not_an_improvement"}
        rest = lot.quantity - sum(bid.get("quantity", 0) for bid in lot.bids if not bid["gone"])
        wanted = int(command["quantity"]) if command.get("quantity") else rest if partial else lot.quantity
        if self.format == "dutch" and (wanted > rest if partial else wanted != lot.quantity):
            return {"code": "outside_limits"}
        seq = self.number()
        bid = self.new_bid(lot, bidder, prices[tick], seq, tick)
        lot.bids.append(bid)
        if partial:
            bid["quantity"] = wanted
        if self.format == "japanese":
            lot.close = lot.scheduled = self.japanese_close(lot)
            return {"seq": seq, "rank": self.rank(lot, bidder)}
        standing, winners = len(self.ranking(lot)), self.rules["dutch"]["winners"]
        if (wanted == rest or (winners > 1 and standing >= winners)) if partial else standing >= winners:
            lot.ended, lot.close = "taken", recv
        return {"seq": seq, "rank": standing}

    def over(self, lot: Lot, recv: int) -> str | None:
        code = self.shut(lot, recv)
        return code if code in ("late", "cancelled", "taken") else None

    def do_pause(self, lot: Lot, command: dict[str, Any], recv: int) -> dict[str, Any]:
        code = self.over(lot, recv) or ("paused" if lot.paused is not None else None)
        if code is not None:
            return {"code": code}
        lot.paused = recv
        return {"seq": self.number()}

    def do_resume(self, lot: Lot, command: dict[str, Any], recv: int) -> dict[str, Any]:
        code = self.over(lot, recv) or ("not_paused" if lot.paused is None else None)
        if code is not None:
            return {"code": code}
        since, lot.paused = lot.paused, None
        assert since is not None
        if since < lot.open:
            shift = max(0, recv - lot.open)
            lot.open += shift
        elif self.format in ("dutch", "japanese"):
            tick_ms = 1000 * self.rules[self.format]["tick_s"]
            tick = (since - lot.zero) // tick_ms
            shift = recv - (lot.zero + tick * tick_ms)
            for bid in lot.bids:
                if self.format == "japanese" and bid["place"] == tick:
                    bid["gone"] = bid["void"] = True
        else:
            shift = recv + max(lot.close - since, 60_000) - lot.close
        lot.zero, lot.close, lot.scheduled = lot.zero + shift, lot.close + shift, lot.scheduled + shift
        if self.format == "japanese":
            lot.close = lot.scheduled = self.japanese_close(lot)
        return {"seq": self.number()}

    def do_extend(self, lot: Lot, command: dict[str, Any], recv: int) -> dict[str, Any]:
        if self.format not in ("english", "sealed"):
            return {"code": "not_allowed"}
        code = self.over(lot, recv)
        if code is not None:
            return {"code": code}
        lot.close += command["seconds"] * 1000
        return {"seq": self.number()}

    def do_block(self, lot: Lot, command: dict[str, Any], recv: int) -> dict[str, Any]:
        self.blocked.add(command["bidder"])
        return {"seq": self.number(), "close": None}

    def do_unblock(self, lot: Lot, command: dict[str, Any], recv: int) -> dict[str, Any]:
        self.blocked.discard(command["bidder"])
        return {"seq": self.number(), "close": None}

    def do_outage(self, lot: Lot, command: dict[str, Any], recv: int) -> dict[str, Any]:
        until = milliseconds(command["until"])
        running = [each for each in self.lots if each.paused is None and self.over(each, recv) is None]
        if until - recv > 10_000 and any(each.open < until for each in running):
            for each in running:
                each.paused = recv
        return {"seq": self.number(), "close": None}

    def do_withdraw(self, lot: Lot, command: dict[str, Any], recv: int) -> dict[str, Any]:
        code = self.shut(lot, recv)
        if code is not None:
            return {"code": code}
        if self.format != "sealed":
            return {"code": "not_allowed"}
        if self.best(lot, command["by"]) is None:
            return {"code": "unknown_bid"}
        for bid in lot.bids:
            bid["gone"] = bid["gone"] or bid["by"] == command["by"]
        return {"seq": self.number()}

    def do_reopen(self, lot: Lot, command: dict[str, Any], recv: int) -> dict[str, Any]:
        if self.format not in ("english", "sealed"):
            return {"code": "not_allowed"}
        if lot.ended in ("cancelled", "taken"):
            return {"code": lot.ended}
        if self.format == "sealed" and lot.opened:
            return {"code": "not_allowed"}
        if self.over(lot, recv) is None:
            return {"code": "still_open"}
        lot.ended, lot.close = None, recv + max(command["seconds"] * 1000, 60_000)
        lot.scheduled = lot.close
        return {"seq": self.number()}

    def do_cancel(self, lot: Lot, command: dict[str, Any], recv: int) -> dict[str, Any]:
        if lot.ended == "cancelled":
            return {"code": "cancelled"}
        if recv < lot.close or lot.paused is not None:
            lot.close = recv
        lot.ended, lot.paused = "cancelled", None
        return {"seq": self.number()}

    def do_close(self, lot: Lot, command: dict[str, Any], recv: int) -> dict[str, Any]:
        code = self.over(lot, recv)
        if code is not None:
            return {"code": code}
        lot.ended, lot.paused, lot.close = "closed", None, recv
        return {"seq": self.number()}

    def do_open(self, lot: Lot, command: dict[str, Any], recv: int) -> dict[str, Any]:
        if self.format != "sealed":
            return {"code": "not_allowed"}
        if lot.ended == "cancelled":
            return {"code": "cancelled"}
        if lot.opened or not (lot.ended == "closed" or (lot.paused is None and recv >= lot.close)):
            return {"code": "not_open"}
        lot.opened = True
        return {"seq": self.number()}

    def do_remove_bid(self, lot: Lot, command: dict[str, Any], recv: int) -> dict[str, Any]:
        found = [bid for bid in lot.bids if bid["seq"] == command["seq"] and not bid["gone"]]
        if not found:
            return {"code": "unknown_bid"}
        if lot.ended == "cancelled":
            return {"code": "cancelled"}
        if lot.paused is None and lot.ended is None and recv < lot.close:
            return {"code": "not_paused"}
        found[0]["gone"] = True
        return {"seq": self.number()}

    # The end

    def result(self, lot: Lot) -> dict[str, Any]:
        order = self.ranking(lot)
        if self.format == "sealed" and not lot.opened:
            order = []
        over = lot.paused is None and lot.ended != "cancelled"
        return {
            "close": lot.close,
            "extensions": lot.extensions,
            "ranking": [(bid["by"], bid["amount"], bid["stamp"]) for bid in order],
            "winner": order[0]["by"] if order and over else None,
        }

    def package(self, names: list[str]) -> list[tuple[str, int]]:
        """R58: (bidder, sum) of those with a bid on each lot, best sum first, of equal ones who was complete first."""
        lots = [lot for lot in self.lots if lot.name in names]
        if self.format == "sealed" and not all(lot.opened for lot in lots):
            return []
        sums = []
        for place, who in enumerate(self.people):
            own = [self.best(lot, who) for lot in lots]
            found = [bid for bid in own if bid is not None]
            if len(found) == len(lots):
                total = sum(bid["amount"] for bid in found)
                sums.append((self.sign * total, max(bid["stamp"] for bid in found), place, who, total))
        return [(who, total) for _, _, _, who, total in sorted(sums)]
