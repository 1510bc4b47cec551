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
from territory.analysis.report.behind import behind
from territory.analysis.report.hiding import hidden_figures
from territory.pipeline.report import report_step

built = territory.build(territory.open_territory(Path("..").resolve()))
report = report_step(built)
figures, lines = report.figures.table, report.lines
done = lines.activities[lines.activities["state"] == "realise"]
print(f"{report.span.name} : {len(done)} activités réalisées ; empreinte {report.digest[:12]}")

# %% [markdown]
# ## Les chiffres clés
# Seules les activités **réalisées** comptent. Une activité sans comptage n'est pas une activité
# sans personne : elle est inconnue, et dite à côté.

# %%
keys = [counting for counting in report.profile.countings if counting.key]
FRENCH = {"label": "quoi", "value": "nombre", "used": "lignes", "uncounted": "sans comptage"}
table = figures.loc[[counting.code for counting in keys], list(FRENCH)].rename(columns=FRENCH)
table["définition"] = [counting.meaning for counting in keys]
assert figures.loc["E1", "value"] == done["n_informed"].sum()
assert behind(report, "E1", {}).lines["adds"].sum() == figures.loc["E1", "value"]
table.rename_axis("chiffre")

# %% [markdown]
# **Ce que ces nombres ne sont pas.** Personne n'est identifié : quelqu'un rencontré trois fois
# compte trois fois. « 400 informées » est 400 rencontres, pas 400 habitants.

# %% [markdown]
# ## Ce que disent les gardes
# Chacune voit une chose, et donne la phrase à mettre dans le bilan. Aucune ne change un nombre.

# %%
for guard in report.guards:
    print(f"[{guard.code}] {guard.sentence}")

# %% [markdown]
# ## Mois après mois
# Un mois peut différer d'un autre par hasard. Les rencontres varient d'environ la racine de leur
# nombre, et davantage puisqu'on rencontre les gens par groupes. Dans la bande grise, il n'y a rien
# à expliquer.


# %%
def parts(code: str) -> pd.Series:
    """Les parties d'un chiffre, par leur nom."""
    own = figures[(figures["definition"] == code) & (figures["part"] != "")]
    return own.set_index("label")["value"]


months = parts("S13p")
assert months.sum() == figures.loc["S13p", "value"]
outings = done["n_informed"].dropna().astype(float)
clumping = float(outings.var() / outings.mean())
usual = float(months.mean())
margin = 2 * np.sqrt(clumping * usual)

axis = months.plot.bar(color="#555555", figsize=(9, 3), xlabel="")
axis.axhspan(usual - margin, usual + margin, color="#cccccc", zorder=0)
axis.set_ylabel("personnes informées")
axis.set_title(f"Mois moyen : {usual:.0f} personnes, à {margin:.0f} près")

# %% [markdown]
# Avant de commenter un mois qui sort de la bande, regarder combien d'activités il compte, et
# combien n'ont pas été comptées.

# %%
out = ((months - usual).abs() > margin).map({True: "oui", False: "–"})
table = pd.DataFrame({"activités": parts("S13"), "informées": months, "hors de la bande": out})
table.rename_axis("mois")

# %% [markdown]
# ## Quelle activité rapporte quoi
# Comparer des **activités** (un stand de marché, une permanence) est permis. Comparer des
# **personnes** de l'équipe ne l'est pas : leurs heures sont dites à l'équipe seule, sans rang.

# %%
activities, informed = parts("S14a"), parts("S14i")
uncounted = done["n_informed"].isna().groupby(done["kind"]).sum()
own = figures[(figures["definition"] == "S14i") & (figures["part"] != "")]
counted = activities - own.set_index("label")["uncounted"].astype(float)
table = pd.DataFrame({"activités": activities, "informées": informed, "comptées": counted})
assert uncounted.sum() == own["uncounted"].sum()
table.assign(**{"par activité comptée": (informed / counted).round(1)}).rename_axis("activité")

# %% [markdown]
# ## Qui
# Les parts se calculent sur les personnes **notées** : ni l'âge ni le sexe de tout le monde n'est
# connu. En dessous de vingt réponses, aucune part ; au-dessus, un intervalle à 95 % avec elle.

# %%
women = figures.loc["E5/femme"]
print(f"Femmes : {100 * women['value'] / women['over']:.0f} % de {women['over']:.0f} personnes")
print(f"entre {100 * women['low']:.0f} et {100 * women['high']:.0f} %")

# %% [markdown]
# ## Ce que le bilan cache dehors
# Les petits effectifs, et ceux qui les feraient retrouver.

# %%
hidden = hidden_figures(report.profile, report.figures)
people = figures["people"].fillna(value=False) & figures["value"].between(1, K_PUBLIC - 1)
assert set(figures.index[people]) <= hidden
print(f"{len(hidden)} nombres cachés sur {len(figures)}, dont {int(people.sum())} trop petits")

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
