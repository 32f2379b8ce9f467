"""Any inner address in any spelling, not only those that somebody thought of."""

from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import outgoing, wiring
from portal.outgoing import BadUrl, Forbidden, addresses

INNER = tuple(
    map(ip_network, ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10"))
)


@st.composite
def inner(draw):
    network = draw(st.sampled_from(INNER))
    return IPv4Address(int(network[0]) + draw(st.integers(0, network.num_addresses - 1)))


V4 = {
    "usual": str,
    "decimal": lambda a: str(int(a)),
    "hexadecimal": lambda a: hex(int(a)),
    "octal": lambda a: f"0{int(a):o}",
    "two parts": lambda a: f"{a.packed[0]}.{int(a) & 0xFFFFFF}",
    "three parts": lambda a: f"{a.packed[0]}.{a.packed[1]}.{int(a) & 0xFFFF}",
    "hexadecimal parts": lambda a: ".".join(map(hex, a.packed)),
    "octal parts": lambda a: ".".join(f"0{part:o}" for part in a.packed),
    "padded": lambda a: ".".join(f"{part:04d}" for part in a.packed),
    "with a dot": lambda a: f"{a}.",
    "full width": lambda a: str(a).translate({ord("0") + n: 0xFF10 + n for n in range(10)}),
    "other stops": lambda a: str(a).replace(".", "。"),
}
V6 = {
    "mapped": lambda a: 0xFFFF00000000 | a,
    "compatible": lambda a: a,
    "translated": lambda a: 0xFFFF000000000000 | a,
    "NAT64": lambda a: (0x64FF9B << 96) | a,
    "local NAT64": lambda a: (0x64FF9B0001 << 80) | a,
    "6to4": lambda a: (0x2002 << 112) | (a << 80) | 1,
    "Teredo server": lambda a: (0x20010000 << 96) | (a << 64),
    "Teredo client": lambda a: (0x20010000 << 96) | (0x08080808 << 64) | (a ^ 0xFFFFFFFF),
    "ISATAP": lambda a: (0x2606470000000000 << 64) | (0x00005EFE << 32) | a,
    "global ISATAP": lambda a: (0x2606470000000000 << 64) | (0x02005EFE << 32) | a,
}


@given(address=inner(), how=st.sampled_from(sorted(V4)), scheme=st.sampled_from(["http", "https", "HTTPS"]))
def test_an_inner_address_however_it_is_written(address, how, scheme):
    with pytest.raises((Forbidden, BadUrl)):
        outgoing.check(f"{scheme}://{V4[how](address)}/", plain=True)


@given(address=inner(), how=st.sampled_from(sorted(V6)))
def test_an_inner_address_within_another(address, how):
    carrying = IPv6Address(V6[how](int(address)))
    for written in (carrying.compressed, carrying.exploded):
        with pytest.raises((Forbidden, BadUrl)):
            outgoing.check(f"https://[{written}]/")
    assert not addresses.allowed(carrying)


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_what_python_calls_private_is_never_called(address):
    if address.is_private or address.is_reserved or address.is_multicast or address.is_loopback or address.is_link_local:
        assert not addresses.allowed(address)


@given(st.integers(0, 2**128 - 1).map(IPv6Address))
def test_outside_the_public_part_nothing_is_called(address):
    if int(address) >> 125 != 1:
        assert not addresses.allowed(address)


def refusal(url):
    """The words that a person reads, or a dot when the address may be called."""
    try:
        outgoing.check(url)
    except outgoing.NotSent as refused:
        return refused.words
    return "."


@given(st.text(max_size=60))
def test_whatever_is_typed_is_answered_with_words(text):
    assert all(refusal(typed).endswith(".") for typed in (text, f"https://{text}", f"https://{text}/"))


def test_the_setting_is_taken_over(settings):
    wiring._configure(settings.model_copy(update={"outgoing_loopback": True}))
    outgoing.check("http://127.0.0.1:3000/")
    wiring._configure(settings)
    with pytest.raises((Forbidden, BadUrl)):
        outgoing.check("http://127.0.0.1:3000/")
