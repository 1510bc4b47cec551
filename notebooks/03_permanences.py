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
# # Où ouvrir la prochaine permanence ?
#
# On cherche les lieux d'accueil possibles qui mettent le plus d'habitants concernés à moins de
# quinze minutes à pied d'une permanence, les permanences d'aujourd'hui étant conservées.

# %%
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

import territory
from territory.pipeline.walking import network_of, walked

built = territory.build(territory.open_territory(Path("..").resolve()))
for site in built.sites.sites:
    print(site.rank, site.name, "-", site.reason)
print("preuve :", built.sites.ending, "- borne :", round(built.sites.bound, 1))

# %% [markdown]
# ## Une permanence de plus apporte...
# La courbe est croissante et ses marches diminuent : au-delà d'un certain nombre, mieux vaut
# changer d'horaire que d'ajouter un lieu.

# %%
products = built.products
network = network_of(products["40_walk"])
minutes = walked(network, "c", built.table("cells"), "p", built.table("places")).table()
target = built.table("need")["target"].reindex(minutes.index).fillna(0.0)
covers = sparse.csc_array(minutes.to_numpy() <= built.territory.settings.sites.limit_min)
held = {minutes.columns.get_loc(p) for p in set(built.table("permanences")["place_id"].dropna())}

# %%
rows = []
for more in range(4):
    outcome = territory.max_cover(
        target.to_numpy(), covers, len(held) + more, fixed=tuple(sorted(held))
    )
    rows.append({"permanences": len(held) + more, "couverts": outcome.objective / target.sum()})
curve = pd.DataFrame(rows).set_index("permanences")
curve

# %%
assert (np.diff(curve["couverts"]) >= -1e-9).all()
curve.plot(marker="o", ylabel="part des habitants concernés à 15 minutes ou moins", legend=False)
