"""Which signs the PDF's fonts can draw, and how the others are written: a document that everybody can read leaves none out."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import groupby

RANGES = """
20-7e a0-377 37a-37f 384-38a 38c 38e-3a1 3a3-4ff 510-513 51a-51d 531-58a 58d-58f 591-5c7 5d0-5ea 5ef-5f5 5f7 606-607
609-60c 615 61b 61f 621-63a 640-655 65a 660-66d 674 679-67b 67e-680 683-684 686-687 691 698 6a4 6a9 6af 6be 6cc 6f0-6f9
e3f e81-e82 e84 e87-e88 e8a e8d e94-e97 e99-e9f ea1-ea3 ea5 ea7 eaa-eab ead-eb9 ebb-ebc ec8-ecd 10d0-10ff 13a0-13f5
13f8-13fd 1ab0-1ace 1d00-1f15 1f18-1f1d 1f20-1f45 1f48-1f4d 1f50-1f57 1f59 1f5b 1f5d 1f5f-1f7d 1f80-1fb4 1fb6-1fc4
1fc6-1fd3 1fd6-1fdb 1fdd-1fef 1ff2-1ff4 1ff6-1ffe 2000-2027 2029 202f-2037 2039-2040 2042 2044-204b 204f 2052 2054 205f
2070-2071 2074-208e 2090-209c 20a0-20c0 20d0-20f0 2100-2103 2105-2106 2109 210c-210f 2111 2113 2115-2117 2119-211a
211c-211e 2120 2122 2124 2126-2127 212a-212b 212e 2132 2135-2139 2148 214f-2151 2153-2184 2189 2190-222e 2234-223d
2241-226b 226d-228b 228d-22a6 22b2-22b8 22c2-22c6 22cd-22d1 22da-22e9 22ee-22ef 2300-2306 2308-2315 2318-2319 231c-2322
2325-232b 2335-237a 237d 2380-2383 2388-238b 2395 239b-23ae 23ce-23cf 23d3 2422-2423 2460-262f 2638-268b 2690-269c
26a0-26a7 26ac-26b2 2701-2704 2706-2709 270c-2727 2729-274b 274d 274f-2752 2756 2758-275e 2761-277f 2794 2798-27af
27b1-27be 27c2 27c5-27c6 27dc 27e0 27e6-27eb 27f5-27f7 2800-28ff 2987-2988 2997-2998 29eb 29fa-29fb 2a00 2a2f 2a6a-2a6b
2b05-2b0d 2b12-2b1a 2c60-2cf3 2cf9-2cff 2e02-2e05 2e08-2e0a 2e17-2e18 2e1f 2e22-2e25 2e2e 301a-301b a46a-a46b a640-a641
a648-a649 a656-a657 a708-a716 a71b-a727 a72d a730 a735 a765 a789-a78e a790-a791 a793 a7aa a7f8-a7f9 ab52 ab66 ab70-abbf
e000-e007 e009 e00b-e012 e016 e018-e01c e021-e029 e801-e803 ea00-ea11 ea14-ea1f ea25-ea36 ea38-ea46 eb02-eb04 eb08-eb0a
eb0d eb0f-eb12 eb15-eb17 eb19 eb1e-eb1f eb28-eb2b eb2e-eb32 eb35-eb36 eb3a-eb3b eb40 eb43 eb48-eb49 eb4c-eb4d eb50-eb57
eb5a eb61 eb63-eb67 eb6b eb6e-eb6f eb7e ec00-ec01 ec06-ec0e ec10-ec11 f100-f101 f103-f106 f109 f113 f115-f11e f121-f123
f126-f12f f133-f15c f15f-f175 f177-f180 f182-f185 f187-f19c f19e-f1a1 f1a3-f1a4 f1a7-f210 f212-f24e f25c-f2a1 f2a4
f2a6-f2a9 f2ac f2ae-f2af f460-f468 f46a-f472 f500-f510 f512-f51f f638-f641 f643-f64c f6be f6c5 f6d3-f6d6 f6dc f6de
f6f9-f6fa f6fd f6ff f724 f730-f739 f761-f77a f7a2 f7e0-f7f6 f7f8-f7ff fb00-fb06 fb13-fb17 fb1d-fb4f fb52-fb81 fb8a-fb95
fb9e-fb9f fbaa-fbad fbe8-fbe9 fbfc-fbff fe20-fe2f fe66 fe70-fe74 fe76-fefc feff fff9-fffd 10140-1018e 102e0-102fb
1d106-1d107 1d55a 1d670-1d6a3 1d703 1d7f6-1d7ff 1f12f
"""
"""Of Libertinus Serif, DejaVu Sans Mono and New Computer Modern, which come with the compiler, in hexadecimal."""
LONGEST_WORD, PIECE = 40, 24
SPACE = "\N{ZERO WIDTH SPACE}"
"""Where a long word may be broken; it is invisible and has no width."""
NAMED = 8
"""Signs of a run that are named one by one."""
LONG = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")


@cache
def known() -> frozenset[int]:
    """Code points that can be drawn."""
    found = (part.partition("-") for part in RANGES.split())
    return frozenset(code for low, _, high in found for code in range(int(low, 16), int(high or low, 16) + 1))


def drawable(text: str) -> str:
    """The text without control signs, its long words breakable, and in brackets the names of what no font here has.

    Emoji are written as their names, other signs by their numbers: "[party popper]", "[U+4F60 U+597D]".
    """
    clean = "".join(_clean(sign) for sign in unicodedata.normalize("NFC", text))
    return LONG.sub(lambda word: _breakable(word[0]), "".join(_written(clean)))


def _clean(sign: str) -> str:
    """Line ends and tabs stay; other control, format and unassigned signs, and variants of a sign, go."""
    if sign in "\n\t":
        return sign
    if unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Co", "Cn"} or 0xFE00 <= ord(sign) <= 0xFE0F:
        return ""
    return "\n" if sign in "\u2028\u2029" else sign


def _written(text: str) -> Iterator[str]:
    for fits, run in groupby(text, key=lambda sign: sign in "\n\t" or ord(sign) in known()):
        signs = list(run)
        yield "".join(signs) if fits else _named(signs)


def _named(signs: list[str]) -> str:
    names = " ".join(_name(sign) for sign in signs[:NAMED])
    more = len(signs) - NAMED
    return f"[{names} and {more} more]" if more > 0 else f"[{names}]"


def _name(sign: str) -> str:
    """Symbols by name, letters by number."""
    name = unicodedata.name(sign, "")
    return name.lower() if name and unicodedata.category(sign) in {"So", "Sk", "Sm"} else f"U+{ord(sign):04X}"


def _breakable(word: str) -> str:
    return SPACE.join(word[at : at + PIECE] for at in range(0, len(word), PIECE))
