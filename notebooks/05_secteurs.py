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
# # Qui couvre quoi, et que change une absence ?
#
# Le territoire est partagé entre les médiateurs par heures de travail (sorties, marche,
# permanences, contacts attendus), d'un seul tenant le long des rues. Quand quelqu'un part, on
# cherche le partage qui change le moins de visages.

# %%
from pathlib import Path

import pandas as pd

import territory
from territory.outputs.sector_account import change_account, plan_account
from territory.pipeline.sector_views import change_of_posts, sector_ground

built = territory.build(territory.open_territory(Path("..").resolve()))
plan = built.sectors
print("\n".join(plan_account(plan)))

# %% [markdown]
# ## Les charges sont-elles égales ?

# %%
loads = pd.DataFrame(
    {s.sector_id: {"heures": s.load, "public": s.people, "minutes du centre": s.compact_min}
     for s in plan.sectors}
).T  # fmt: skip
assert loads["heures"].gt(0).all()
loads.round(1)

# %%
loads["heures"].plot.barh(xlabel="heures par semaine")

# %% [markdown]
# ## Si quelqu'un est absent
# Qui reprend quoi, et quelle part du public change de visage.

# %%
view = sector_ground(built)
gone = str(min(view.team.index))
change = change_of_posts(view, absent=[gone])
print("\n".join(change_account(change)))
assert len(change.plan.sectors) == len(view.team) - 1
assert 0 <= change.people_moved <= 1
