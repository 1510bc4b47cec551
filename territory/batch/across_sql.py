"""
What is asked of the dataset of a batch, in SQL: one query a view, each with its order.

Sums are made of whole millionths: adding in another order, on other cores, gives the same number.
A square of two territories counts once when both keep it for the same commune (both hold the same
people), twice when the border of communes cuts it (each holds its part); a quarter counts where
most of its public is known; an activity that two files of one network tell with the same
identifier, day and type counts in the territory whose name comes first.
"""

from __future__ import annotations

MACROS = (
    "CREATE MACRO total(x) AS sum(CAST(round(x * 1e6) AS HUGEINT)) / 1e6",
    "CREATE MACRO served(x, minutes, most) AS total(CASE WHEN minutes <= most THEN x ELSE 0 END)",
)

# Made of a kind as soon as it is open, by name: (kind, query).
DERIVED = {
    # Lines of networks, each with the first territory that tells the same activity.
    "told": (
        "counts",
        """
        SELECT *, min(territoire) OVER (
            PARTITION BY reseau, activity_key, "on", kind
        ) AS first_to_tell
        FROM counts
        WHERE reseau IS NOT NULL
        """,
    ),
}

VIEWS = {
    "territories": """
        SELECT territoire, departement, reseau, name, communes, reference_on, residents, contacts,
               walk_limit_min
        FROM territoires
        ORDER BY territoire
    """,
    "years": """
        SELECT DISTINCT period FROM indicators WHERE grain = 'annee' ORDER BY period
    """,
    # Cells of each territory: people, those a permanence serves within $minutes, hours in reach.
    "coverage": """
        SELECT territoire, total(target) AS target, total(target_low) AS target_low,
               total(target_high) AS target_high,
               served(target, minutes_permanence, $minutes) AS served,
               total(e2sfca_h_1000 * target) / total(CASE WHEN e2sfca_h_1000 IS NOT NULL
                                                          THEN target END) AS hours_1000
        FROM cells
        GROUP BY territoire
        ORDER BY territoire
    """,
    # All territories together, a square of two of them counted once.
    "coverage_together": """
        WITH known AS (
            SELECT max(target) AS target, min(minutes_permanence) AS minutes
            FROM cells
            GROUP BY cell_id, coalesce(commune_code, territoire)
        )
        SELECT total(target) AS target, served(target, minutes, $minutes) AS served FROM known
    """,
    # Quarters in force, once each: the territory that knows most of its public tells it.
    "quarters_once": """
        SELECT territoire, departement, reseau, zone_code AS code, name, kind, residents, target,
               target_low, target_high, minutes_permanence AS minutes, served_share, unserved,
               contacts, (bbox.xmin + bbox.xmax) / 2 AS longitude_deg,
               (bbox.ymin + bbox.ymax) / 2 AS latitude_deg,
               count(*) OVER (PARTITION BY zone_code) AS told_by
        FROM quarters
        WHERE kind = $kind
        QUALIFY row_number() OVER (
            PARTITION BY zone_code ORDER BY coalesce(target, -1) DESC, territoire
        ) = 1
        ORDER BY territoire, code
    """,
    # Underserved zones; those of one square in two territories once, as quarters.
    "zones_once": """
        SELECT territoire, departement, reseau, zone_id AS code, name, residents, target,
               target_low, target_high, minutes, unserved, contacts, verdict,
               count(*) OVER (PARTITION BY zone_id) AS told_by
        FROM zones
        QUALIFY row_number() OVER (
            PARTITION BY zone_id ORDER BY coalesce(target, -1) DESC, territoire
        ) = 1
        ORDER BY territoire, code
    """,
    # The figures of one period, as each territory counts them.
    "figures": """
        SELECT territoire, departement, reseau, definition, part, label, unit, value, used,
               uncounted, people, first_on, last_on
        FROM indicators
        WHERE period = $period
        ORDER BY territoire, definition, part
    """,
    # What must be taken off `figures`: activities that a territory before it in the network tells.
    "told_twice": """
        SELECT territoire, definition, part, total(value) AS extra
        FROM told
        WHERE territoire > first_to_tell AND value IS NOT NULL
              AND starts_with(strftime("on", '%Y-%m-%d'), $period)
        GROUP BY territoire, definition, part
        ORDER BY territoire, definition, part
    """,
    # How many activities that is, and how many of them are not told with the same numbers.
    "copies": """
        WITH said AS (
            SELECT territoire, reseau, activity_key, "on", kind,
                   string_agg(concat(definition, '=', value), ',' ORDER BY definition, value)
                       FILTER (WHERE part = '') AS numbers
            FROM told
            WHERE starts_with(strftime("on", '%Y-%m-%d'), $period)
            GROUP BY ALL
        ),
        beside AS (
            SELECT numbers, first_value(numbers) OVER same AS first_numbers,
                   row_number() OVER same AS copy
            FROM said
            WINDOW same AS (PARTITION BY reseau, activity_key, "on", kind ORDER BY territoire)
        )
        SELECT count(*) AS copies,
               count(*) FILTER (WHERE numbers IS DISTINCT FROM first_numbers) AS differing
        FROM beside
        WHERE copy > 1
    """,
}
