"""The order book, the ledger and working hours: nothing is made and nothing is lost."""

import pytest

from cosim.world.accounts import Hours, Ledger
from cosim.world.orders import OrderBook, Stage


class TestOrderBook:
    """Placed = open + signed off + rejected + lost, for orders and for those who asked."""

    @pytest.fixture
    def book(self) -> OrderBook:
        return OrderBook(2)

    def test_people_who_ask_for_the_same_share_an_order(self, book):
        first = book.ask(0, 3, month=1, people=[10, 11], severity=0.2)
        second = book.ask(0, 3, month=2, people=[11, 12], severity=0.4)
        book.ask(0, 3, month=3, people=[12], severity=0.3)
        elsewhere = book.ask(0, 4, month=2, people=[12], severity=0.1)
        assert first is second is not elsewhere
        assert list(first.asked) == [10, 11, 12]
        assert (first.placed, first.severity, elsewhere.number) == (1, 0.4, 2)
        assert book.counts["placed"] == 2
        assert book.requests["placed"] == 4
        assert book.faults() == []

    @pytest.mark.parametrize("stage", [Stage.SIGNED_OFF, Stage.REJECTED, Stage.LOST])
    def test_an_order_that_ends_makes_room_for_the_next(self, book, stage):
        order = book.ask(1, 0, month=1, people=[10, 11], severity=0.2)
        book.end(order, stage, month=5)
        assert book.open == {}
        assert book.ended == book.ended_now == [order]
        assert book.counts[stage.value] == 1
        assert book.requests[stage.value] == 2
        assert book.ask(1, 0, month=6, people=[10], severity=0.2) is not order
        assert book.faults() == []

    def test_the_wait_is_counted_for_what_was_signed_off(self, book):
        done, lost = (book.ask(0, place, month=1, people=[10], severity=0.2) for place in (0, 1))
        book.end(done, Stage.SIGNED_OFF, month=5)
        book.end(lost, Stage.LOST, month=5)
        assert book.month_placed.tolist() == [2, 0]
        assert book.month_signed_off.tolist() == [1, 0]
        assert book.month_waited.tolist() == [4, 0]
        book.open_month()
        assert book.ended_now == []
        assert book.month_placed.sum() == book.month_signed_off.sum() == book.month_waited.sum() == 0
        assert book.ended == [done, lost]

    def test_an_order_that_vanishes_is_noticed(self, book):
        order = book.ask(0, 0, month=1, people=[10, 11], severity=0.2)
        del book.open[order.number]
        assert book.faults() == ["orders: 1 placed, 0 open, 0 ended", "requests: 2 placed, 0 open, 0 ended"]

    def test_orders_stand_in_stages_oldest_first(self, book):
        orders = [book.ask(0, place, month=place, people=[1], severity=0.1) for place in range(3)]
        orders[0].stage = Stage.ACCEPTED
        assert book.standing(Stage.PLACED) == orders[1:]
        assert book.standing(Stage.ACCEPTED, Stage.PLACED) == orders
        assert book.standing(Stage.DELIVERED) == []

    def test_the_log_has_a_line_for_everything_that_happened(self, book):
        first = book.ask(0, 0, month=-1, people=[10], severity=0.2)
        book.ask(1, 0, month=0, people=[10], severity=0.2)
        first.note(0, "accepted")
        book.end(first, Stage.SIGNED_OFF, 2)
        assert list(book.log(("water", "heating"))) == [
            "  -1  order 1  water             placed",
            "   0  order 1  water             accepted",
            "   0  order 2  heating           placed",
            "   2  order 1  water             signed off",
        ]


class TestMoneyAndHours:
    """Nothing is made and nothing is lost."""

    def test_every_yuan_comes_from_somewhere(self):
        ledger = Ledger(categories=2)
        ledger.pay("outside", "government", 100.0)
        ledger.pay_for_work("government", "government", 1, 60.0)
        assert ledger.balance == {"outside": -40.0, "government": 40.0}
        assert ledger.work.tolist() == [[0.0, 60.0], [0.0, 0.0], [0.0, 0.0]]
        assert ledger.has("government", 40.0)
        assert not ledger.has("government", 40.01)
        assert not ledger.has("nobody", 0.01)
        assert ledger.faults() == []

    def test_nobody_pays_less_than_nothing(self):
        with pytest.raises(ValueError, match=r"households cannot pay -1\.0 yuan to government"):
            Ledger(1).pay("households", "government", -1.0)

    def test_money_out_of_nothing_is_noticed(self):
        ledger = Ledger(1)
        ledger.balance["government"] = 5.0
        assert ledger.faults() == ["money: balances sum to 5.000000 yuan"]

    def test_an_overdrawn_account_is_noticed_except_where_income_is_not_modelled(self):
        ledger = Ledger(1)
        ledger.pay("households", "outside", 5.0)
        assert ledger.faults() == []
        ledger.pay("government", "outside", 5.0)
        assert ledger.faults() == ["money: government is overdrawn"]

    def test_hours_are_spent_once(self):
        hours = Hours()
        hours.open_month(10.0)
        assert hours.spend(6.0, "cases")
        assert not hours.spend(4.5, "replies")
        assert hours.spend(4.0, "replies")
        assert (hours.left, hours.uses) == (0.0, {"cases": 6.0, "replies": 4.0})

    def test_hours_left_over_are_gone_with_the_month(self):
        hours = Hours()
        hours.open_month(10.0)
        hours.spend(6.0, "cases")
        hours.open_month(8.0)
        assert (hours.left, hours.uses) == (8.0, {})

    def test_who_owes_hours_has_none(self):
        hours = Hours()
        hours.open_month(-3.0)
        assert hours.left == 0.0
        assert not hours.spend(0.1, "cases")
