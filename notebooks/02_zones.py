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
# # D'où vient une zone peu couverte ?
#
# Une zone réunit trois quantités qui ne sont jamais mélangées avant la fin : le **besoin**
# (habitants concernés, estimés), l'**accès** (minutes à pied jusqu'à une permanence) et les
# **passages** (contacts comptés autour de chaque lieu de rencontre). On les regarde une à une.

# %%
from pathlib import Path

import matplotlib.pyplot as plt

import territory
from territory.analysis.clusters import need_clusters
from territory.network.walk import minutes_between
from territory.pipeline.walking import network_of

built = territory.build(territory.open_territory(Path("..").resolve()))
cells = built.table("cells").join(built.table("need"), rsuffix="_besoin")
cells = cells.join(built.table("access")).join(built.table("effort"))
first = built.gaps[0]
first.name, str(first.verdict)

# %% [markdown]
# ## La zone, carreau par carreau
# Les sommes de cette table sont les chiffres affichés dans la zone.

# %%
members = cells.loc[list(first.cells)]
members[["residents", "target", "minutes_permanence", "contacts", "expected", "months_since"]]

# %%
assert abs(members["target"].sum() - first.target) < 1e-6
assert abs(members["contacts"].sum() - first.contacts) < 1e-6
assert abs(members["expected"].sum() - first.expected) < 1e-6

# %% [markdown]
# ## Trois cartes, une par quantité

# %%
figure, axes = plt.subplots(1, 3, figsize=(15, 5))
columns = {"target": "besoin", "minutes_permanence": "minutes", "contacts": "contacts"}
for axis, (column, title) in zip(axes, columns.items(), strict=True):
    cells.replace(float("inf"), float("nan")).plot(column=column, ax=axis, legend=True)
    members.boundary.plot(ax=axis, color="black")
    axis.set_title(title)
    axis.set_axis_off()
plt.show()

# %% [markdown]
# ## Un second regard : où le besoin non rencontré se concentre
# Ce regroupement (DBSCAN sur les temps de marche) sert à explorer ; il ne prouve rien.

# %%
names = [f"c:{i}" for i in cells.index]
between = minutes_between(network_of(built.products["40_walk"]), names, names, limit_min=15)
between = between.set_axis(cells.index).set_axis(cells.index, axis="columns")
missed = (cells["expected"] - cells["contacts"]).clip(lower=0)
clusters = need_clusters(between, missed, radius_min=6, min_missed=missed.sum() / 20)
clusters[clusters >= 0].groupby(clusters).size()
