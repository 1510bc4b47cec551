"""Issues: one French line each, at most twenty per code, honest counts."""

from __future__ import annotations

from territory.model.issues import Issue, ReadReport, shown


def test_an_issue_reads_as_the_log_format_says() -> None:
    issue = Issue("E-DATE", "a.csv", "« 29/13/2024 » n'est pas une date", "Corrigez-la.", 7, "date")
    assert str(issue) == (
        "[E-DATE] fichier « a.csv », ligne 7, colonne « date » : "
        "« 29/13/2024 » n'est pas une date Corrigez-la."
    )


def test_beyond_twenty_the_rest_is_counted() -> None:
    many = [Issue("W-ZERO", "a.csv", "code complété", line=n) for n in range(1, 34)]
    lines = shown(many)
    assert len(lines) == 21
    assert lines[-1] == "[W-ZERO] fichier « a.csv » : et 13 autres"


def test_a_report_counts_lines_once() -> None:
    issues = (
        Issue("W-ZERO", "a.csv", "x", line=2, column="cp"),
        Issue("W-ZERO", "a.csv", "x", line=2, column="insee"),
        Issue("E-DATE", "a.csv", "x", line=3),
    )
    report = ReadReport("a.csv", "activities", read=5, kept=4, issues=issues)
    assert report.summary() == (
        "« a.csv », activités : lignes lues 5, gardées 4, corrigées 1, refusées 1"
    )
    assert ReadReport("b.shp", "zones", 1, 1).summary().startswith("« b.shp », quartiers : ")
