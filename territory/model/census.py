"""What Insee calls the figures that the tables IRIS and CELLS hold: its suffix, our column."""

from __future__ import annotations

from types import MappingProxyType

# Suffixes of « base-ic-activite-residents », after P and two figures of year: P21_CHOM1524.
CENSUS_COLUMNS = MappingProxyType(
    {
        "POP1564": "residents_15_64",
        "ACT1564": "active",
        "CHOM1564": "unemployed",
        "POP1524": "residents_15_24",
        "POP2554": "residents_25_54",
        "POP5564": "residents_55_64",
        "H1564": "men_15_64",
        "F1564": "women_15_64",
        "CHOM1524": "unemployed_15_24",
        "CHOM2554": "unemployed_25_54",
        "CHOM5564": "unemployed_55_64",
        "HCHOM1564": "unemployed_men",
        "FCHOM1564": "unemployed_women",
    }
)
CENSUS_NEEDED = ("POP1564", "ACT1564", "CHOM1564")  # without them the table is another one
CENSUS_MEANINGS = MappingProxyType(
    {
        "residents_15_64": "census residents aged 15-64; NA without census table",
        "active": "active residents aged 15-64",
        "unemployed": "unemployed residents aged 15-64 (census sense)",
        "residents_15_24": "residents aged 15-24; NA when the table has no ages",
        "residents_25_54": "residents aged 25-54; NA likewise",
        "residents_55_64": "residents aged 55-64; NA likewise",
        "men_15_64": "men aged 15-64; NA when the table has no sexes",
        "women_15_64": "women aged 15-64; NA likewise",
        "unemployed_15_24": "unemployed residents aged 15-24; NA when the table has no ages",
        "unemployed_25_54": "unemployed residents aged 25-54; NA likewise",
        "unemployed_55_64": "unemployed residents aged 55-64; NA likewise",
        "unemployed_men": "unemployed men aged 15-64; NA when the table has no sexes",
        "unemployed_women": "unemployed women aged 15-64; NA likewise",
    }
)
# What a cohort may rest on, as a reader is told it.
UNEMPLOYED = MappingProxyType(
    {
        "CHOM1564": "chômeurs de 15 à 64 ans",
        "CHOM1524": "chômeurs de 15 à 24 ans",
        "CHOM2554": "chômeurs de 25 à 54 ans",
        "CHOM5564": "chômeurs de 55 à 64 ans",
        "HCHOM1564": "hommes au chômage de 15 à 64 ans",
        "FCHOM1564": "femmes au chômage de 15 à 64 ans",
    }
)
RESIDENTS = ("POP1564", "POP1524", "POP2554", "POP5564", "H1564", "F1564")

# Columns of the 200 m grid (Filosofi): people by age.
GRID_AGES = MappingProxyType(
    {
        "ind_18_24": "residents_18_24",
        "ind_25_39": "residents_25_39",
        "ind_40_54": "residents_40_54",
        "ind_55_64": "residents_55_64",
        "ind_65_79": "residents_65_79",
    }
)
GRID_ADULTS = ("ind_18_24", "ind_25_39", "ind_40_54", "ind_55_64")
