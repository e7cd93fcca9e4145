"""Section A of the list of faults: network and HTTP. The cases are data in copydesk/faults/."""

import pytest

from tests.faults.conftest import Play

pytestmark = pytest.mark.faults


async def test_A1_dns_no_such_name(play: Play) -> None:
    """DNS: no such name."""
    await play("A1")


async def test_A2_dns_not_now(play: Play) -> None:
    """DNS: not now."""
    await play("A2")


async def test_A3_connection_refused_or_reset(play: Play) -> None:
    """Connection refused or reset."""
    await play("A3")


async def test_A4_connect_and_read_timeouts(play: Play) -> None:
    """Connect and read timeouts."""
    await play("A4")


async def test_A5_a_byte_a_second_for_ever(play: Play) -> None:
    """A byte a second, for ever."""
    await play("A5")


async def test_A6_a_body_without_end(play: Play) -> None:
    """A body without end."""
    await play("A6")


async def test_A7_a_body_that_ends_too_early(play: Play) -> None:
    """A body that ends too early."""
    await play("A7")


async def test_A8_content_length_wrong_twice_negative_no_number(play: Play) -> None:
    """Content-Length wrong, twice, negative, no number."""
    await play("A8")


async def test_A9_compression_bombs(play: Play) -> None:
    """Compression bombs."""
    await play("A9")


async def test_A10_content_encoding_that_is_not_so(play: Play) -> None:
    """Content-Encoding that is not so."""
    await play("A10")


async def test_A11_redirects_without_end_and_to_nowhere(play: Play) -> None:
    """Redirects without end, and to nowhere."""
    await play("A11")


async def test_A12_redirects_to_other_schemes(play: Play) -> None:
    """Redirects to other schemes."""
    await play("A12")


async def test_A13_private_addresses_in_every_notation(play: Play) -> None:
    """Private addresses in every notation."""
    await play("A13")


async def test_A14_a_name_that_turns_private(play: Play) -> None:
    """A name that turns private."""
    await play("A14")


async def test_A15_urls_that_are_none(play: Play) -> None:
    """URLs that are none."""
    await play("A15")


async def test_A16_429_with_retry_after(play: Play) -> None:
    """429 with Retry-After."""
    await play("A16")


async def test_A17_503_with_retry_after_on_one_host_of_many(play: Play) -> None:
    """503 with Retry-After, on one host of many."""
    await play("A17")


async def test_A18_401_403_451_and_firewalls(play: Play) -> None:
    """401, 403, 451 and firewalls."""
    await play("A18")


async def test_A19_challenges_with_status_200(play: Play) -> None:
    """Challenges with status 200."""
    await play("A19")


async def test_A20_pages_that_say_they_are_not_found_with_status_200(play: Play) -> None:
    """Pages that say they are not found, with status 200."""
    await play("A20")


async def test_A21_304_with_and_without_the_body_that_it_speaks_of(play: Play) -> None:
    """304, with and without the body that it speaks of."""
    await play("A21")


async def test_A22_a_stored_article_is_gone(play: Play) -> None:
    """A stored article is gone."""
    await play("A22")


async def test_A23_certificates_that_nobody_vouches_for(play: Play) -> None:
    """Certificates that nobody vouches for."""
    await play("A23")


async def test_A24_connections_dropped_midway(play: Play) -> None:
    """Connections dropped midway."""
    await play("A24")


async def test_A25_headers_without_measure(play: Play) -> None:
    """Headers without measure."""
    await play("A25")


async def test_A26_a_captive_portal(play: Play) -> None:
    """A captive portal."""
    await play("A26")


async def test_A27_the_server_s_clock(play: Play) -> None:
    """The server's clock."""
    await play("A27")


async def test_A28_cookies(play: Play) -> None:
    """Cookies."""
    await play("A28")
