"""What is asked first of a coordinator: data, then the computation, then the team's own work."""

from __future__ import annotations

from dataclasses import replace

from territory.outputs.next_step import Standing, next_steps

READY = Standing(
    missing=(), built=True, current=True, awaited=0, planned=True, renewed=True, signed=True,
    week="2026-W45", refused=0, stale=0,
)  # fmt: skip


def test_nothing_to_do_leads_to_the_week() -> None:
    (step,) = next_steps(READY)
    assert step.sentence == "La semaine prochaine (du 02/11 au 08/11/2026) est prête et signée."
    assert (step.path, step.starts, step.bad) == ("/semaine", False, False)


def test_missing_files_come_before_all_else_and_are_named() -> None:
    (step,) = next_steps(replace(READY, missing=("communes", "team"), awaited=3))
    assert "limites communales ; équipe" in step.sentence
    assert (step.path, step.starts, step.bad) == ("/fichiers-recus", False, True)


def test_a_new_territory_goes_on_with_its_first_steps() -> None:
    (step,) = next_steps(replace(READY, missing=("cells",), built=False, current=False))
    assert (step.path, step.starts, step.bad) == ("/premiers-pas", False, True)


def test_what_was_never_computed_is_computed_first() -> None:
    (step,) = next_steps(replace(READY, built=False, current=False, planned=False))
    assert (step.path, step.starts) == ("/calcul", True)


def test_stale_results_then_debriefs_then_the_week_then_the_files() -> None:
    steps = next_steps(replace(READY, current=False, awaited=1, planned=False, refused=12, stale=2))
    paths = ["/calcul", "/saisie", "/semaine-prochaine", "/fichiers-recus", "/fichiers-recus"]
    assert [s.path for s in steps] == paths
    assert steps[1].sentence == "1 fiche de sortie attend son retour."
    assert steps[3].sentence == "12 lignes de vos tableaux sont refusées."
    assert [s.bad for s in steps] == [True, False, False, False, False]


def test_a_plan_of_before_is_prepared_again_then_read_and_signed() -> None:
    """Nothing is signed, nor prepared again, before what it rests on is computed."""
    (step,) = next_steps(replace(READY, renewed=False, signed=False))
    assert step.sentence.endswith("(du 02/11 au 08/11/2026) est d’avant les derniers changements.")
    assert (step.path, step.starts) == ("/semaine-prochaine", True)
    (step,) = next_steps(replace(READY, signed=False))
    assert step.sentence.endswith("Il reste à la relire et à la signer.")
    assert (step.path, step.starts, step.bad) == ("/semaine", False, False)
    (step,) = next_steps(replace(READY, current=False, renewed=False, signed=False))
    assert step.path == "/calcul"
    steps = next_steps(replace(READY, signed=False, awaited=2, stale=1))
    assert [s.path for s in steps] == ["/saisie", "/semaine", "/fichiers-recus"]
