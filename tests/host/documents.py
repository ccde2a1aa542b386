# SPDX-License-Identifier: Apache-2.0
"""Documents for the reader, one for each production and for each fault."""

from __future__ import annotations

from typing import NamedTuple

from tests.host.reading import QUADS, Term

XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
FAR_LABEL = "é\u00b7\u0300\u203f\u2040\U000effff"
SUBJECT, PREDICATE, OBJECT, GRAPH = (("iri", f"urn:{letter}") for letter in "spog")


def text(lexical: str, datatype: str = XSD_STRING) -> Term:
    return ("literal", lexical, datatype, "")


def tagged(lexical: str, language: str) -> Term:
    return ("literal", lexical, LANG_STRING, language)


class Good(NamedTuple):
    """A document, and its terms."""

    document: str | bytes
    quads: list[tuple[Term, ...]]
    flags: int = 0


class Bad(NamedTuple):
    """A document, where its fault is, which one, and the character there."""

    document: str | bytes
    place: str
    fault: str
    found: str
    flags: int = 0


def data_of(case: Good | Bad) -> bytes:
    return case.document if isinstance(case.document, bytes) else case.document.encode()


def of(object_: Term, *, subject: Term = SUBJECT, graph: Term = ("none",)) -> tuple[Term, ...]:
    return (subject, PREDICATE, object_, graph)


def objects(*pairs: tuple[str, Term]) -> dict[str, Good]:
    """Make a document of each object."""
    return {
        f"object {written}": Good(f"<urn:s> <urn:p> {written} .\n", [of(term)])
        for written, term in pairs
    }


GOOD = {
    "empty": Good("", []),
    "blank lines": Good("\n\r\n\r \t\n# comment\n#\n \t# é\n", []),
    "no line end": Good("<urn:s> <urn:p> <urn:o> .", [of(OBJECT)]),
    "comment without end": Good("<urn:s> <urn:p> <urn:o> .# comment", [of(OBJECT)]),
    "no blanks": Good('<urn:s><urn:p>"o"@en-GB.#\n', [of(tagged("o", "en-gb"))]),
    "blanks": Good(' \t<urn:s>\t<urn:p>  "o" ^^\t<urn:d>\t. \t\r\n', [of(text("o", "urn:d"))]),
    "blank before tag": Good('<urn:s> <urn:p> "o" @en .', [of(tagged("o", "en"))]),
    "line ends": Good(
        "\r<urn:s> <urn:p> <urn:o> .\r\r\n<urn:s> <urn:p> <urn:p> .\n\r<urn:s> <urn:p> <urn:s> .",
        [of(OBJECT), of(PREDICATE), of(SUBJECT)],
    ),
    "repeated": Good(
        "<urn:s> <urn:p> <urn:o> .\n" * 2 + "<urn:s> <urn:p> <urn:oo> .\n<urn:ss> <urn:p> _:ss.\n",
        [
            of(OBJECT),
            of(OBJECT),
            of(("iri", "urn:oo")),
            of(("blank", "ss"), subject=("iri", "urn:ss")),
        ],
    ),
    "repeated blank nodes": Good(
        "_:a <urn:p> _:a .\n_:a\t<urn:p> _:ab .\n_:a <urn:p> _:a.\n_:ab <urn:p> <urn:a> .\n",
        [
            of(("blank", "a"), subject=("blank", "a")),
            of(("blank", "ab"), subject=("blank", "a")),
            of(("blank", "a"), subject=("blank", "a")),
            of(("iri", "urn:a"), subject=("blank", "ab")),
        ],
    ),
    "repeated datatypes": Good(
        '<urn:s> <urn:p> "1"^^<urn:d> .\n<urn:s> <urn:p> "1"^^<urn:dd> .\n'
        '<urn:s> <urn:p> "01"^^<urn:d> .\n<urn:s> <urn:p> "1"@d .\n<urn:s> <urn:p> "1"@D .\n',
        [
            *(of(text("1", "urn:d")), of(text("1", "urn:dd")), of(text("01", "urn:d"))),
            *(of(tagged("1", "d")), of(tagged("1", "d"))),
        ],
    ),
    **objects(
        ("<urn:o>", OBJECT),
        ("<urn:>", ("iri", "urn:")),
        ("<a+b-c.9:~[x]%zz!$&'()*,;=:@/?#>", ("iri", "a+b-c.9:~[x]%zz!$&'()*,;=:@/?#")),
        ("<urn:é€😀\x7f>", ("iri", "urn:é€😀\x7f")),
        (r"<urn:\u00E9\U0001F600\u006f>", ("iri", "urn:é😀o")),
        (r"<\u0075rn:\u006f>", OBJECT),
        ("_:a", ("blank", "a")),
        ("_:0", ("blank", "0")),
        ("_::_-a.b..c", ("blank", ":_-a.b..c")),
        (
            "_:é\u00b7\u0300\u203f\u2040\U000effff",
            ("blank", "é\u00b7\u0300\u203f\u2040\U000effff"),
        ),
        ('""', text("")),
        ('"o"', text("o")),
        ('"\t\x00\x0b\x0c \x7f\x85\u2028>\'"', text("\t\x00\x0b\x0c \x7f\x85\u2028>'")),
        (r'"\t\b\n\r\f\"\'\\"', text("\t\b\n\r\f\"'\\")),
        (r'"\u0000\u0041\u00e9\u20AC\U0001F600\U0010ffff"', text("\0Aé€😀\U0010ffff")),
        (
            r'"\uD7FF\uE000\u007F\u0080\u07FF\u0800\uFFFF\U00010000"',
            text("\ud7ff\ue000\x7f\x80\u07ff\u0800\uffff\U00010000"),
        ),
        (
            '"é€😀 and a long text of more than sixteen bytes, éé"',
            text("é€😀 and a long text of more than sixteen bytes, éé"),
        ),
        (
            r'"a long text before an escape \" and one behind it"',
            text('a long text before an escape " and one behind it'),
        ),
        (r'"\"one\""^^<urn:\u0064>', text('"one"', "urn:d")),
        ('"o"^^<urn:d>', text("o", "urn:d")),
        (f'"o"^^<{XSD_STRING}>', text("o")),
        ('"o"@en', tagged("o", "en")),
        ('"o"@EN-Latn-GB-1', tagged("o", "en-latn-gb-1")),
        ('"o"@averylonglanguagetag-0123456789', tagged("o", "averylonglanguagetag-0123456789")),
    ),
    "escaped subject and predicate": Good(
        "<urn:\\u0073> <urn:\\u0070> <urn:\\u006F> .\n", [of(OBJECT)]
    ),
    "quads": Good(
        "<urn:s> <urn:p> <urn:o> <urn:g> .\n<urn:s> <urn:p> <urn:o> .\n"
        '<urn:s><urn:p>"o"<urn:g>.\n<urn:s> <urn:p> "o"@en _:g .\n<urn:s> <urn:p> _:o _:g. #',
        [
            *(of(OBJECT, graph=GRAPH), of(OBJECT), of(text("o"), graph=GRAPH)),
            *(of(tagged("o", "en"), graph=("blank", "g")),),
            of(("blank", "o"), graph=("blank", "g")),
        ],
        QUADS,
    ),
}


def bad_object(written: str, column: int, fault: str, found: str) -> Bad:
    """Place a fault in an object; `column` counts from the object's start, from 1."""
    return Bad(f"<urn:s> <urn:p> {written}", f"1:{16 + column}", fault, found)


END = "line end"

BAD = {
    "subject": Bad('"s" <urn:p> <urn:o> .', "1:1", "SUBJECT", '"'),
    "subject, dot": Bad("\n\r\n\r .", "4:2", "SUBJECT", "."),
    "subject, keyword": Bad("é <urn:p> <urn:o> .", "1:1", "SUBJECT", "é"),
    "predicate": Bad("<urn:é> _:p <urn:o> .", "1:9", "PREDICATE", "_"),
    "predicate, missing": Bad("<urn:s>\n<urn:p>", "1:8", "PREDICATE", END),
    "predicate, literal": Bad('_:s "p" <urn:o> .', "1:5", "PREDICATE", '"'),
    "predicate, comment": Bad("<urn:s> # comment", "1:9", "PREDICATE", "#"),
    "object": bad_object("urn:o .", 1, "OBJECT", "u"),
    "object, missing": bad_object("\r\n.", 1, "OBJECT", END),
    "object, single quotes": bad_object("'o' .", 1, "OBJECT", "'"),
    "object, number": bad_object("1 .", 1, "OBJECT", "1"),
    "object, list": bad_object("<urn:o>, <urn:p> .", 8, "DOT", ","),
    "dot": bad_object("<urn:o>", 8, "DOT", END),
    "dot, comment": bad_object("<urn:o> # .", 9, "DOT", "#"),
    "fourth term": bad_object("<urn:o> <urn:g> .", 9, "DOT", "<"),
    "graph": Bad('<urn:s> <urn:p> <urn:o> "g" .', "1:25", "GRAPH", '"', QUADS),
    "graph, missing": Bad("<urn:s> <urn:p> <urn:o>", "1:24", "GRAPH", END, QUADS),
    "fifth term": Bad("_:s <urn:p> _:o _:g _:x .", "1:21", "LAST_DOT", "_", QUADS),
    "last dot": Bad("_:s <urn:p> _:o _:g\n", "1:20", "LAST_DOT", END, QUADS),
    "two triples": bad_object("_:o . <urn:s>", 7, "LINE_END", "<"),
    "two dots": bad_object("_:o. .", 6, "LINE_END", "."),
    "prefix": Bad("@prefix : <urn:> .", "1:1", "SUBJECT", "@"),
    "byte order mark": Bad("\ufeff<urn:s> <urn:p> _:o .", "1:1", "MARK", "\ufeff"),
    "later mark": Bad("\n\ufeff<urn:s> <urn:p> _:o .", "2:1", "SUBJECT", "\ufeff"),
    "IRI, relative": bad_object("<o> .", 2, "SCHEME", "o"),
    "IRI, empty": bad_object("<> .", 2, "SCHEME", ">"),
    "IRI, colon": bad_object("<:o> .", 2, "SCHEME", ":"),
    "IRI, digit": bad_object("<1a:o> .", 2, "SCHEME", "1"),
    "IRI, path": bad_object("</a:o> .", 2, "SCHEME", "/"),
    "IRI, open": bad_object("<urn:o", 7, "IRI_OPEN", END),
    "IRI, long and open": bad_object(f"<urn:{'x' * 40}\n> .", 46, "IRI_OPEN", END),
    "IRI, escape": bad_object(r"<urn:\n> .", 6, "IRI_ESCAPE", "\\"),
    "IRI, slash": bad_object(r"<urn:\/> .", 6, "IRI_ESCAPE", "\\"),
    "IRI, hexadecimal": bad_object(r"<urn:\u00ZZ11> .", 10, "HEXADECIMAL", "Z"),
    "IRI, escaped blank": bad_object(r"<urn:a\u0020> .", 7, "IRI_CHARACTER", "\\"),
    "IRI, escaped >": bad_object(r"<urn:a\u003E> .", 7, "IRI_CHARACTER", "\\"),
    **{
        f"IRI with {letter!r}{'x' * size}": bad_object(
            f"<urn:é{letter}{'x' * size}> .", 7, "IRI_CHARACTER", letter
        )
        for letter in '\0\x01\t\x1f "<^`{|}'
        for size in (0, 30)
    },
    "string, open": bad_object('"o .', 5, "STRING_OPEN", END),
    "string, two lines": bad_object('"é\ro" .', 3, "STRING_OPEN", END),
    "string, long and open": bad_object(f'"{"x" * 40}', 42, "STRING_OPEN", END),
    "escape": bad_object(r'"é\a" .', 4, "ESCAPE", "a"),
    "escape, end": bad_object('"é\\', 4, "ESCAPE", END),
    "escape, NUL": bad_object('"\\\0" .', 3, "ESCAPE", "\0"),
    "hexadecimal": bad_object(r'"\u12G4" .', 6, "HEXADECIMAL", "G"),
    "hexadecimal, few": bad_object(r'"\U0001F60" .', 11, "HEXADECIMAL", '"'),
    "hexadecimal, end": bad_object('"\\u', 4, "HEXADECIMAL", END),
    "surrogate": bad_object(r'"a\uD83D\uDE00" .', 3, "CODE_POINT", "\\"),
    "surrogate, last": bad_object(r'"\uDFFF" .', 2, "CODE_POINT", "\\"),
    "code point": bad_object(r'"\U00110000" .', 2, "CODE_POINT", "\\"),
    "code point, large": bad_object(r'"\UFFFFFFFF" .', 2, "CODE_POINT", "\\"),
    "label": Bad("_: <urn:p> <urn:o> .", "1:3", "LABEL", " "),
    "label, colon": Bad("_a <urn:p> <urn:o> .", "1:2", "LABEL", "a"),
    "label, hyphen": bad_object("_:-a .", 3, "LABEL", "-"),
    "label, dot": bad_object("_:.a .", 3, "LABEL", "."),
    "label, middle dot": bad_object("_:\u00b7 .", 3, "LABEL", "\u00b7"),
    "label, sign": bad_object("_:a\u00d7 .", 4, "DOT", "\u00d7"),
    "label, end": bad_object("_:", 3, "LABEL", END),
    "tag": bad_object('"o"@ .', 5, "TAG", " "),
    "tag, digit": bad_object('"o"@1 .', 5, "TAG", "1"),
    "tag, hyphen": bad_object('"o"@en- .', 8, "TAG", " "),
    "tag, letter": bad_object('"o"@en_GB .', 7, "DOT", "_"),
    "tag, digit in its first part": bad_object('"o"@e1 .', 6, "DOT", "1"),
    "datatype": bad_object('"o"^^ .', 7, "DATATYPE", "."),
    "datatype, one ^": bad_object('"o"^<urn:d> .', 5, "DATATYPE", "<"),
    "datatype, blank node": bad_object('"o"^^_:d .', 6, "DATATYPE", "_"),
    "datatype, relative": bad_object('"o"^^<d> .', 7, "SCHEME", "d"),
    "tag and datatype": bad_object('"o"@en^^<urn:d> .', 7, "DOT", "^"),
    **{
        f"{bytes_.hex()} in {where}": Bad(
            before.encode() + bytes_ + b"\x20", f"3:{len(before) - 1}", "UTF8", "no UTF-8"
        )
        for bytes_ in (
            *(b"\xff", b"\xc3", b"\xc3(", b"\x80", b"\xc0\xaf", b"\xe0\x80\xaf", b"\xe2\x82"),
            *(b"\xed\xa0\x80", b"\xf0\x9f\x98", b"\xf0\x80\x80\xaf", b"\xf4\x90\x80\x80"),
        )
        for where, before in (
            ("comment", "\n\r# é"),
            ("subject", "\n\n "),
            ("IRI", "\n\n<urn:é"),
            ("literal", '\n\n<urn:s> <urn:p> "é'),
            ("label", "\n\n_:é"),
            ("object", "\n\n<urn:s> <urn:p>"),
            ("end", "\n\n<urn:s> <urn:p> _:o . "),
        )
    },
}

CASES: dict[str, Good | Bad] = {**GOOD, **{f"bad {name}": bad for name, bad in BAD.items()}}
