"""The pages of a town that is built, read by one person on one machine."""

from __future__ import annotations

from typing import Any

from scripts.page_states.stage import Scene, Stage, State, copied, page

_HEAD = "nom_structure;commune;type_structure;latitude;longitude;date_derniere_rencontre\n"
_PARTNERS = (
    _HEAD + "Le Fournil Inventé;Valfictif;association;;;12/10/2026\n"
    "Atelier Inventé;Valfictif;association;;;31/02/2026\n;Valfictif;association;;;\n"
)
_PERSONAL = "prenom;date;type_activite;commune\nCamille;12/10/2026;maraude;Valfictif\n"


def _csv(name: str, text: str) -> dict[str, Any]:
    return {"name": name, "mimeType": "text/csv", "buffer": text.encode()}


def _first_zone(scene: Scene) -> None:
    scene.go("/zones")
    scene.page.locator("main a[href^='/zones/']").first.click()
    scene.ready()


def _search(scene: Scene) -> None:
    scene.go("/zones")
    scene.page.locator("select#commune").select_option(index=1)
    scene.press("Montrer ces zones")
    scene.page.wait_for_url("**commune=*")
    scene.ready()


def _sent(text: str, name: str) -> Any:  # noqa: ANN401
    def send(scene: Scene) -> None:
        scene.go("/fichiers-recus")
        scene.send(_csv(name, text))

    return send


def _taking_out(scene: Scene) -> None:
    scene.go("/fichiers-recus")
    scene.page.get_by_role("link", name="Retirer").first.click()
    scene.ready()


def _wrong_setting(scene: Scene) -> None:
    scene.go("/reglages")
    scene.page.locator("input[name='semaine.debut']").fill("tôt")
    scene.press("Enregistrer")


def _new_setting(scene: Scene) -> None:
    scene.page.locator("input[name='semaine.debut']").fill("08:30")
    scene.press("Enregistrer")


def _fault(scene: Scene) -> None:
    with scene.broken():
        scene.go("/travaux")


TOWN = Stage(
    "Les pages d’un territoire calculé",
    copied,
    (
        State(
            "accueil",
            "L’accueil : quoi faire maintenant, la semaine, les zones, l’état des données.",
            page("/"),
            phone=True,
        ),
        State("premiers_pas_finis", "Les premiers pas, tous faits.", page("/premiers-pas")),
        State(
            "zones",
            "Où aller en premier, avec les trois raisons et ce qu’on peut en dire.",
            page("/zones"),
            phone=True,
            drawn=True,
        ),
        State("zones_commune", "Les zones d’une seule commune.", _search, drawn=True),
        State(
            "zone",
            "Une zone : ses chiffres, ses raisons, ce qui changerait l’avis.",
            _first_zone,
            drawn=True,
        ),
        State(
            "permanences",
            "Quel lieu, quelle demi-journée, ce que chacune apporte.",
            page("/permanences"),
            phone=True,
            drawn=True,
        ),
        State(
            "secteurs",
            "Qui couvre quoi, et à quel point c’est équilibré.",
            page("/secteurs"),
            phone=True,
            drawn=True,
        ),
        State(
            "bilan",
            "Les chiffres de l’année pour l’extérieur : les petits effectifs sont masqués.",
            page("/bilan"),
            phone=True,
        ),
        State("bilan_equipe", "Les mêmes chiffres pour l’équipe.", page("/bilan?pour=equipe")),
        State(
            "fichiers_recus",
            "Les fichiers reçus, leurs dates, les lignes lues et refusées.",
            page("/fichiers-recus"),
        ),
        State(
            "envoi_avec_erreurs",
            "Un tableau envoyé : les lignes refusées sont dites avant de rien garder.",
            _sent(_PARTNERS, "relais.csv"),
        ),
        State(
            "envoi_refuse",
            "Un tableau qui porte des prénoms est refusé et effacé aussitôt.",
            _sent(_PERSONAL, "vues.csv"),
        ),
        State("retrait", "Retirer un fichier : une question d’abord.", _taking_out),
        State(
            "reglages",
            "Les réglages de l’équipe, chacun avec ce qu’il veut dire.",
            page("/reglages"),
        ),
        State(
            "reglages_refuses",
            "Une valeur impossible est dite ; rien n’est écrit.",
            _wrong_setting,
            422,
        ),
        State("reglages_gardes", "Des réglages enregistrés : il faut recalculer.", _new_setting),
        State("journal", "Le journal : qui a demandé quoi, jamais une valeur.", page("/journal")),
        State("travaux_aucun", "Aucun travail en cours.", page("/travaux")),
        State("accessibilite", "La déclaration sur l’accessibilité.", page("/accessibilite")),
        State(
            "donnees_personnelles",
            "Ce qui est gardé, ce qui est refusé, pour combien de temps.",
            page("/donnees-personnelles"),
        ),
        State("introuvable", "Une adresse qui n’existe pas.", page("/nulle-part"), 404),
        State(
            "erreur_imprevue", "Une erreur imprévue : une phrase, jamais une trace.", _fault, 500
        ),
    ),
)
