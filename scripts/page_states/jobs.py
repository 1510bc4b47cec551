"""Jobs as they end: done, refused, broken off; and the what-ifs that they answer."""

from __future__ import annotations

from multiprocessing import active_children

from scripts.page_states.stage import Scene, Stage, State, copied, page

_NOWHERE = {"fixed": ("P9999",), "seed": None}


def _of_last_job(scene: Scene) -> None:
    scene.go(f"/travaux/{scene.office.jobs.latest(1)[0].key}")


def _sites_supposed(scene: Scene) -> None:
    scene.go("/permanences")
    scene.page.get_by_label("Demi-journées à ajouter").fill("2")
    scene.press("Essayer")
    scene.see("Le dernier essai à côté de la proposition")


def _sectors_supposed(scene: Scene) -> None:
    scene.go("/secteurs")
    scene.page.locator("input[name=absent]").first.check()
    scene.press("Essayer")
    scene.quiet()
    scene.go("/secteurs")


def _refused(scene: Scene) -> None:
    scene.office.jobs.start("zones", {"weeks": -1}, by="", back="/zones")
    scene.quiet()
    _of_last_job(scene)


def _broken(scene: Scene) -> None:
    scene.go("/fichiers-recus")
    scene.press("Relire tous les fichiers")
    scene.page.locator(".job progress[value]").wait_for()
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
        ),
        State("travail_fini", "Un travail terminé, et ce qu’il dit.", _of_last_job),
        State("secteurs_essai", "Une absence essayée : qui reprend quoi.", _sectors_supposed),
        State("travail_refuse", "Un travail refusé dit pourquoi, en une phrase.", _refused),
        State(
            "travail_interrompu",
            "Un travail interrompu brutalement : rien n’est à moitié écrit.",
            _broken,
        ),
        State("travaux", "Les derniers travaux.", page("/travaux")),
    ),
)
