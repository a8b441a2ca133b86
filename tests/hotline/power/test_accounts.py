"""The supplier's list of accounts: read in the forms in which it comes, and told where it is wrong."""

import pytest

from hotline.power.accounts import NoAccounts, account_of, read_accounts


@pytest.mark.parametrize(
    "content",
    [
        "Особовий рахунок;Черга\n1234 567-890;4.1\n\n0000555;5.2\n".encode(),
        b"1234567890,4.1\n0000555,5.2",
        "\ufeff1234567890\t4.1\r\n0000555\t5.2\r\n".encode(),
        "Рахунок;Черга\n1234567890;4.1\n0000555;5.2".encode("cp1251"),
        b"1234567890;4.1\n1234567890;4.1\n0000555;5.2",
    ],
)
def test_a_list_is_read_as_it_comes(content: bytes) -> None:
    assert read_accounts(content) == {"1234567890": "4.1", "0000555": "5.2"}


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"1234567890;4.1\nnobody;4.1", 2),
        (b"1234567890;4.1\n1234567891;", 2),
        (b"1234567890;4.1\n\n1234567890;5.2", 3),
        (b"1234567890;4.1\n1234567891;" + b"9" * 30, 2),
    ],
)
def test_a_mistake_is_told_with_its_line_and_never_with_the_account(content: bytes, line: int) -> None:
    with pytest.raises(NoAccounts) as refused:
        read_accounts(content)
    assert refused.value.values == {"line": line}


@pytest.mark.parametrize("content", [b"", b"\n\n", "Рахунок;Черга".encode(), b"\x00\x01\x02"])
def test_what_has_no_accounts_is_none(content: bytes) -> None:
    with pytest.raises(NoAccounts):
        read_accounts(content)


@pytest.mark.parametrize(
    ("typed", "account"), [(" 12-34 56 ", "123456"), ("12a4", None), ("", None), ("123", None)]
)
def test_an_account_as_it_is_typed(typed: str, account: str | None) -> None:
    assert account_of(typed) == account
