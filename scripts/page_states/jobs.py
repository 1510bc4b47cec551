"""Jobs as they end: done, refused, broken off; and the what-ifs that they answer."""

from __future__ import annotations

from multiprocessing import active_children

from scripts.page_states.stage import Scene, Stage, State, copied, page

_NOBODY = {"cohort": "licornes", "slot": "", "unvisited": None, "seed": None}


def _of_last_job(scene: Scene) -> None:
    scene.go(f"/travaux/{scene.office.jobs.latest(1)[0].key}")


def _sites_supposed(scene: Scene) -> None:
    scene.go("/permanences")
    scene.page.get_by_label("Demi-journées à ajouter").fill("2")
    scene.press("Essayer")
    scene.see("L’essai à côté de la proposition")


def _sectors_supposed(scene: Scene) -> None:
    scene.go("/secteurs")
    scene.page.locator("input[name=absent]").first.check()
    scene.press("Essayer")
    scene.see("Essai montré")


def _refused(scene: Scene) -> None:
    scene.office.jobs.start("zones", _NOBODY, by="", back="/zones")
    scene.quiet()
    _of_last_job(scene)


def _broken(scene: Scene) -> None:
    job = scene.office.jobs.start("build", {"seed": 7}, by="", back="/")
    while (now := scene.office.jobs.get(job.key)) is not None and now.share is None:
        scene.page.wait_for_timeout(100)
    for process in active_children():
        process.kill()
    scene.quiet()
    _of_last_job(scene)


JOBS = Stage(
    "Les travaux, et les essais",
    copied,
    (
        State(
            "permanences_essai",
            "Un essai de permanences à côté de la proposition ; rien n’est changé.",
            _sites_supposed,
            drawn=True,
        ),
        State("travail_fini", "Un travail terminé, et ce qu’il dit.", _of_last_job),
        State(
            "secteurs_essai",
            "Une absence essayée : qui reprend quoi.",
            _sectors_supposed,
            drawn=True,
        ),
        State("travail_refuse", "Un travail refusé dit pourquoi, en une phrase.", _refused),
        State(
            "travail_interrompu",
            "Un travail interrompu brutalement : rien n’est à moitié écrit.",
            _broken,
        ),
        State("travaux", "Les derniers travaux.", page("/travaux")),
    ),
)
