"""
French sentences that pages meet as plain text, told by jobs, written in plans and on maps.

Each stands here as it is written elsewhere, with values where it has some, so that
`scripts/write_catalogue.py` asks for its English and `recognised` finds it again. A test sees that
each is still said somewhere.
"""

from territory.model.marked import marked

JOBS = (  # steps of jobs
    marked("10 zones et population"),
    marked("20 lieux"),
    marked("30 activités"),
    marked("40 réseau piéton"),
    marked("42 transports en commun"),
    marked("45 passage à pied"),
    marked("50 besoin"),
    marked("55 accès"),
    marked("57 passages et contacts"),
    marked("60 zones peu couvertes"),
    marked("70 secteurs"),
    marked("75 permanences proposées"),
    marked("80 tours de rue"),
    marked("zones sous d'autres choix"),
    marked("zones peu couvertes"),
    marked("carte, fiches et agendas"),
    marked("qui couvre quoi"),
    marked("autres organisations"),
    marked("demandes en vigueur"),
    marked("courbe jusqu'à %(count)s demi-journées"),
    marked("choix presque aussi bons"),
    marked("robustesse, %(count)s scénarios"),
    marked("équité"),
    marked("recherche des sorties"),
    marked("raisons de chaque choix"),
)
RECEIVED = (  # files and what they are for
    marked("rien n'est possible sans elles"),
    marked("sans eux, ni besoin ni zones"),
    marked("sans elles, ni temps de marche ni semaine"),
    marked("sans eux, « QPV » reste inconnu"),
    marked("sans eux, « QVA » reste inconnu ; aucun fichier national, demandez-les à la ville"),
    marked("sans elles, ni suivi des structures ni doublons"),
    marked("sans elles, ni passages ni export"),
    marked("sans elle, aucune semaine"),
    marked("sans elles, du lundi au vendredi est supposé"),
    marked("ils portent le recensement"),
    marked("sans lui, le public vient des seuls carreaux"),
    marked("permanences et lieux où orienter"),
    marked("structures de l’insertion autour"),
    marked("sans eux, les trajets en bus sont estimés"),
    marked("contributeurs d’OpenStreetMap"),
    marked("Insee et IGN"),
    marked("IGN et Etalab (contours administratifs)"),
    marked("GIP Plateforme de l’inclusion"),
    marked("Insee"),
    marked("ANCT"),
    marked("ANCT (Société numérique)"),
    marked("Île-de-France Mobilités"),
    marked("Région Île-de-France et ministère de la Culture"),
    marked("dernière activité le %(day)s"),
)
ZONES = (  # zones
    marked("zone peu couverte"),
    marked("Zone peu couverte n° %(count)s."),
    marked(
        "Environ %(people)s personnes du public y vivent, une densité plus forte que dans "
        "%(share)s des carreaux (fourchette %(low)s à %(high)s)."
    ),
    marked(
        "La permanence la plus proche est à %(walk)s à pied. La distance explique "
        "d'ordinaire %(share)s de ce manque."
    ),
    marked("La permanence la plus proche est à %(walk)s à pied."),
    marked(
        "%(met)s personnes informées à proximité pour environ %(expected)s attendues "
        "(rapport vraisemblable entre %(low)s et %(high)s) ; dernière sortie à proximité il "
        "y a %(ago)s."
    ),
    marked(
        "%(met)s personnes informées à proximité pour environ %(expected)s attendues "
        "(rapport vraisemblable entre %(low)s et %(high)s) ; la moitié du public n'a pas eu "
        "de sortie à proximité depuis %(ago)s."
    ),
    marked(
        "%(met)s personnes informées à proximité pour environ %(expected)s attendues ; "
        "dernière sortie à proximité il y a %(ago)s."
    ),
    marked("moins de 5"),
    marked("moins d'un mois"),
    marked("%(count)s mois"),
    marked(
        "On attendait %(expected)s personnes informées, il y en a eu %(met)s : il en manque "
        "%(lack)s, dont %(far)s que la distance explique."
    ),
    marked(
        "On attendait %(expected)s personnes informées, il y en a eu %(met)s : il en manque "
        "%(lack)s."
    ),
    marked(
        "On attendait %(expected)s personnes informées, il n’y en a eu aucune : il en manque "
        "%(lack)s."
    ),
    marked("plus de %(count)s"),
    marked("%(people)s parce que le besoin y est plus fort que la moyenne"),
    marked("%(people)s de moins : le besoin y est plus faible que la moyenne"),
    marked("le besoin y est dans la moyenne"),
    marked("%(people)s que la distance explique d’ordinaire"),
    marked("%(people)s de moins : une permanence est plus proche qu’ailleurs"),
    marked("la distance n’explique rien de mesurable"),
    marked("le reste, que ni le besoin ni la distance n’expliquent"),
    marked("%(people)s que ni le besoin ni la distance n’expliquent"),
    marked("%(people)s de moins : l’équipe y passe déjà plus qu’ailleurs"),
    marked("rien de plus n’est à expliquer"),
    marked("Fourchette"),
    marked("Moins de la moitié"),
    marked("Hasard"),
    marked("Distance"),
    marked("Ce qui changerait le verdict"),
    marked("Bord du territoire"),
    marked("Rues"),
    marked(
        "Pour 100 personnes attendues, entre %(low)s et %(high)s ont été informées (95 %% de "
        "confiance)."
    ),
    marked("%(count)s chances sur 100 que moins de la moitié des personnes attendues ait été vue."),
    marked("plus de 99"),
    marked("Le hasard et l’éloignement ordinaire donnent un tel manque %(often)s."),
    marked("moins d’une fois sur 100"),
    marked("une fois sur 100"),
    marked("%(count)s fois sur 100"),
    marked("presque à chaque fois"),
    marked("La distance explique %(share)s du manque."),
    marked("La distance n’explique pas ce manque."),
    marked("Avec %(count)s contacts de plus à proximité, la zone ne serait plus classée ainsi."),
    marked(
        "Le manque peut tenir au hasard ou à l'éloignement : une sortie sur place, comptée, "
        "en dira plus."
    ),
    marked(
        "Reste parmi les %(first)s premières zones dans %(share)s des variantes (%(kept)s "
        "sur %(tried)s)."
    ),
    marked(
        "La zone touche le bord du territoire. Les permanences d’au-delà ne sont pas connues "
        ": le manque peut être plus faible."
    ),
    marked("Une deuxième méthode (Gi*) y voit aussi un point froid (%(cells)s carreaux)."),
    marked("Une deuxième méthode (Gi*) y voit aussi un point froid (1 sur son seul carreau)."),
    marked(
        "Une deuxième méthode (Gi*) n'y voit pas de point froid ; elle en voit rarement sur "
        "si peu de contacts."
    ),
    marked("Une troisième (HDBSCAN) y voit du besoin manqué groupé (%(cells)s carreaux)."),
    marked("Une troisième (HDBSCAN) y voit du besoin manqué groupé (1 sur son seul carreau)."),
    marked("grille décalée vers l'est"),
    marked("grille décalée vers le nord"),
    marked("grille décalée vers le nord-est"),
    marked("par IRIS"),
    marked("zones plus petites"),
    marked("zones plus grandes"),
    marked("permanence jugée loin dès %(count)s min"),
    marked("seuil de besoin moins élevé"),
    marked("seuil de besoin plus élevé"),
    marked("contacts sur %(count)s mois"),
    marked("contacts étalés sur %(count)s min"),
    marked("contacts récents, demi-vie %(count)s mois"),
    marked("besoin tiré au sort n° %(count)s"),
)
WEEK = (  # weeks and outings
    marked(
        "Environ %(people)s personnes attendues aux sorties de la semaine. Un autre plan "
        "vaudrait au plus %(more)s personnes de plus, présence dans les zones, équité et "
        "marche comptées."
    ),
    marked(
        "Environ %(people)s personnes attendues aux sorties de la semaine. Un autre plan "
        "vaudrait au plus %(more)s personne de plus, présence dans les zones, équité et "
        "marche comptées."
    ),
    marked(
        "Environ %(people)s personnes attendues aux sorties de la semaine. Aucun autre plan "
        "ne vaut plus, présence dans les zones, équité et marche comptées."
    ),
    marked(
        "Environ %(people)s personnes attendues aux sorties de la semaine. Ce qu'un autre "
        "plan apporterait n'a pas été cherché."
    ),
    marked("Ce que rapportent les sorties n'a pas été estimé."),
    marked("Sortie gardée telle quelle : %(what)s."),
    marked("À ne pas visiter : %(what)s, %(when)s."),
    marked("À visiter : %(what)s, %(when)s par %(who)s."),
    marked("À visiter : %(what)s, %(when)s."),
    marked("Absence de %(who)s, %(when)s."),
    marked("Rendez-vous de %(who)s, %(when)s."),
    marked("Déplacé de %(before)s à %(after)s, par %(who)s : %(what)s."),
    marked("Déplacé de %(before)s à %(after)s : %(what)s."),
    marked("Annulé : %(what)s"),
    marked("Rétabli : %(what)s"),
    marked("tous les matins"),
    marked("tous les après-midi"),
    marked("trajet en bus estimé, sans horaires"),
    marked("dépliants de l’équipe"),
    marked("cartes ou affichettes de la permanence annoncée"),
    marked("La permanence de %(when)s, %(where)s, à %(walk)s à pied."),
    marked("Atelier « Flash CV » possible : lieu chauffé, ouvert à tous."),
    marked("Accueil au chaud des familles du quartier."),
    marked("Accueil au chaud de personnes en recherche."),
    marked("Accueil de personnes en démarche."),
    marked("L'arrêt tiendrait, mais il apporte moins que ce qu'il coûte ou déplace."),
    marked("Aucun changement raisonnable n'a été trouvé pour l'admettre."),
    marked("%(who)s a déjà ses %(count)s demi-journées de sortie cette semaine."),
    marked("Rendez-vous déjà fixé, gardé à sa place."),
    marked("Permanence : %(name)s"),
    marked("Maraude : %(name)s"),
    marked("Visites : %(name)s"),
    marked("Visite partenaire : %(name)s"),
    marked("Atelier : %(name)s"),
    marked("Événement : %(name)s"),
    marked("Intervention : %(name)s"),
    marked("Information collective : %(name)s"),
    marked("Tour de rue : %(name)s"),
    marked("Réunion"),
    marked("%(name)s et %(count)s autres"),
    marked("Les charges ne s'écartent pas plus que demandé."),
    marked(
        "Les charges ne s'écartent pas plus que demandé. Certaines limites sont coupées : il "
        "y a plus de secteurs que de limites à garder."
    ),
    marked("%(name)s reste à %(who)s"),
)
MAPS = (  # maps
    marked("%(name)s – zones peu couvertes et semaine %(week)s"),
    marked("Aller aux tableaux"),
    marked("Ville fictive : ces rues, ces lieux et ces habitants n’existent pas."),
    marked(
        "Activités simulées : les passages et les contacts ont été tirés au hasard pour l’essai."
    ),
    marked("La carte a besoin de JavaScript ; les tableaux disent la même chose."),
    marked("Tableaux"),
    marked("Besoin : public estimé par carreau de 200 m"),
    marked("besoin le plus faible (un carreau sur cinq)"),
    marked("plutôt faible"),
    marked("moyen"),
    marked("plutôt fort"),
    marked("besoin le plus fort (un carreau sur cinq)"),
    marked("donnée absente"),
    marked("effectif trop faible (moins de %(count)s ménages)"),
    marked("chiffres imputés par l’Insee"),
    marked("Priorité"),
    marked("Priorité : besoin fort, permanence loin et contacts manquants à la fois"),
    marked("en dernier (un carreau sur cinq)"),
    marked("moyenne"),
    marked("plutôt forte"),
    marked("d’abord (un carreau sur cinq)"),
    marked("Accès : minutes à pied jusqu’à la permanence la plus proche"),
    marked("%(least)s min ou moins"),
    marked("%(low)s à %(high)s min"),
    marked("plus de %(most)s min ou hors d’atteinte"),
    marked("Passages : dernier passage à proximité"),
    marked("il y a moins d’un mois"),
    marked("%(low)s à %(high)s mois"),
    marked("plus de %(most)s mois"),
    marked("aucun passage en %(count)s mois"),
    marked("il y a %(count)s mois"),
    marked("aucun dans la période"),
    marked("Signes de la carte"),
    marked("zone à confirmer : verdict incertain ou rang instable"),
    marked("permanence proposée"),
    marked("lieu possible"),
    marked("lieu demandé"),
    marked("lieu écarté"),
    marked("passage à pied, du moins au plus passant"),
    marked("Zones où aller d’abord"),
    marked("%(count)s zones"),
    marked("%(count)s zones peu couvertes, dans l’ordre où y aller"),
    marked("N°"),
    marked("Couleur des carreaux"),
    marked("Montrer"),
    marked("jeunes"),
    marked("seniors"),
    marked("Pourquoi"),
    marked("Nom"),
    marked("Zone et raisons"),
    marked("Aucune zone peu couverte n’a été trouvée."),
    marked("le manque, en écarts ordinaires entre zones"),
    marked("Les %(count)s autres façons de compter"),
    marked("%(what)s : reste"),
    marked("sort"),
    marked("Carreaux (%(count)s)"),
    marked("Quoi, où et pourquoi"),
    marked("%(walk)s à pied"),
    marked("Aucune séance n’est prévue cette semaine."),
    marked("Ce que la semaine n’a pas pu contenir (%(count)s)"),
    marked("Zone ou rendez-vous"),
    marked("Permanence proposée"),
    marked("Ce qu’elle apporte"),
    marked("Le reste de la carte"),
    marked("Jours et heures"),
    marked("Nature et adresse"),
    marked("Quartiers prioritaires"),
    marked("Quartiers prioritaires et de veille"),
    marked("%(share)s d’une part égale"),
    marked("Classe"),
    marked("Carreaux"),
    marked("Par semaine"),
    marked("Écart"),
    marked("Comment lire"),
    marked(
        "Plus un carreau est foncé, plus il y a à faire. Un clic sur un carreau donne ses chiffres."
    ),
    marked(
        "Une zone peu couverte est un groupe de carreaux où le besoin est fort et les "
        "contacts moins nombreux qu’attendu. Son verdict (établi, probable, à vérifier, "
        "données insuffisantes) dit à quel point on peut en être sûr."
    ),
    marked(
        "Une zone est dessinée le long de ses rues ; ses chiffres sont ceux de ses carreaux "
        "entiers. Les personnes attendues sont les contacts de la période, partagés selon le "
        "besoin. Le score est le manque, compté en écarts ordinaires d’une zone à l’autre."
    ),
    marked(
        "Les contacts sont comptés là où l’équipe a rencontré, jamais au domicile des "
        "personnes. De 1 à 4 personnes, la carte écrit « < 5 » ; un carreau de moins de onze "
        "ménages n’a pas de chiffre."
    ),
    marked("Carte de travail de l’équipe : ne pas la diffuser telle quelle."),
    marked("Sources : Ville fictive, données inventées."),
    marked("Ville fictive, données inventées"),
    marked("Sources : © les contributeurs d’OpenStreetMap, Insee, ANCT."),
    marked("© les contributeurs d’OpenStreetMap, Insee, ANCT"),
    marked("Carreau de 200 m"),
    marked("Public estimé"),
    marked("Part en quartier prioritaire"),
    marked("Permanence la plus proche"),
    marked("Structures proches"),
    marked("Contacts attendus"),
    marked("Chiffres imputés par l’Insee à partir d’un carreau plus grand."),
    marked("Agrandir"),
    marked("Réduire"),
    marked("Calques"),
    marked("Calques : choisir ce que la carte montre"),
    marked("Maraudes du %(day)s"),
    marked("Passage à pied"),
    marked("Lieux possibles, demandés ou écartés"),
    marked("Passage à pied : rues les plus passantes (modèle %(model)s)"),
    marked("relatif, sans comptages"),
    marked("calé sur %(count)s comptages, à %(error)s près en moyenne"),
    marked("Indice (0 à 100)"),
    marked("Quand surtout"),
    marked("Rue"),
    marked("Zone peu couverte, verdict « %(verdict)s » : %(meaning)s"),
    marked("Public estimé : %(target)s sur %(all)s habitants."),
    marked("Arrêt %(number)s : %(name)s"),
    marked("Ouvert jusqu’à %(hour)s"),
    marked("Fiche vérifiée il y a %(count)s mois : à confirmer"),
    marked("Fiche vérifiée il y a %(count)s mois"),
    marked("Fiche vérifiée ce mois-ci"),
    marked("Fiche sans date de vérification"),
    marked("Horaires sans date de vérification"),
    marked("Affluence estimée : %(people)s (%(source)s)"),
    marked("Lieu sans nom"),
    marked("Lieu possible : une permanence pourrait y être tenue"),
    marked("Lieu demandé pour une permanence"),
    marked("Lieu écarté : aucune permanence n'y sera proposée"),
    marked("La permanence d'aujourd'hui y fermerait"),
    marked("Permanence proposée : %(slot)s, %(start)s à %(end)s"),
    marked("Public à %(limit)s minutes d’une permanence : %(before)s → %(after)s"),
    marked("%(people)s personnes du public"),
    marked("Permanences : %(names)s"),
    marked("%(hours)s h par semaine (%(share)s d’une part égale)"),
)
