"""The words of docs/semaine.md: for coordinators first, then for analysts, then the limits."""

# ruff: noqa: E501 - French sentences

from __future__ import annotations

from territory.analysis.yields_table import THIN_VISITS
from territory.model.debriefs import COUNT_SIGNS
from territory.pipeline.rules import LEAST_VISITS
from territory.planning import visit_options as worth
from territory.planning.announcements import ANNOUNCE_DAYS
from territory.planning.edits import STAY_PEOPLE
from territory.planning.shelters import LEAST_MIN, WALK_MAX_MIN
from territory.planning.week_scene import PAIR_PRICE
from territory.planning.yield_words import TRAP
from territory.settings import Week

_SIGNS = "\n".join(f"| `{sign}` | {words} |" for sign, _, words in COUNT_SIGNS)
_KINDS = {
    "marche": "marché",
    "centre_social": "centre social, épicerie solidaire, foyer",
    "mediatheque": "médiathèque, maison de quartier, France services",
    "bailleur": "agence de bailleur",
    "commerce": "commerce",
}
_USUAL = ", ".join(f"{name} {worth.PEOPLE[code]:.0f}" for code, name in _KINDS.items())
_OTHER = f"{worth.OTHER_PEOPLE}".replace(".", ",")

COORDINATOR = f"""\
# La semaine de maraudes

`territory week mon-dossier 2026-W48` propose une semaine à relire, à corriger et à **signer** le lundi. Chaque rendez-vous est gardé ;
chaque sortie dit pourquoi elle est là ; chaque zone laissée de côté dit ce qui l'en empêche. Page écrite par
`python scripts/week_page.py`, réglages dans [reglages.md](reglages.md#semaine), colonnes des tableaux dans [tableaux_equipe.md](tableaux_equipe.md).

## Ce que fait l'outil, dans l'ordre

1. **Les rendez-vous d'abord.** Permanences, réunions, formations, suivis, événements et accompagnements de la feuille `disponibilites`,
   activités de statut `prevu`, agenda ICS : ils sont posés à leur heure et ne bougent jamais. Un jour férié, une absence ou un manque de
   monde ne les efface pas en silence : le rendez-vous est listé, avec ce qu'il faut remplacer ou annuler.
2. **Le temps libre ensuite.** Entre les rendez-vous, chaque demi-journée laisse à une personne, ou à deux qui sont libres ensemble, un
   temps de sortie : d'où l'on vient, où il faut être ensuite, à sa vitesse de marche. Le repas ({Week().lunch_min} min par défaut) flotte dans la pause
   de midi : il est pris là où l'on est. Une réserve est gardée pour l'imprévu à chaque sortie.
3. **Les portes qui s'ouvrent.** Un lieu se visite pendant ses heures (horaires, vacances scolaires, fermetures, jours fériés), et la
   visite **finit avant la fermeture**. Plusieurs ouvertures le même jour sont plusieurs occasions. Sans horaires connus, le lieu est possible
   mais compte pour moitié.
4. **Les tours de rue.** Dans chaque zone peu couverte, des marches de 20, 40 ou 60 minutes sont tracées, autres le matin et l'après-midi :
   les rues où passent le plus de personnes concernées, sans détour inutile, avec les noms des rues dans l'ordre.
5. **Le choix.** Parmi toutes les façons de remplir ce temps, l'outil cherche celle qui apporte le plus (ci-dessous).

## Ce qui vaut la peine

Une visite vaut les **personnes attendues**. Tant que rien n'est appris, ce sont des ordres de grandeur posés par nous, non mesurés :
{_USUAL}, autre lieu {_OTHER} ; tour de rue de la première zone {worth.STREET_PEOPLE:.0f}. Ensuite :

- la **zone** compte : un tour dans la zone n° 1 vaut `personnes_zone` personnes de plus, les autres à proportion de leur score ; un lieu à
  moins de {worth.NEAR_MIN:.0f} minutes à pied d'une zone vaut davantage, un lieu hors de toute zone vaut moitié moins ;
- un lieu **vu récemment** vaut moins, puis remonte en `repos_semaines` ; une fiche ancienne vaut moins, et le dit ;
- un kilomètre à pied coûte une demi-personne : à valeur égale, on marche moins. Au-delà de `bus_des_m`, les transports sont pris s'ils vont
  plus vite (voir « En bus » ci-dessous).

Et il tient ces règles :

| règle | réglage |
| --- | --- |
| heures de travail, absences, repas, durée d'une sortie | `debut`, `fin`, `midi_debut`, `midi_fin`, `repas_min`, `maraude_min_min`, `maraude_max_min`, `reserve_min` |
| marche au plus dans la journée, pour chacun | `marche_max_m`, ou la colonne `marche_max_km` de l'équipe (la plus petite des deux) |
| binômes : toujours quand c'est possible, un nombre voulu, ou jamais | `binomes`, `binomes_semaine` |
| lieux où l'on ne va qu'à deux, ensemble, à la même heure | `lieux_a_deux`, ou une règle de la feuille `contraintes` |
| sorties communes : tant par semaine, au plus, avec chaque équipe partenaire disponible ; ou toutes les n semaines | `sorties_communes`, `sorties_communes_ecart_semaines` |
| visites d'un type de lieu dans la semaine, toute l'équipe ensemble | `visites_max_par_type` |
| demi-journées de sortie par personne | `maraudes_par_mediateur` |
| jours entre deux sorties dans une même zone | `ecart_jours` |
| équité : les heures de sortie s'égalisent sur plusieurs semaines, selon le temps de travail ; qui a été absent rattrape ; deux tiers d'un écart au plus sont rattrapés dans une semaine, et qui a trop fait garde 40 % d'une semaine ordinaire : une dette ne vide pas une semaine | `equite_semaines`, `equite` |
| à tour de rôle : soirées (après 17 h 30), jours en lieu difficile et kilomètres à pied s'égalisent de même, entre ceux qui peuvent en avoir | `equite_soirees`, `equite_difficiles`, `equite_marche`, `lieux_difficiles` |
| garantie : aucun QPV sans sortie pendant n semaines | `garantie_semaines` |
| part des visites faites pour apprendre | `exploration` |

**Sorties communes.** Prévention spécialisée, référents PRIJ, médiateurs d'une autre structure : une équipe partenaire écrite au tableau avec ses
heures ([comment](tableaux_equipe.md#les-équipes-partenaires)) est cherchée pour une sortie des nôtres, seuls ou à deux. Toute la sortie, trajets
compris, tient dans ses heures et dans ses communes, au pas du plus lent. Une heure d'arrêts avec elle vaut `sorties_communes_personnes` personnes de
plus ({Week().joint_people:.0f} par défaut, posé par nous) : assez pour déplacer une sortie, pas pour en sacrifier une bonne. Celles déjà prévues avec elle sont du nombre. Là où l'on ne va qu'à
deux, il faut toujours deux personnes **de l'équipe** : le partenaire ne remplace pas la seconde. Quand il y en a moins que voulu, la semaine dit
pourquoi : personne de libre à ces heures, communes, ou d'autres sorties qui apportent plus. Fiche, grille, agenda et CSV portent « avec PRIJ ».

Les règles de la feuille `contraintes` (pas après 17 h, au plus deux maraudes, éviter un lieu, écart entre deux sorties d'un quartier...)
s'ajoutent. Une règle lue mais non appliquée, ou non tenue, est dite dans les avertissements : aucune n'est oubliée en silence.

## Lire les raisons

Un **arrêt retenu** dit pourquoi on y va, ses heures, les personnes attendues, puis ce que la semaine perdrait sans lui : « Sans cet arrêt :
au plus 1,8 personne attendue en moins, 20 min libérées ; « Médiathèque » prendrait sa place. » Ce chiffre vient d'une semaine **planifiée à nouveau**
sans cet arrêt, ou de la même, l'arrêt sauté, si elle attend plus de monde. Ce sont des personnes seulement : un arrêt gardé pour la présence dans une zone ou l'équité le dit en toutes lettres. Une sortie proche d'une permanence des {ANNOUNCE_DAYS} jours suivants dit laquelle annoncer.

Une **zone ou un lieu écarté** dit la règle qui l'arrête, et le plus petit changement qui l'admettrait :

| code | ce qui l'empêche | ce que l'outil essaie |
| --- | --- | --- |
| R-HEURES | jamais ouvert quand quelqu'un est en sortie | |
| R-COMMUNE, R-EQUIPE | personne ne va dans cette commune, ou équipe vide | |
| R-BINOME | à deux seulement, et personne pour accompagner | une personne d'une autre équipe |
| R-TEMPS | il manque des minutes | finir plus tard, commencer plus tôt |
| R-FERME | la visite finirait porte close | être reçu un peu après la fermeture |
| R-MIDI | le repas ne tiendrait plus | un repas un peu plus court |
| R-MARCHE, R-CHEMIN | trop de marche, ou aucun chemin connu | marcher un peu plus ce jour-là |
| R-QUOTA | plus de demi-journée de sortie | une demi-journée de plus |
| R-PLAFOND | assez de visites de ce type de lieu cette semaine | une visite de plus |
| R-ESPACEMENT, R-DEJA | la zone est déjà visitée, trop près | un écart plus court |
| R-VALEUR | cela tiendrait, mais apporte moins que ce que cela déplace | le prix de l'échange |

« Si M2 finit à 17 h 45, l'arrêt tient en déplaçant « Marché » (+2,1 personnes attendues). » n'est écrit qu'après avoir **planifié la semaine
avec ce changement** : il l'admet vraiment. « Sans changer de règle, l'admettre coûterait environ 1,2 personne attendue : « Foyer » sortirait de la
semaine. » est le prix d'une préférence. « Aucun changement raisonnable n'a été trouvé » veut dire : aucun de ceux essayés.

Chaque sortie dans la rue ou au marché a un plan B les jours de pluie : un ou deux lieux à l'intérieur, à {WALK_MAX_MIN:.0f} minutes à pied au plus, ouverts
encore {LEAST_MIN} minutes à l'arrivée. La règle `saison_hiver` de la feuille `contraintes` retire les maraudes de la période.

## Changer la semaine

`territory change mon-dossier 2026-W48` note un changement, replanifie, et dit ce qui bouge : « 3 arrêts changés sur 41 ; 2 horaires décalés
(de 20 min au plus). », puis chacun. Le plan et ses raisons sont dits d'abord, les fichiers écrits ensuite.

| pour | option | exemple |
| --- | --- | --- |
| garder une sortie telle quelle | `--verrou SORTIE` | `--verrou 2026-W48-4M-M1.M2` (ou le code de sa fiche) |
| écarter un lieu ou une zone, toute la semaine ou à un moment | `--exclure LIEU[:QUAND]` | `--exclure "Marché des Lampions:mercredi matin"` |
| vouloir une visite, à un moment, par quelqu'un | `--placer LIEU[:QUAND[:QUI]]` | `--placer "P0012:jeudi matin:M3"` |
| ajouter un rendez-vous | `--rendez-vous QUI:QUAND[:LIEU]` | `--rendez-vous "M1:jeudi 14h-15h30:P0012"` |
| dire une absence | `--absent QUI:QUAND` | `--absent "M2:mardi 8h15"` (le reste du jour), `"M2:mardi matin"`, `"M2:mardi"` |
| revenir sur un changement | `--annuler N` | `--annuler 3` |
| arrêter le plan | `--signer` | |

Un lieu ou une zone se dit par son identifiant ou son nom exact ; quelqu'un, par son code. Une visite voulue passe avant tout sauf la garantie.
Bouger un arrêt déjà annoncé doit rapporter plus de {STAY_PEOPLE:.0f} personnes : l'outil change le moins possible. Un verrou qui ne peut plus tenir (absence,
rendez-vous nouveau) est dit, et sa sortie planifiée à nouveau.

**Signer** garde le plan comme celui que l'équipe tient (`semaines/2026-W48-plan.json`). Dès lors tout changement part de lui, et la semaine
suivante dit les zones nouvelles et quittées. Sans signature, `territory week` recalcule : des fichiers changés peuvent donner une autre
semaine. Les changements sont dans `semaines/2026-W48.jsonl`, une ligne chacun, jamais effacée.

## La fiche de tournée

Une feuille A4 par sortie, recto verso au plus, en noir et blanc, faite pour être lue sous la pluie (`outputs/2026-W48/fiches/`) :

![Les deux côtés d’une fiche : plan, arrêts, rues, quoi annoncer, abris, retour](images/fiche.png)

- **au recto**, les heures, le départ, le plan (arrêts numérotés, marche fléchée, rues nommées, départ, permanences, déjeuner), puis les arrêts
  dans l'ordre : heure d'arrivée et de départ, adresse, chemin, fermeture ; un trajet en bus trop long coupe le plan en deux ;
- **au verso**, les rues dans l'ordre de la marche, quoi emporter et annoncer, où s'abriter, pourquoi cette zone, et les cases du retour.

Ce qui se lit en marchant est écrit en 13 points, le reste en 11. Quand tout ne tient pas sur deux pages, les raisons des arrêts s'en vont
d'abord, puis les adresses ; les heures, les codes et les cases jamais, et la fiche le dit. Un arrêt n'est jamais coupé entre deux pages.
L'empreinte au bas de chaque document est celle des données : deux feuilles de même empreinte viennent du même calcul. Fiches, semaine, zones et
notes sont des PDF balisés (PDF/UA-1) en caractères de 9 points au moins.

## Rendre compte en une ligne

La fiche porte un code de quatre signes et une lettre par arrêt. Après la sortie, on tape ce qui a été fait :

```
territory debrief mon-dossier "7KQ7 I12 A3 F7 H5 A=4 ferme:C pluie"
```

| signe | nombre de |
| --- | --- |
{_SIGNS}

`A=4` : quatre personnes informées à l'arrêt A. `ferme:C` : l'arrêt C était fermé. Météo (`pluie`, `froid`...), heures (`14h-16h10`), `annule meteo`,
`reporte`, `devenu visite` : ce sont les seuls mots. **Aucun texte libre, aucun nom** : un mot inconnu est refusé sans être répété. Un signe
faux ou deux signes échangés ne donnent jamais le code d'une autre fiche. Une deuxième saisie remplace la première, qui reste écrite.
`territory debrief mon-dossier --list` montre ce qui est saisi et les fiches qui attendent. Le prévu reste à côté du fait.
"""

ANALYST = f"""\
## Pour l'analyste : le problème

Une *route* est le temps libre d'une équipe entre deux rendez-vous, avec son départ et son arrivée ; plusieurs routes sont autant de façons
d'employer le même temps et s'excluent. Un rendez-vous n'est pas un arrêt : il ne peut donc pas être abandonné. Valeur d'une semaine = valeur des
visites, moins 0,5 personne par kilomètre, moins `equite` x le carré de l'écart (heures) entre le temps de visite de chacun et sa part due, moins
{PAIR_PRICE:.0f} par binôme en moins ou en trop quand un nombre est voulu. Une zone garantie ou une visite demandée reçoit un poids très
grand, **retiré** de la valeur affichée. Un lieu, ou les rues d'une zone, se visite une fois par semaine au plus.

La « valeur » annoncée contient la priorité des zones : ce n'est pas un nombre de personnes qui seront rencontrées, c'est ce qui est maximisé.

**À tour de rôle.** Soirées, jours en lieu difficile et kilomètres de chacun sont comptés sur `equite_semaines`. L'écart de chacun à sa part
juste (selon son contrat, entre ceux qui peuvent en avoir cette semaine) coûte son carré ; chaque visite paie la pente de ce coût : la première
soirée selon le passé, la deuxième de la semaine davantage. Après une première recherche, ces prix sont refaits au plan trouvé, trois fois au
plus, et le meilleur plan au vrai coût est gardé. Ces prix, approchés, ne sont pas dans la valeur affichée. Les kilomètres passés sont ceux
**prévus** des semaines signées, pour les sorties faites ; ceux d'une semaine non signée restent inconnus, et ne comptent pas.

**Recherche.** Insertion, retraits (demi-journées, lieux voisins, au hasard), réparation, recuit ; `essais` itérations de chaque départ : mêmes
données, même graine, même semaine, quelle que soit la durée. **Rues** : chaque tour est un chemin à profits sur les rues (exact jusqu'à 15
éléments, sinon une recherche à côté d'une borne), la valeur d'une rue étant les passants de la demi-journée, le temps d'y patrouiller et la
part du public parmi les habitants.

## Ce qui est prouvé, et ce qui ne l'est pas

| mention | ce que cela veut dire |
| --- | --- |
| Plan prouvé le meilleur | aucun autre plan de ce problème ne vaut plus, à un millionième de personne près ; les petites semaines sont résolues exactement |
| Plan proche du meilleur, écart prouvé | aucun autre plan ne vaut 1 % de plus |
| Meilleur plan trouvé dans le temps donné | « un autre plan vaudrait au plus x personnes de plus », présence dans les zones, équité et marche comptées en personnes : x est une borne, souvent large, pas ce qui manque |

La borne met des prix sur ce qui lie les routes (lieux, marche du jour, demi-journées, binômes), puis chaque route est remplie seule au mieux
(décomposition de Dantzig-Wolfe, étapes de programmation dynamique). Elle ignore l'écart entre les sorties d'une zone : elle reste vraie, et
plus lâche. Elle suppose chaque visite faite une fois au plus. Avec `essais_preuve = 0`, aucune borne n'est cherchée, et c'est dit.

Vérifié : un remède imprimé tient, toutes règles relues. **Non prouvés** : la perte d'un arrêt (une recherche courte l'estime : elle peut être
un peu plus petite que dit), qu'un remède soit le plus petit quand la recherche, non l'énumération, a écarté les plus petits, les personnes
attendues, les temps de bus.

## En bus, par l'horaire

Quand un fichier GTFS a été ajouté ou reçu (étape 42), un trajet de plus de `bus_des_m` est compté par les vrais départs : dix minutes de marche
au plus jusqu'à l'arrêt et depuis l'arrêt, une minute d'avance au bord du trottoir, correspondances à pied, jamais plus lent qu'à pied. Des
départs sont essayés toutes les 5 minutes de la demi-journée, et le plan retient le temps que `bus_a_l_heure` d'entre eux tiennent (9 sur 10) :
un temps moyen ferait manquer un trajet sur deux, un temps sûr à tout coup gâcherait la journée. Du lundi au vendredi, c'est le jour où il passe le
moins de courses qui compte. Pour ne jamais manquer un rendez-vous, le temps entre deux fenêtres est le plus long de la journée.

Une fois le plan trouvé, chaque trajet est relu à la minute du vrai départ : la fiche, le calendrier, la trace GPX et le texte disent quelle ligne
prendre, où et à quelle heure (« bus 143, de « Mairie » à 14 h 07 à « Église » à 14 h 19 »). Si ce bus arrive plus tard que prévu, la visite
commence plus tard quand les portes le permettent ; sinon la fiche dit à quelle heure partir. Le contrôle du plan suit les véhicules un à un, à
cette minute, sans rien emprunter au planificateur. Une semaine que le fichier ne couvre pas est lue sur des jours habituels, et c'est dit.

Sans horaires : `bus_attente_min`, puis `bus_kmh` le long des rues ; la fiche dit « trajet en bus estimé ».

## Ce que les retours apprennent

À partir de {LEAST_VISITS} visites comptées à un lieu connu, les personnes informées par heure sont estimées par lieu, type de lieu, créneau, saison et
façon d'aller (seul, à deux, stand), chacun tiré vers l'ensemble selon le nombre de visites (lois gamma et Poisson emboîtées ; une visite de 24
mois compte pour moitié). Chaque arrêt dit l'attendu, son intervalle à 95 % et sur combien de visites il repose ; sous {THIN_VISITS} visites : « Peu de
données ». Jamais par personne de l'équipe. Une part `exploration` des visites va là où l'on sait peu (Thompson 1933) ; elles le disent.

{TRAP}
"""

LIMITS = """\
## Limites, sans détour

- Les personnes attendues ne valent que ce que valent les retours ; sans eux, ce sont des ordres de grandeur pour comparer.
- Les retours arrêt par arrêt (`A=4`) apprennent ce qu'apporte chaque lieu ; la durée de chaque arrêt est celle du réglage `visite_min`.
- Une sortie commune se propose sur les heures que l'équipe partenaire a données ; il reste à la lui demander. La marche qu'elle accepte dans la
  journée n'est pas comptée, sa vitesse l'est.
- Sans fichier d'horaires, le bus est un temps moyen ; avec, ni retards ni affluence ne sont connus. La marche suit les rues connues.
- La garantie est un poids, non une contrainte : quand elle ne peut pas être tenue, le plan dit les règles à assouplir, trouvées en planifiant à
  nouveau, ou qu'aucune ne l'a été dans le temps donné.
- La pluie n'est pas prévue : le plan B est écrit d'avance, c'est l'équipe qui décide.
- Un lieu sensible n'apparaît ni sur la carte ni dans les fichiers. Un foyer, un commerce sont proposés comme les autres lieux : écartez celui
  dont vous n'avez pas l'accord.
- L'outil propose. Ce que l'équipe sait du quartier passe avant : verrouillez, excluez, signez.
"""
