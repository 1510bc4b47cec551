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
# # Que peut-on dire de l'année, et que ne peut-on pas dire ?
#
# Le bilan tient en quelques nombres. Chacun est refait ici depuis les lignes du journal, avec sa
# définition, ce qu'il laisse de côté, et ce qu'il ne prouve pas. Ce sont les chiffres de la page
# Bilan.

# %%
from pathlib import Path

import numpy as np
import pandas as pd

import territory
from territory.analysis.disclosure import K_PUBLIC, bounds, hidden_table, with_totals
from territory.analysis.year_figures import (
    ROUNDS,
    STANDING,
    activities_of,
    by_kind,
    by_month,
    count_of,
    parts_of,
    share,
    total,
    years_of,
)
from territory.model.words import ACTIVITY_KINDS, label

built = territory.build(territory.open_territory(Path("..").resolve()))
today = built.territory.today
year = years_of(built.table("activities"), today)[0]
done = activities_of(built.table("activities"), year, today)
print(f"{year} : {len(done)} activités réalisées, jusqu'au {today:%d/%m/%Y}")

# %% [markdown]
# ## Les chiffres clés
# Seules les activités **réalisées** comptent. Une activité sans comptage n'est pas une activité
# sans personne : elle est inconnue, et dite à côté.

# %%
definitions = {
    "n_informed": ("personnes informées", "à qui l'équipe a parlé"),
    "n_engaged": ("personnes accrochées", "notées comme telles par l'équipe"),
    "n_assessed": ("diagnostics", "faits pendant ces activités"),
    "n_referred": ("orientations", "vers une structure, nommée ou non"),
}
sums = {column: total(done, column) for column in definitions}
rows = [
    (*definitions[column], found.people, found.counted, found.uncounted)
    for column, found in sums.items()
]
rows.append(("maraudes", "tours de rue, pieds d'immeuble", count_of(done, ROUNDS), len(done), 0))
rows.append(("séances", "permanences, ateliers", count_of(done, STANDING), len(done), 0))
keys = pd.DataFrame(rows, columns=["quoi", "définition", "nombre", "repose sur", "inconnues"])
assert sums["n_informed"].people == done["n_informed"].sum()
assert sums["n_informed"].counted + sums["n_informed"].uncounted == len(done)
keys.set_index("quoi")

# %% [markdown]
# **Ce que ces nombres ne sont pas.** Personne n'est identifié : quelqu'un rencontré trois fois
# compte trois fois. « 400 informées » est 400 rencontres, pas 400 habitants.

# %% [markdown]
# ## Mois après mois
# Un mois peut différer d'un autre par hasard. Les rencontres varient d'environ la racine de leur
# nombre, et davantage puisqu'on rencontre les gens par groupes. Dans la bande grise, il n'y a rien
# à expliquer.

# %%
months = by_month(done)
assert months["n_informed"].sum() == sums["n_informed"].people
outings = done["n_informed"].dropna().astype(float)
clumping = float(outings.var() / outings.mean())
usual = float(months["n_informed"].mean())
margin = 2 * np.sqrt(clumping * usual)

axis = months["n_informed"].astype(float).plot.bar(color="#555555", figsize=(9, 3), xlabel="")
axis.axhspan(usual - margin, usual + margin, color="#cccccc", zorder=0)
axis.set_ylabel("personnes informées")
axis.set_title(f"Mois moyen : {usual:.0f} personnes, à {margin:.0f} près")

# %% [markdown]
# Avant de commenter un mois qui sort de la bande, regarder combien d'activités il compte, et
# combien n'ont pas été comptées.

# %%
FRENCH = {
    "activities": "activités", "uncounted": "sans comptage", "hours": "heures",
    "n_informed": "informées",
}  # fmt: skip
out = (months["n_informed"].astype(float) - usual).abs() > margin
table = months[list(FRENCH)].rename(columns=FRENCH).rename_axis("mois")
table.assign(**{"hors de la bande": out.map({True: "oui", False: "–"})})

# %% [markdown]
# ## Quelle activité rapporte quoi
# Comparer des **activités** (un stand de marché, une permanence) est permis. Comparer des
# **personnes** de l'équipe ne l'est pas : l'outil ne le calcule jamais.

# %%
kinds = by_kind(done).rename(index=lambda code: label(ACTIVITY_KINDS, code))
counted = kinds["activities"] - kinds["uncounted"]
each = kinds["n_informed"].astype(float) / counted.where(counted > 0)
table = kinds[list(FRENCH)].rename(columns=FRENCH).rename_axis("activité")
table.assign(**{"informées par activité comptée": each.round(1)})

# %% [markdown]
# ## Qui
# Les parts se calculent sur les personnes **notées** : ni l'âge ni le sexe de tout le monde n'est
# connu. En dessous de vingt réponses, aucune part.

# %%
parts = parts_of(done, "sexe")
noted = parts[["n_women", "n_men"]]
women = share(int(noted["n_women"]), int(noted.sum()))
assert women is not None
print(f"Femmes : {100 * women:.0f} % de {int(noted.sum())} personnes notées")
left = parts["n_gender_unknown"]
print("Sexe non noté :", "inconnu" if pd.isna(left) else f"{left} personnes")
assert share(3, 12) is None  # twelve answers say nothing

# %% [markdown]
# ## Ce qui peut sortir de l'équipe
# Un effectif de 1 à 10 se cache. Mais cacher une seule case ne suffit pas : le total moins les
# autres la rend. D'autres cases sont donc cachées avec elle, les plus petites possible.

# %%
names = built.table("communes")["name"]
told = done[~done["sensitive"].fillna(value=True)].dropna(subset=["n_referred", "commune_code"])
crossed = (
    pd.crosstab(
        told["commune_code"].map(names),
        told["on"].dt.strftime("%Y-%m"),
        told["n_referred"],
        aggfunc="sum",
    )
    .fillna(0)
    .astype("int64")
)
whole, mask = hidden_table(crossed)
small = (whole > 0) & (whole < K_PUBLIC)
assert not (small & ~mask).any(axis=None)  # every small count is hidden
print(f"{int(mask.sum().sum())} cases cachées, dont {int(small.sum().sum())} trop petites")
whole.astype(object).mask(mask, "caché").rename_axis(index="orientations", columns=None)

# %% [markdown]
# Peut-on retrouver une case cachée avec les totaux ? On prend la moins bien protégée, et on
# cherche par le calcul ce qu'elle peut valoir.

# %%
_, cells = with_totals(crossed)
flat = mask.to_numpy().ravel()
widths = {
    n: np.subtract(*reversed(bounds(cells, flat, n)))
    for n in np.flatnonzero(flat & small.to_numpy().ravel())
}
assert all(width >= K_PUBLIC - 1 for width in widths.values())
if widths:
    worst = min(widths, key=widths.__getitem__)
    low, high = bounds(cells, flat, worst)
    print(f"La moins bien cachée vaut entre {low:.0f} et {high:.0f} : on n'apprend rien d'utile.")

# %% [markdown]
# ## À retenir
#
# **On peut conclure** : combien d'activités, combien de rencontres, où, quand, et sur combien
# d'activités chaque nombre repose.
#
# **On ne peut pas conclure** :
# - combien d'habitants différents : une somme de mois ou de communes compte deux fois la même
#   personne ;
# - d'où viennent les gens : le lieu est celui de la rencontre, jamais le domicile ;
# - que l'équipe a « fait mieux » un mois qu'un autre, quand l'écart tient dans la marge ;
# - ce qu'il advient ensuite : une orientation n'est pas un emploi trouvé ;
# - la part d'un quartier touchée : il faudrait un dénominateur, et il est estimé.
