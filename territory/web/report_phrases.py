"""French sentences of the report that its page meets as plain text (others: `phrases`)."""

from territory.model.marked import marked

REPORT = (  # figures of the report
    marked("%(span)s, jusqu’au %(day)s"),
    marked("depuis le lancement (%(day)s)"),
    marked("entre %(low)s et %(high)s"),
    marked("%(n)s pour 1 000 habitants"),
    marked("dont %(n)s activités sans comptage"),
    marked("aucun comptage dans le suivi"),
    marked("aucune ligne du suivi"),
    marked("aucune ligne dans cette période"),
    marked("le suivi n’avait pas commencé"),
    marked("jamais noté par le suivi : %(stages)s"),
    marked("répartition non renseignée"),
    marked("aucune structure n’a de statut"),
    marked("non renseigné"),
    marked("non localisé"),
    marked("hors quartier"),
    marked("hors d’un lieu recensé"),
    marked("heures de bureau"),
    marked("soir, week-end ou tôt"),
    marked("à deux ou plus"),
    marked("Ensemble"),
    marked("inconnu"),
    marked("dont %(n)s activité sans comptage"),
    marked("Seuils appliqués : aucun, ce document reste dans l’équipe."),
    marked(
        "Seuil appliqué : aucun effectif de 1 à %(most)s personnes, ni ce qui le ferait retrouver "
        "par soustraction. Chiffres masqués : %(hidden)s sur %(all)s, tableur compris."
    ),
    marked(
        "Ce n’est pas une preuve. Les saisons changent ; plus d’heures de présence, c’est plus de "
        "personnes rencontrées ; on ouvre souvent où l’on avait peu de monde, et le hasard seul "
        "fait remonter ; l’équipe vient peut-être d’ailleurs, qui baisse alors ; et quelques mois "
        "de petits nombres ne montrent que de grands changements."
    ),
    marked(
        "Une prévision n’est pas une promesse : elle suppose que rien ne change, ni l’équipe "
        "prévue, ni ses lieux, ni ce qui est noté. L’intervalle à 95 % compte plus que le nombre "
        "du milieu."
    ),
    marked("Habitants du territoire : %(people)s, dont %(share)s imputés par l’Insee."),
)
CHAPTERS = (
    marked("Activités"), marked("Partenaires"), marked("Orientations"), marked("non noté"),
    marked("Heures de permanence"), marked("Public"), marked("Chiffres clés"), marked("Parcours"),
    marked("Orientations et sorties"), marked("Prévision"), marked("Ouvertures"),
)  # fmt: skip
