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
# # Démarrer : de la ville fictive à la semaine
#
# Cinq lignes suffisent pour passer des fichiers reçus à un plan de semaine. Le dossier parent est
# un dossier de territoire (réglages, fichiers reçus, produits) : ici, celui de la ville fictive.

# %%
from pathlib import Path

import pandas as pd

import territory
from territory.pipeline.workspace import next_week

folder = Path("..").resolve()
town = territory.open_territory(folder)
built = territory.build(town)
plan = territory.week_step(built, next_week(town.today))

# %% [markdown]
# ## Les zones où aller d'abord
# Chaque zone porte ses trois raisons et dit à quel point on peut en être sûr.

# %%
pd.DataFrame(
    [
        {
            "rang": gap.rank,
            "zone": gap.name,
            "verdict": str(gap.verdict),
            "minutes": gap.minutes,
            "contacts": round(gap.contacts, 1),
            "attendus": round(gap.expected, 1),
        }
        for gap in built.gaps
    ]
)

# %%
for gap in built.gaps[:3]:
    print(gap.rank, gap.name)
    for reason in gap.reasons:
        print("   ", reason.sentence)

# %% [markdown]
# ## La semaine proposée

# %%
pd.DataFrame(
    [
        {"jour": s.on, "demi-journée": s.half_day, "qui": " + ".join(s.agents), "quoi": s.title}
        for s in plan.sessions
    ]
)
