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
# # Que répondre à chacun, quand il faut choisir une permanence ?
#
# Une ville demande un lieu, un partenaire un autre, l'équipe n'a qu'une demi-journée de plus. On
# pose le choix sur la table : ce qu'apporte chaque demi-journée, ce qui serait presque aussi bien,
# si le choix tient quand on se trompe, et ce que coûte chaque demande.

# %%
from datetime import date
from pathlib import Path

import pandas as pd

import territory
from territory.analysis.siting.discussion import discussion
from territory.analysis.siting.prices import price_of_requests
from territory.model.requests import Ask, Request
from territory.outputs.dialogue_account import curve_lines, near_lines, robust_lines
from territory.pipeline.site_views import alternatives_of, curve_of, robust_of, site_table

built = territory.build(territory.open_territory(Path("..").resolve()))
table = site_table(built)
for site in built.sites.sites:
    print(site.name, "-", site.slot, "-", site.reason)

# %% [markdown]
# ## Une demi-journée de plus, puis une autre
# Le coude dit où s'arrêter : après lui, chaque demi-journée coûte plus d'heures par personne.

# %%
curve, talk = curve_of(table, 5)
print("\n".join(curve_lines(curve, talk)))
gains = pd.Series({p.added: p.value for p in curve.points}, name="personnes par semaine")
assert gains.is_monotonic_increasing
gains.plot(marker="o", xlabel="demi-journées nouvelles", ylabel=gains.name)

# %% [markdown]
# ## Ce qui serait presque aussi bien
# Tous les choix à moins de 2 % du meilleur : la liste est complète, ou le dit.

# %%
near = alternatives_of(table)
print("\n".join(near_lines(near, table.talk)))
assert near.complete

# %% [markdown]
# ## Le choix tient-il si l'on se trompe ?
# Le public, les visites, la marche et l'attrait de rester chez soi sont tirés au sort.

# %%
robust, ranges = robust_of(table, 40)
print("\n".join(robust_lines(robust, table.talk, ranges, table.talk.here(table.chosen))))

# %% [markdown]
# ## Ce que coûte une demande
# On impose le deuxième choix de la liste : le prix est ce que le meilleur choix perd.

# %%
wanted = [n for n in near.sets[1].chosen if not table.talk.problem.present[n]]
options = tuple(int(table.talk.kept[n]) for n in wanted)
request = Request("Ville", Ask.REQUIRE, options, "salle offerte", date(2026, 10, 31))
asked = discussion(table.scene, [request])
prices = price_of_requests(asked.free, asked.requests)
print(table.talk.label(wanted[0]), ":", round(prices.each[0].price, 2), "personnes par semaine")
assert prices.each[0].price >= 0
