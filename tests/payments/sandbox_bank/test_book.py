"""The bank's book: which steps there are, what the clock does, and what a hard kill leaves."""

import json

import pytest

from payments.sandbox_bank.book import NEXT, TOKEN_MINUTES, VERIFY_MINUTES, Book, DuplicateOrder, State
from payments.sandbox_bank.journal import Journal, NoJournal


@pytest.fixture
def path(tmp_path):
    return tmp_path / "book.jsonl"


def opened(book: Book, order_id: str = "1", gateway: str = "sep", **more: object):
    facts = {
        "gateway": gateway,
        "terminal": "21000001",
        "order_id": order_id,
        "token": f"t{order_id}",
        "amount_rial": 50_000,
        "callback_url": "http://127.0.0.1/",
    }
    return book.open(**facts | more)


def reopened(journal: Journal, path) -> Book:
    journal.close()
    return Book(Journal(path))


def test_only_the_steps_of_a_bank_are_possible():
    for start in State:
        for end in State:
            book = Book(NoJournal())
            payment = opened(book)
            payment.state = start
            if end in NEXT[start]:
                book.move(payment, end)
                assert payment.state is end
            else:
                with pytest.raises(ValueError, match="never becomes"):
                    book.move(payment, end)
                assert payment.state is start


def test_an_order_id_is_used_once_per_terminal_for_ever():
    book = Book(NoJournal())
    opened(book, "1")
    with pytest.raises(DuplicateOrder):
        opened(book, "1", token="other")
    assert opened(book, "1", terminal="21000002", token="third").order_id == "1"
    assert len(book) == 2


@pytest.mark.parametrize("gateway", sorted(VERIFY_MINUTES))
def test_unclaimed_money_goes_back_by_the_clock(gateway):
    book = Book(NoJournal())
    payment = opened(book, gateway=gateway)
    book.move(payment, State.PAID, reference="r1")
    book.advance(VERIFY_MINUTES[gateway] * 60 - 5)
    assert book.by_reference(gateway, "r1").state is State.PAID
    book.advance(5)
    assert book.by_reference(gateway, "r1").state is State.AUTO_REVERSED
    assert payment.times[State.AUTO_REVERSED] == payment.times[State.PAID] + VERIFY_MINUTES[gateway] * 60


def test_an_old_token_can_no_longer_be_paid():
    book = Book(NoJournal())
    payment, patient = opened(book, "1"), opened(book, "2", token_minutes=3600)
    book.advance(TOKEN_MINUTES["sep"] * 60)
    assert [row.state for row in book.all()] == [State.FAILED, State.CREATED]
    assert not payment.paid
    assert patient.state is State.CREATED


def test_everything_is_there_again_after_a_restart(path):
    journal = Journal(path)
    book = Book(journal)
    opened(book, "1")
    paid = opened(book, "2", extra={"PaymentIdentity": "7"})
    book.move(paid, State.PAID, reference="r2", rrn="123", trace_no="4", card="603799******4321")
    book.move(paid, State.VERIFIED)
    book.advance(100)
    book.note({"terminal": {"gateway": "sep"}})
    before = [payment.row() for payment in book.all()]

    again = reopened(journal, path)

    assert [payment.row() for payment in again.all()] == before
    assert again.by_reference("sep", "r2").state is State.VERIFIED
    assert again.by_order("sep", "21000001", "1").state is State.CREATED
    assert again.other_events == [{"terminal": {"gateway": "sep"}}]
    assert abs(again.now() - book.now()) < 5
    with pytest.raises(DuplicateOrder):
        opened(again, "1")


def test_a_torn_last_line_is_forgotten_and_written_over(path):
    journal = Journal(path)
    opened(Book(journal), "1")
    with path.open("ab") as file:
        file.write(b'{"move":["sep","t1","PA')
    again = reopened(journal, path)
    assert [payment.state for payment in again.all()] == [State.CREATED]
    again.move(again.by_token("sep", "t1"), State.PAID)
    lines = path.read_text().splitlines()
    assert [json.loads(line).keys() & {"open", "move"} for line in lines] == [{"open"}, {"move"}]


def test_a_broken_line_in_the_middle_is_no_bank(path):
    path.write_text('{"advance":1}\nnonsense\n{"advance":1}\n')
    with pytest.raises(ValueError):
        Book(Journal(path))


def test_two_banks_never_share_a_book(path):
    first = Journal(path)
    with pytest.raises(BlockingIOError):
        Journal(path)
    first.close()
    Journal(path).close()
