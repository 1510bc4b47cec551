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
# # Que change la semaine si quelqu'un est absent ?
#
# Une semaine est planifiée, une sortie est mise sous verrou, le plan est signé ; puis une absence
# arrive. Combien d'arrêts changent, lesquels, et que deviennent les charges ? Tout se passe dans
# une copie du dossier : rien n'est noté dans le vôtre. La recherche est ici très courte (peu
# d'essais) : la même question avec les réglages du territoire donne une meilleure semaine.

# %%
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import pandas as pd

import territory
from territory.io.week_edits import append_edit
from territory.model.week_edits import EditKind, WeekEdit
from territory.model.week_results import WeekPlan
from territory.outputs.week_grid import worth
from territory.pipeline.week import sign_week
from territory.pipeline.workspace import next_week

here, copy = Path("..").resolve(), Path(tempfile.mkdtemp()) / "copie"
copy.mkdir()
shutil.copy(here / "territory.toml", copy)
shutil.copytree(here / "data", copy / "data")

built = territory.build(territory.open_territory(copy))
town = built.territory
short = town.settings.week.model_copy(update={"iterations": 200, "explained": 2, "bound_turns": 4})
settings = town.settings.model_copy(update={"week": short})
built = replace(built, territory=replace(town, settings=settings))
week = next_week(town.today)
plan = territory.week_step(built, week)


# %% [markdown]
# ## La grille
# Une ligne par personne, une colonne par demi-journée.


# %%
def grid(plan: WeekPlan) -> pd.DataFrame:
    rows = [
        (agent, f"{s.on:%d/%m} {s.half_day}", s.title) for s in plan.sessions for agent in s.agents
    ]
    table = pd.DataFrame(rows, columns=["qui", "quand", "quoi"])
    ordered = table["quand"].drop_duplicates().tolist()
    cells = table.pivot_table("quoi", "qui", "quand", aggfunc=" ; ".join, fill_value="")
    return cells[ordered]


outings = [s for s in plan.sessions if not s.fixed]
assert outings
grid(plan)

# %% [markdown]
# ## Pourquoi ces arrêts
# « perte » est ce que la semaine perdrait sans l'arrêt, planifiée à nouveau.

# %%
stops = pd.DataFrame(
    [
        {"sortie": s.session_id, "arrêt": stop.name, "attendu": stop.value, "perte": stop.loss}
        for s in outings
        for stop in s.stops
    ]
)
assert stops["attendu"].ge(0).all()
stops.round(1)

# %%
for out in plan.left_out[:4]:
    print(out.name, ":", out.reason)
    if out.remedy:
        print("    ", out.remedy)

# %% [markdown]
# ## Ce qui est prouvé
# La borne est ce qu'aucun plan ne peut dépasser ; entre les deux, on ne sait pas.

# %%
print(worth(plan))
assert plan.bound is None or plan.bound >= plan.value - 1e-6

# %% [markdown]
# ## Un verrou, une signature, une absence
# La première sortie est verrouillée, le plan signé. Puis quelqu'un d'une autre sortie s'absente
# pour toute une journée.

# %%
locked = outings[0]
struck = next(s for s in reversed(outings) if s.on != locked.on)
away = struck.agents[0]
sign_week(built, plan)
append_edit(copy, week, WeekEdit(EditKind.LOCK, locked.session_id))
append_edit(copy, week, WeekEdit(EditKind.ABSENCE, agent=away, on=struck.on))
after = territory.week_step(built, week)

print(f"{away} absent le {struck.on:%d/%m} ; {locked.session_id} sous verrou")
print("\n".join(after.changes))
kept = {s.session_id: s for s in after.sessions}
assert kept[locked.session_id].locked
assert [t.name for t in kept[locked.session_id].stops] == [t.name for t in locked.stops]
assert not [s for s in after.sessions if s.on == struck.on and away in s.agents]

# %% [markdown]
# ## Les charges, avant et après
# Heures de sortie et kilomètres à pied ; une sortie à deux compte pour chacun.


# %%
def loads(plan: WeekPlan) -> pd.DataFrame:
    rows = [
        {"qui": agent, "heures": (s.end_min - s.start_min) / 60, "km": s.walk_m / 1000}
        for s in plan.sessions
        if not s.fixed
        for agent in s.agents
    ]
    return pd.DataFrame(rows, columns=["qui", "heures", "km"]).groupby("qui").sum()


both = pd.concat({"avant": loads(plan), "après": loads(after)}, axis=1).fillna(0.0)
both.round(1)

# %%
both.xs("heures", axis=1, level=1).plot.barh(xlabel="heures de sortie", ylabel="")

# %%
shutil.rmtree(copy.parent)
