"""What each setting of the week means, in French, for the pages and docs/reglages.md."""

# ruff: noqa: E501 - French sentences

from __future__ import annotations

from territory.model.marked import marked

MEANINGS = {
    "debut": marked("heures de travail de qui n'a pas de disponibilité saisie"),
    "fin": "leur fin",
    "midi_debut": marked("pause de midi, dans laquelle le repas se place"),
    "midi_fin": "sa fin",
    "repas_min": "minutes du repas ; « aucun » : toute la pause",
    "maraude_max_min": "durée d'une sortie, au plus (minutes)",
    "maraude_min_min": "au moins : un temps libre plus court n'a pas de sortie",
    "marche_max_m": "mètres à pied par personne et par jour ; la colonne `marche_max_km` de l'équipe peut demander moins",
    "visite_min": "minutes d'une visite dans un lieu",
    "rue_min": "minutes d'un tour de rue ordinaire, auquel se rapportent les personnes attendues",
    "maraudes_par_mediateur": "demi-journées de sortie par personne et par semaine, au plus",
    "binomes": marked("à deux chaque fois que quelqu'un peut accompagner"),
    "binomes_semaine": "demi-journées à deux voulues dans la semaine ; on sort alors seul ou à deux",
    "lieux_a_deux": "types de lieux où l'on ne va qu'à deux",
    "sorties_communes": "sorties voulues par semaine avec chaque équipe partenaire qui a écrit ses disponibilités, au plus ; 0 : aucune",
    "sorties_communes_ecart_semaines": "semaines entre deux sorties avec la même équipe (1 : chaque semaine ; 6 : toutes les six semaines)",
    "sorties_communes_personnes": "ce que vaut en plus, en personnes, une heure d'arrêts faite avec elle",
    "visites_max_par_type": "visites d'un type de lieu dans la semaine, toute l'équipe ensemble, au plus : `{ marche = 2 }`",
    "reserve_min": "minutes gardées libres à chaque sortie, pour l'imprévu",
    "personnes_zone": "ce que vaut un tour de rue dans la première zone, en plus des personnes rencontrées ; les autres à proportion de leur score",
    "ecart_jours": "jours entre deux sorties dans une même zone (1 : une par jour)",
    "repos_semaines": "semaines après lesquelles un lieu visité vaut de nouveau presque autant (95 %)",
    "avant_permanence": "surcroît de valeur avant une permanence proche ; lu, encore sans effet",
    "bus_des_m": "distance à partir de laquelle un bus est possible ; « aucun » : toujours à pied",
    "bus_attente_min": "minutes d'attente du bus",
    "bus_kmh": "sa vitesse moyenne, le long des rues",
    "bus_a_l_heure": "avec des horaires : part des départs de la demi-journée qui tiennent le temps prévu",
    "exploration": "part des visites faites pour apprendre (0 à 0,5)",
    "equite_semaines": "semaines sur lesquelles les heures de sortie s'égalisent ; 0 : non demandé",
    "equite": "ce que coûte une heure d'écart (au carré) à la part due, en personnes",
    "equite_soirees": "ce que coûte une soirée d'écart (au carré) à la part juste, en personnes ; 0 : les soirées ne s'égalisent pas",
    "equite_difficiles": "de même pour un jour avec un lieu difficile (`lieux_difficiles`)",
    "equite_marche": "de même pour un kilomètre à pied, connu par les semaines signées",
    "equite_zones": "ce que vaut, en personnes, chaque sortie qu'une zone attend d'après son besoin",
    "lieux_difficiles": "types de lieux comptés à part dans ce que chacun porte",
    "garantie_semaines": "aucun QPV sans sortie pendant tant de semaines ; « aucun » : non demandé",
    "essais": "itérations de la recherche : plus il y en a, plus c'est long, et souvent mieux",
    "lieux_expliques": "lieux écartés qui sont expliqués, en plus des zones",
    "essais_preuve": "effort pour la borne ; 0 : aucune",
}
