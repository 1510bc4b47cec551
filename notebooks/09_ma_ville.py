# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     name: python3
# ---

# %% [markdown]
# # Et ma ville ? D'un dossier vide aux premières zones
#
# Vous avez des fichiers : les contours de vos communes, la population au carreau, les rues, votre
# suivi. Ce carnet les lit un à un, dit ce qui manque, montre si c'est bien votre ville, puis
# cherche les premières zones. **Changez les trois valeurs ci-dessous**, et relancez.
# Telles quelles, elles désignent les fichiers de la ville fictive, à la place des vôtres.

# %%
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd

import territory
from territory.errors import TerritoryError
from territory.fetch.sources import ALL
from territory.io.new_territory import create_territory
from territory.io.raw_folder import MANIFEST, add_raw
from territory.io.recognise import recognise
from territory.model.issues import shown
from territory.outputs.first_steps import first_steps
from territory.pipeline.sources import read_sources

pd.set_option("display.max_colwidth", 200)

# %%
mes_fichiers = Path("../data/raw").resolve()  # le dossier où sont vos fichiers, tels que reçus
mes_communes = ["00101", "00102", "00103"]  # codes Insee, toujours entre guillemets
date_de_reference = "2026-10-31"  # "" chez vous : la date du jour

# %% [markdown]
# ## 1. Un dossier vide
# Un territoire est un dossier : réglages, fichiers reçus, calculs. Rien n'est écrit ailleurs. Ici
# il est temporaire ; pour le garder, donnez un vrai chemin à `dossier`.

# %%
dossier = Path(tempfile.mkdtemp()) / "ma-ville"
reglages = create_territory(dossier, name="Ma ville", communes=mes_communes)
if date_de_reference:
    text = reglages.read_text(encoding="utf-8")
    dated = text.replace("[marche]", f"date_reference = {date_de_reference}\n\n[marche]")
    reglages.write_text(dated, encoding="utf-8")
print("\n".join(reglages.read_text(encoding="utf-8").splitlines()[:9]))

# %% [markdown]
# ## 2. Que contient chaque fichier ?
# Chacun est reconnu à son contenu, jamais à son nom. Un fichier qui porte des noms de personnes
# est refusé ; un fichier inconnu est laissé de côté, et dit.

# %%
rows = []
for path in sorted(p for p in mes_fichiers.iterdir() if p.is_file() and p.name != MANIFEST):
    try:
        sources = recognise(path)
        add_raw(dossier, path, sources)
        rows.append((path.name, " ; ".join(s.label for s in sources)))
    except TerritoryError as error:
        rows.append((path.name, f"laissé : {str(error).partition('. ')[0]}"))
pd.DataFrame(rows, columns=["fichier", "reconnu comme"])

# %% [markdown]
# ## 3. Que manque-t-il, et où le trouver ?
# Trois sources et une équipe sont nécessaires. Le reste aide. `territory fetch mon-dossier` va les
# chercher toutes, en nommant les serveurs avant de les joindre.

# %%
town = territory.open_territory(dossier)
here = {kind for file in town.raw.files for kind, _ in file.sources}
steps = first_steps(here, founded=True, built=False, planned=False)
publisher = {source.kind: source.publisher for source in ALL}
wanted = pd.DataFrame(
    [
        (
            one.label,
            "oui" if one.here else "non",
            "oui" if one.needed else "utile",
            publisher.get(one.kind, "vous"),
        )
        for one in (*steps.data, *steps.team)
    ],
    columns=["donnée", "reçue", "nécessaire", "qui la publie"],
)
lacking = [one.label for one in (*steps.data, *steps.team) if one.needed and not one.here]
assert not lacking, f"À apporter avant de continuer : {', '.join(lacking)}"
wanted

# %% [markdown]
# ## 4. Les lignes ont-elles été comprises ?
# Une ligne refusée n'est pas perdue : elle est à corriger dans votre fichier. Les autres servent.

# %%
read = read_sources(town)
reports = [report for report in read.reports if report.read]
assert all(0 <= report.refused <= report.read for report in reports)
pd.DataFrame(
    [(report.file, report.read, report.refused) for report in reports],
    columns=["fichier", "lignes lues", "refusées"],
)

# %%
issues = [issue for report in read.reports for issue in report.issues]
print("\n".join(shown(issues)[:8]) or "Rien à signaler.")

# %% [markdown]
# ## 5. Est-ce bien ma ville ?
# À regarder avant tout calcul. Les carreaux couvrent-ils les communes ? Les quartiers
# prioritaires sont-ils à leur place ? Le nombre d'habitants est-il le bon ?

# %%
communes, cells, zones = read.table("communes"), read.table("cells"), read.table("zones")
figure, axis = plt.subplots(figsize=(8, 6))
cells.plot(ax=axis, column="residents", cmap="Greys", legend=True, legend_kwds={"shrink": 0.5})
zones[zones["kind"] == "qpv"].boundary.plot(ax=axis, color="black", linewidth=2)
communes.boundary.plot(ax=axis, color="black", linewidth=0.8, linestyle=":")
axis.set_title("Habitants par carreau, quartiers prioritaires (trait), communes (pointillé)")
axis.set_axis_off()
plt.show()

people = cells["residents"].sum()
assert people > 0
print(f"{people:,.0f} habitants dans {len(cells)} carreaux".replace(",", " "))

# %% [markdown]
# **Un nombre qui étonne est presque toujours un fichier d'une autre année, ou une commune
# oubliée.** Le corriger maintenant coûte une minute ; après, tout le reste en dépend.

# %% [markdown]
# ## 6. Les premières zones
# Quelques secondes ici, quelques minutes pour une grande ville. Ensuite, rien n'est recalculé tant
# que rien ne change.

# %%
built = territory.build(town)
assert built.gaps
first = [max(gap.reasons, key=lambda reason: reason.weight).sentence for gap in built.gaps]
pd.DataFrame(
    [(g.rank, g.name, str(g.verdict), said) for g, said in zip(built.gaps, first, strict=True)],
    columns=["rang", "zone", "verdict", "première raison"],
).set_index("rang")

# %%
figure, axis = plt.subplots(figsize=(8, 6))
need = built.table("need")["target"]
shapes = cells[["geometry"]].join(need.rename("public"))
most = need.quantile(0.98)  # one crowded square must not blank out the others
shapes.plot(ax=axis, column="public", cmap="Greys", vmax=most, missing_kwds={"color": "white"})
for gap in built.gaps:
    ground = cells.loc[list(gap.cells)].dissolve()
    ground.boundary.plot(ax=axis, color="black", linewidth=1.5)
    middle = ground.representative_point().iloc[0]
    plate = {"boxstyle": "circle", "facecolor": "white"}
    axis.text(middle.x, middle.y, gap.rank, weight="bold", ha="center", va="center", bbox=plate)
axis.set_title("Les zones, par ordre d'importance, sur le public estimé")
axis.set_axis_off()
plt.show()

# %% [markdown]
# ## À retenir
#
# **On peut conclure** : les fichiers sont lus, la ville est la bonne, et voilà où regarder d'abord.
#
# **On ne peut pas conclure** :
# - qu'une zone « à vérifier » manque vraiment de quelque chose : elle dit où aller voir ;
# - qu'un quartier absent de la liste va bien : sans journal des sorties, l'outil ne sait pas ;
# - quoi que ce soit sur les foyers et les personnes sans logement : ils ne sont pas dans les
#   carreaux.
#
# **Ensuite** : `territory serve mon-dossier` ouvre les mêmes résultats dans le navigateur ; le
# carnet 02 refait une zone à la main ; le carnet 06 prépare la semaine.
