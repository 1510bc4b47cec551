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
# # Deux projets : lequel, et à quel point en être sûr ?
#
# L'outil propose une permanence de plus. Un partenaire offre une autre salle. Quelqu'un demande :
# et deux permanences ? On met les projets côte à côte, sur les mêmes données : ce qui change, pour
# qui, et si l'ordre des projets tient quand les suppositions sont fausses. Tout se passe dans une
# copie du dossier.

# %%
import shutil
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import territory
from territory.analysis.need import target_draws
from territory.analysis.siting.redraw import ranges_of, redrawn
from territory.analysis.siting.slot_problem import attendance
from territory.io.scenarios import Saved, write_scenario
from territory.outputs.compare_account import compare_lines
from territory.pipeline.site_compare import PROPOSED, TODAY, by_cell, change_between, side_of
from territory.pipeline.site_views import alternatives_of, site_table

here, copy = Path("..").resolve(), Path(tempfile.mkdtemp()) / "copie"
copy.mkdir()
shutil.copy(here / "territory.toml", copy)
shutil.copytree(here / "data", copy / "data")
built = territory.build(territory.open_territory(copy))
table = site_table(built)
options = table.scene.options

# %% [markdown]
# ## Les projets
# La salle offerte est ici le lieu du deuxième meilleur choix ; chez vous, ce sera la sienne. Un
# scénario est un petit fichier du dossier : il se copie, se relit et se compare.

# %%
best = set(options["place_id"].iloc[list(table.chosen)])
second = alternatives_of(table).sets[1]
others = [options["place_id"].iloc[k] for k in table.talk.there(second.chosen)]
offered = next(place for place in others if place not in best)
write_scenario(copy, Saved("salle-offerte", required=(offered,)))
write_scenario(copy, Saved("deux", add=2))

names = [TODAY, PROPOSED, "salle-offerte", "deux"]
sides = {name: side_of(built, name) for name in names}
pd.DataFrame(
    {
        "personnes par semaine": {n: s.people for n, s in sides.items()},
        "heures d'équipe": {n: s.hours for n, s in sides.items()},
        "demi-journées": {n: len(s.chosen) for n, s in sides.items()},
    }
).round(1)

# %%
assert sides[TODAY].people <= sides["salle-offerte"].people + 1e-6
assert sides["salle-offerte"].people <= sides[PROPOSED].people + 1e-6
assert sides[PROPOSED].people <= sides["deux"].people + 1e-6

# %% [markdown]
# ## Ce qui change de l'un à l'autre

# %%
first, other = sides[PROPOSED], sides["salle-offerte"]
change = change_between(built, first, other)
figures = [(s.name, s.people, s.hours, len(s.chosen), s.given_up) for s in (first, other)]
print("\n".join(compare_lines(change, figures, first.scene.label)))
assert np.isclose(other.people - first.people, change.people)

# %% [markdown]
# ## Pour qui
# Un total presque égal peut cacher deux moitiés de ville qui échangent leur place. En sombre, qui
# gagne ; en hachuré, qui perd.

# %%
gains = by_cell(first, other)
cells = built.table("cells")
shown = cells[["geometry"]].join(gains.rename("gain")).fillna({"gain": 0.0})
assert np.isclose(gains.sum(), change.people)

figure, axis = plt.subplots(figsize=(7, 6))
shown.plot(ax=axis, color="#f4f4f4", edgecolor="#dddddd", linewidth=0.3)
won, lost = shown[shown["gain"] > 0.01], shown[shown["gain"] < -0.01]
if len(won):
    won.plot(ax=axis, column="gain", cmap="Greys", vmin=0, legend=True, legend_kwds={"shrink": 0.5})
if len(lost):
    lost.plot(ax=axis, color="white", edgecolor="black", hatch="///", linewidth=0.4)
axis.set_title(f"De « {first.name} » à « {other.name} », personnes reçues par semaine")
axis.set_axis_off()
plt.show()

# %% [markdown]
# ## À quel point en être sûr
# Personne n'a mesuré combien viennent, ni de quelle distance. On tire donc au sort le public, les
# visites, la marche et l'attrait de rester chez soi ; dans **chaque** tirage, les deux projets sont
# jugés ensemble. Ce qui compte n'est pas le total, c'est leur différence.

# %%
talk, seed = table.talk, table.seed
settings = built.territory.settings
draws = target_draws(
    built.table("cells"), built.table("iris"), outside=built.table("outside"),
    settings=settings.need, draws=80, seed=seed,
)  # fmt: skip
ranges = ranges_of(talk.scene.visits, talk.scene.decay)
problems = redrawn(talk, draws, ranges=ranges, cut_min=settings.access.cut_min, seed=seed)
chosen = {name: list(talk.here(side.chosen)) for name, side in sides.items()}
judged = pd.DataFrame(
    [{name: attendance(one, held).total for name, held in chosen.items()} for one in problems]
)
apart = judged["salle-offerte"] - judged[PROPOSED]
print(ranges.sentence)

# %%
figure, axes = plt.subplots(1, 2, figsize=(11, 3))
judged[[PROPOSED, "salle-offerte"]].plot.box(ax=axes[0], color="black", widths=0.5)
axes[0].set_title("personnes reçues par semaine, selon les tirages")
axes[1].hist(apart, bins=20, color="#999999")
axes[1].axvline(0, color="black")
axes[1].set_title("salle offerte moins proposition, tirage par tirage")
plt.show()

# %%
better = (apart > 0).mean()
low, high = apart.quantile([0.05, 0.95])
assert 0 <= better <= 1
assert (judged["deux"] >= judged[PROPOSED] - 1e-6).all()  # more is never less
print(f"La salle offerte fait mieux dans {100 * better:.0f} tirages sur 100.")
print(
    f"Neuf fois sur dix, la différence est entre {low:+.1f} et {high:+.1f} personnes par semaine."
)

# %% [markdown]
# Les deux boîtes de gauche se ressemblent : les suppositions déplacent les deux projets
# **ensemble**. C'est la différence, à droite, qui décide. On ne compare jamais deux fourchettes,
# mais la fourchette de la différence.

# %% [markdown]
# ## Et une deuxième permanence ?
# Elle apporte toujours quelque chose. La question est : combien d'heures d'équipe par personne
# reçue, à côté de ce que font les mêmes heures dehors.

# %%
more = sides["deux"]
extra = judged["deux"] - judged[PROPOSED]
hours = more.hours - first.hours
low, middle, high = extra.quantile([0.05, 0.5, 0.95])
print(f"{hours:.1f} heures par semaine pour {middle:.1f} personnes ({low:.1f} à {high:.1f}).")
print(f"Soit {hours / high:.1f} à {hours / low:.1f} heures par personne.")

# %% [markdown]
# ## À retenir
#
# **On peut conclure** : lequel des deux projets reçoit le plus de monde et dans quelle part des
# tirages, qui y gagne et qui y perd, combien d'heures coûte chacun.
#
# **On ne peut pas conclure** :
# - combien de personnes viendront vraiment : c'est un ordre de grandeur, tant que les visites ne
#   sont pas mesurées dans vos permanences ;
# - qu'une différence plus petite que sa fourchette existe : à égalité, choisir pour d'autres
#   raisons (un partenaire fiable, une salle accessible), et les écrire avec `territory decide` ;
# - que ceux qui perdent n'ont besoin de rien : regarder la carte avant de signer.

# %%
shutil.rmtree(copy.parent)
