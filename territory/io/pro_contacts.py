"""
How to reach a structure without anybody's name: function, shared mailbox, switchboard; on demand.

Source: PRIVACY.md section 2. Nothing of this enters the tables, a map or an export: the list is one
file of its own. What could be somebody's own is left out and counted, never shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from territory.io.place_rows import is_sensitive
from territory.io.rows import Columns
from territory.io.text_tables import read_table
from territory.model.words import PLACE_KINDS, find, plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from territory.io.rows import Row

_MAILS = ("mail", "courriel", "email", "e_mail")
_PHONES = ("telephone", "tel", "numero_de_telephone", "numero_telephone", "standard")
_FUNCTIONS = ("fonction", "fonction_contact", "fonction_referent")
_SHARED = frozenset(
    {"accueil", "contact", "contacts", "info", "infos", "information", "informations", "bonjour",
     "secretariat", "administration", "mairie", "ccas", "mediatheque", "bibliotheque",
     "centresocial", "association", "asso", "permanence", "emploi", "insertion", "recrutement",
     "rh", "franceservices", "pmi", "standard", "communication", "orientation", "agence"}
)  # fmt: skip
_POSTS = frozenset(
    {"accueil", "adjoint", "adjointe", "agent", "agente", "animateur", "animatrice", "assistant",
     "assistante", "charge", "chargee", "chef", "cheffe", "conseiller", "conseillere",
     "coordinateur", "coordinatrice", "directeur", "directrice", "elu", "elue", "gardien",
     "gardienne", "gestionnaire", "mediateur", "mediatrice", "president", "presidente", "referent",
     "referente", "responsable", "secretaire", "secretariat"}
)  # fmt: skip
_MAIL = re.compile(r"([\w.+-]+)@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_LANDLINE = re.compile(r"(?:(?:\+|00)33 ?(?:\(0\))?|0)([1-58-9](?:[ .-]?\d{2}){4})")
_ACRONYM = 5


@dataclass(frozen=True, slots=True, order=True)
class ProContact:
    """One structure and what reaches it: post held, shared mailbox, switchboard ("" = none)."""

    name: str
    city: str
    post: str
    mail: str
    phone: str


@dataclass(frozen=True, slots=True)
class ProContacts:
    """The contacts kept, and how many cells were left out as possibly somebody's own."""

    kept: tuple[ProContact, ...]
    left_out: int


def read_pro_contacts(path: Path, *, sheet: str | None = None) -> ProContacts:
    """
    Return the professional contacts of a table « partenaires » that are of no one in particular.

    Mailboxes with a shared name (« accueil@… »), fixed lines, posts without a name; mobile phones
    and columns of names are never read, nor anything of a sensitive place. Raises RefusedFile,
    UnreadableFile, UnknownKind when `sheet` does not exist.
    """
    columns = Columns("partners", read_table(path, sheet))
    columns.opening_issues(())
    found, left_out = [], 0
    for row in columns.rows():
        name = row.text("name")
        if name is None or _secret(row, name):
            continue
        written = [_cells(row, headers) for headers in (_FUNCTIONS, _MAILS, _PHONES)]
        post, mail, phone = (
            _first(map(read, cells))
            for read, cells in zip((shared_post, shared_mail, shared_phone), written, strict=True)
        )
        left_out += sum(bool(cells) for cells in written) - sum(map(bool, (post, mail, phone)))
        if post or mail or phone:
            found.append(ProContact(name, row.text("city") or "", post, mail, phone))
    return ProContacts(tuple(sorted(found)), left_out)


def shared_mail(text: str) -> str:
    """Return a mailbox whose words before the @ are all shared ones, "" for any other."""
    found = _MAIL.fullmatch(text.strip())
    words = re.split(r"[._+-]|\d+", found[1].lower()) if found else []
    named = [word for word in words if word]
    return text.strip().lower() if named and all(word in _SHARED for word in named) else ""


def shared_phone(text: str) -> str:
    """Return a fixed line as « 01 23 45 67 89 », "" for a mobile phone or anything else."""
    found = _LANDLINE.fullmatch(text.strip())
    digits = "0" + re.sub(r"\D", "", found[1]) if found else ""
    return " ".join(digits[i : i + 2] for i in range(0, len(digits), 2))


def shared_post(text: str) -> str:
    """Return a post such as « chargée d'insertion », "" when a word of it may be a name."""
    words = text.split()
    if not words or plain(words[0]).split("_")[0] not in _POSTS or re.search(r"[\d@]", text):
        return ""
    named = [w for w in words[1:] if w[:1].isupper() and not (w.isupper() and len(w) <= _ACRONYM)]
    return "" if named else " ".join(words)


def _secret(row: Row, name: str) -> bool:
    kind = find(PLACE_KINDS, row.text("kind") or "") or "autre"
    return is_sensitive(kind, name) or row.yes_no("sensitive") is True


def _cells(row: Row, names: Collection[str]) -> list[str]:
    """Return the filled cells of a line under some headers."""
    raw = row.columns.raw
    cells = zip(raw.headers, raw.cells[row.number], strict=True)
    return [cell for header, cell in cells if cell and plain(header) in names]


def _first(texts: Iterable[str]) -> str:
    return next(filter(None, texts), "")
