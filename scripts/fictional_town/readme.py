"""What data/raw says of itself."""

README = """# Valfictif: a town that does not exist

Every place, structure, street and figure here is invented. Communes carry codes of a département
that does not exist (00); the town lies in the Bay of Biscay. Nothing was copied from a real source:
only the *formats* are those of the files named below. Licence: CC0 1.0.

Made by `python scripts/make_sample.py` (60,000 residents, seed 2026; same arguments, same bytes).
`--out FOLDER --residents 450000` draws a larger one (nine communes) elsewhere.

| file | imitates |
| --- | --- |
| `communes.geojson` | outlines of communes (`code`, `nom`), EPSG:4326 |
| `qpv_2024_valfictif.geojson` | QPV 2024 of the ANCT: 5 quarters, one astride two communes |
| `qva.gpkg` | a perimeter of veille active given by a town (EPSG:2154) |
| `iris.gpkg` | outlines of IRIS (EPSG:2154) |
| `base-ic-activite-residents-2021.csv` | Insee census, activity of residents by IRIS: `;`, decimal comma |
| `filosofi2021_carreaux_200m.csv` | Insee Filosofi 2021, 200 m squares (ids in EPSG:3035, some imputed) |
| `rues_valfictif.osm.pbf` | an OpenStreetMap extract: streets, a canal, a railway, few crossings |
| `partenaires.csv` | the coordinator's table of structures, as a French Excel saves it |
| `france_services.csv` | national list of France services: 20 rows, 2 of them buses |
| `suivi_aller_vers.xlsx` | the coordinator's workbook: activities, contacts (counts), places, team, week |
| `verite_plantee.json` | what was planted in the log, to judge the tool; never read by it |

The log holds counts only. It follows the need of each square (adults times unemployment), except in
three zones that get a fifth of it, far from every permanence, and one far zone that gets more.

**This log is easier than a real one.** Outings are spread more evenly than chance would, none is
moved across the edge of a missed zone, activity is also halved in a 130 m ring around each, and the
far zone gets twice its need. That the tool finds the three zones here is an example, not a rate of
detection: over six seeds it shows 18 of 18 among its eight zones (14 among the first four); without
these four aids 12 of 18 (10 among the first four), and once the well-served far zone is shown.
"""
