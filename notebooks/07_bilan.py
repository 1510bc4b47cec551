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
# Le bilan est **un tableau de nombres**, le même dans la page, le PDF, le texte et le tableur.
# Ici on l'ouvre : chaque nombre est refait depuis les lignes du journal, avec sa définition, ce
# qu'il laisse de côté, et ce qu'il ne prouve pas.

# %%
from pathlib import Path

import numpy as np
import pandas as pd

import territory
from territory.analysis.disclosure import K_PUBLIC, bounds, hidden_table, with_totals
from territory.analysis.report.hiding import hidden_figures
from territory.pipeline.report import report_step

built = territory.build(territory.open_territory(Path("..").resolve()))
found = report_step(built)
figures, lines = found.figures.table, found.lines
done = lines.activities[lines.activities["state"] == "realise"]
print(f"{found.span.name} : {len(done)} activités réalisées, {len(figures)} nombres")

# %% [markdown]
# ## Les chiffres clés
# Seules les activités **réalisées** comptent. Une activité sans comptage n'est pas une activité
# sans personne : elle est inconnue, et dite à côté.

# %%
keys = [counting for counting in found.profile.countings if counting.key]
table = figures.loc[[counting.code for counting in keys], ["value", "used", "uncounted"]]
table.columns = ["nombre", "lignes", "sans comptage"]
table.insert(0, "définition", [counting.meaning for counting in keys])
table.set_index(pd.Index([counting.label for counting in keys], name="quoi"))

# %% [markdown]
# **Ce que ces nombres ne sont pas.** Personne n'est identifié : quelqu'un rencontré trois fois
# compte trois fois. « 400 informées » est 400 rencontres, pas 400 habitants.

# %% [markdown]
# ## D'où vient un nombre
# Chaque nombre garde le nom de ses lignes : on peut toujours l'ouvrir.

# %%
behind = found.figures.lines["E1"]
opened = lines.people.loc[behind]
assert opened["people"].sum() == figures.loc["E1", "value"]
opened[["on", "kind", "commune_code", "people", "source"]].sort_values("on").head()

# %% [markdown]
# ## Mois après mois
# Un mois peut différer d'un autre par hasard. Les rencontres varient d'environ la racine de leur
# nombre, et davantage puisqu'on rencontre les gens par groupes. Dans la bande grise, il n'y a rien
# à expliquer.

# %%
months = figures[(figures["definition"] == "S13p") & (figures["part"] != "")].set_index("part")
assert months["value"].sum() == figures.loc["S13p", "value"]
outings = done["n_informed"].dropna().astype(float)
clumping = float(outings.var() / outings.mean())
usual = float(months["value"].mean())
margin = 2 * np.sqrt(clumping * usual)

axis = months["value"].astype(float).plot.bar(color="#555555", figsize=(9, 3), xlabel="")
axis.axhspan(usual - margin, usual + margin, color="#cccccc", zorder=0)
axis.set_ylabel("personnes informées")
axis.set_title(f"Mois moyen : {usual:.0f} personnes, à {margin:.0f} près")

# %% [markdown]
# Avant de commenter un mois qui sort de la bande, regarder combien d'activités il compte, et
# combien n'ont pas été comptées.

# %%
out = (months["value"].astype(float) - usual).abs() > margin
table = months[["value", "used", "uncounted"]].rename_axis("mois")
table.columns = ["informées", "lignes", "sans comptage"]
table.assign(**{"hors de la bande": out.map({True: "oui", False: "–"})})

# %% [markdown]
# ## Quelle activité rapporte quoi
# Comparer des **activités** (un stand de marché, une permanence) est permis. Comparer des
# **personnes** de l'équipe ne l'est pas : l'outil ne le calcule jamais.

# %%
parts = figures[figures["part"] != ""]
kinds, met = (parts[parts["definition"] == code].set_index("label") for code in ("S14a", "S14i"))
counted = met["used"] - met["uncounted"]
each = met["value"].astype(float) / counted.where(counted > 0)
pd.DataFrame(
    {"activités": kinds["value"], "informées": met["value"], "sans comptage": met["uncounted"],
     "informées par activité comptée": each.round(1)}
).rename_axis("activité")  # fmt: skip

# %% [markdown]
# ## Qui
# Les parts se calculent sur les personnes **notées** : ni l'âge ni le sexe de tout le monde n'est
# connu. En dessous de vingt réponses, aucune part. L'intervalle (Wilson, 95 %) dit ce que la part
# vaudrait pour d'autres personnes rencontrées de la même façon.

# %%
women = figures.loc["E5/femme"]
share = 100 * women["value"] / women["over"]
low, high = 100 * women["low"], 100 * women["high"]
print(
    f"Femmes : {share:.0f} % de {women['over']:.0f} personnes notées, entre {low:.0f} et {high:.0f}"
)
assert low < share < high

# %% [markdown]
# ## Ce que les gardes disent
# Le bilan se relit lui-même : sommes, arrondis, comptages manquants, ratios qui ne veulent rien
# dire. Chaque garde donne la phrase à imprimer.

# %%
pd.DataFrame([(g.code, g.sentence) for g in found.guards], columns=["garde", "phrase"])

# %% [markdown]
# ## Ce qui peut sortir de l'équipe
# Un effectif de 1 à 10 se cache. Mais cacher une seule case ne suffit pas : le total moins les
# autres la rend. D'autres cases sont donc cachées avec elle, les plus petites possible.

# %%
secret = hidden_figures(found.profile, found.figures)
print(f"{len(secret)} nombres du bilan sur {len(figures)} ne sortent pas de l'équipe")

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
