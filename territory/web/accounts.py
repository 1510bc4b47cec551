"""Accounts of a team: codes, roles, passwords; a change that matters ends their sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from territory.errors import WrongUsage
from territory.io.values import is_worker_code
from territory.model.marked import marked
from territory.web.account_tables import ACCOUNTS, SESSIONS, Account, account_of
from territory.web.database import insisting, reading, writing
from territory.web.passwords import Passwords, drawn_password, weakness
from territory.web.rights import RIGHTS, Right, Role

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Engine, Row

    from territory.web.config import WebConfig

_RULERS = [role for role in Role if Right.ACCOUNTS in RIGHTS[role]]


class Accounts:
    """The accounts kept in one base."""

    def __init__(self, engine: Engine, config: WebConfig) -> None:
        self._engine = engine
        self._clock = config.clock
        self._passwords = Passwords(config.hash_cost)

    @insisting
    def listed(self) -> tuple[Account, ...]:
        """Return every account, by code."""
        with reading(self._engine) as base:
            return tuple(map(account_of, base.execute(select(ACCOUNTS).order_by(ACCOUNTS.c.login))))

    def check(self, login: str, password: str) -> Account | None:
        """
        Return the account when the password is its own, None in every other case.

        The same work is done for a code that nobody has.
        """
        row = self._row(login)
        kept = row.password if row is not None else None
        if not self._passwords.matches(kept, password) or row is None or not row.active:
            return None
        if self._passwords.is_cheap(row.password):
            return self._hashed_anew(row, password)
        return account_of(row)

    def create(self, login: str, role: Role, password: str = "") -> str:
        """
        Add an account and return its password: `password`, else one drawn, to be changed at once.

        Raises WrongUsage (French) for a code that is a name or already taken, and for a password
        too weak.
        """
        code = code_of(login)
        if not is_worker_code(code):
            raise WrongUsage(
                marked("Un compte porte un code ou des initiales (M1, ABC), pas un nom.")
            )
        given = password or drawn_password()
        _refuse_weak(given, code)
        self._add(code, role, given, must_change=not password)
        return given

    @insisting
    def _row(self, login: str) -> Row[Any] | None:
        with reading(self._engine) as base:
            return base.execute(_of(login)).one_or_none()

    @insisting
    def _add(self, code: str, role: Role, given: str, *, must_change: bool) -> None:
        row = {"login": code, "role": role, "password": self._passwords.hashed(given)}
        more = {"active": True, "must_change": must_change, "made_s": self._clock()}
        try:
            with writing(self._engine) as base:
                base.execute(insert(ACCOUNTS).values(**row, **more))
        except IntegrityError as error:
            raise WrongUsage(marked("Le code « %(code)s » a déjà un compte.", code=code)) from error

    def set_role(self, login: str, role: Role) -> None:
        """Give another role; raises WrongUsage (French) as `set_active`."""
        self._change(login, role=role)

    def set_active(self, login: str, *, active: bool) -> None:
        """
        Close an account, which ends its sessions, or open it again.

        Raises WrongUsage (French) when nobody has this code, or when nobody would be left to keep
        the accounts.
        """
        self._change(login, active=active, ends=not active)

    def reset(self, login: str) -> str:
        """
        Draw a new password, to be changed at once, and end the sessions; return it.

        Raises WrongUsage (French) when nobody has this code.
        """
        drawn = drawn_password()
        kept = self._passwords.hashed(drawn)
        self._change(login, ends=True, password=kept, must_change=True)
        return drawn

    def set_password(self, login: str, password: str, mark: str = "") -> Account:
        """
        Take the password that somebody chose; every session of the account ends. Return it.

        Raises WrongUsage (French) when it is weak, or when the former one is no longer that of
        `mark` (Account.mark).
        """
        _refuse_weak(password, code_of(login))
        kept = self._passwords.hashed(password)
        return self._change(login, ends=True, mark=mark, password=kept, must_change=False)

    @insisting
    def _hashed_anew(self, row: Row[Any], password: str) -> Account | None:
        """Keep a dearer hash of the same password, unless another was chosen meanwhile."""
        kept = self._passwords.hashed(password)
        same = ACCOUNTS.c.login == row.login, ACCOUNTS.c.password == row.password
        with writing(self._engine) as base:
            changed = base.execute(update(ACCOUNTS).where(*same).values(password=kept)).rowcount
            return account_of(base.execute(_of(row.login)).one()) if changed else None

    @insisting
    def _change(
        self,
        login: str,
        *,
        ends: bool = False,
        mark: str = "",
        **values: Any,  # noqa: ANN401
    ) -> Account:
        """Change a row of ACCOUNTS, and end its sessions when asked, together or not at all."""
        code = code_of(login)
        with writing(self._engine) as base:
            rulers = _rulers(base)
            former = base.execute(_of(code).with_for_update()).one_or_none()
            if former is not None and mark not in {"", account_of(former).mark}:
                raise WrongUsage(marked("Ce mot de passe vient d’être changé : recommencez."))
            changed = base.execute(update(ACCOUNTS).where(ACCOUNTS.c.login == code).values(values))
            if not changed.rowcount:
                raise WrongUsage(marked("Aucun compte ne porte le code « %(code)s ».", code=code))
            if rulers and not _rulers(base):
                raise WrongUsage(marked(
                    "Il faut au moins un compte de direction : personne ne pourrait plus tenir les "
                    "comptes."
                ))  # fmt: skip
            if ends:
                base.execute(delete(SESSIONS).where(SESSIONS.c.login == code))
            return account_of(base.execute(_of(code)).one())


def code_of(login: str) -> str:
    """Return a code as accounts keep it: « m1 » and « M1 » are the same person."""
    return login.strip().upper()


def _of(login: str) -> Any:  # noqa: ANN401 - a statement
    return select(ACCOUNTS).where(ACCOUNTS.c.login == code_of(login))


def _rulers(base: Connection) -> int:
    """Count the open accounts that keep the others; nobody changes them meanwhile."""
    asked = select(ACCOUNTS.c.login).where(ACCOUNTS.c.role.in_(_RULERS), ACCOUNTS.c.active)
    return len(base.execute(asked.order_by(ACCOUNTS.c.login).with_for_update()).all())


def _refuse_weak(password: str, code: str) -> None:
    problem = weakness(password, code)
    if problem:
        raise WrongUsage(problem)
