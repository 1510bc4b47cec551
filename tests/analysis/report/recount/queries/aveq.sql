-- A1: whole
SELECT people AS n FROM people WHERE stage = 'informe'

-- A2: whole
SELECT people AS n FROM people WHERE stage = 'accroche'

-- A3: shares
SELECT channel AS key, people AS n FROM people WHERE stage = 'accroche'

-- A4: trait whole of A2
SELECT NULL AS key, people AS n, home_zone IN ('qpv', 'qva', 'proximite') AS kept,
       home_zone IS NOT NULL AS told
FROM people WHERE stage = 'accroche'

-- A4d: shares
SELECT home_zone AS key, people AS n FROM people WHERE stage = 'accroche'

-- A4l: shares
SELECT zone AS key, people AS n FROM people WHERE stage = 'accroche'

-- A5: several
SELECT line, unnest(coalesce(string_split(barriers, '|'), [NULL])) AS key, people AS n
FROM people WHERE stage = 'accroche'

-- A6i: answers
SELECT registered AS key, people AS n FROM people WHERE stage = 'accroche'

-- A6a: answers
SELECT supported AS key, people AS n FROM people WHERE stage = 'accroche'

-- A7: whole
SELECT people AS n FROM people WHERE stage = 'informe' AND kind = 'evenement'

-- A7t: whole of A7
SELECT people AS n FROM people WHERE stage = 'sortie_positive' AND kind = 'evenement'

-- A8: written
WITH kept AS (
    SELECT kind IN ('maraude', 'tour_de_rue', 'pied_immeuble') AS round, place,
           coalesce(quarter, qpv_code) AS known,
           CASE WHEN quarter IS NULL THEN qpv_code
                WHEN quarter IN (SELECT code FROM quarters WHERE kind = 'qpv') THEN quarter END AS code
    FROM done WHERE kind IN ('maraude', 'tour_de_rue', 'pied_immeuble', 'permanence')
),
held AS (
    SELECT code FROM kept WHERE round GROUP BY code HAVING count(*) >= 4
    UNION
    SELECT code FROM kept WHERE NOT round AND place IS NOT NULL GROUP BY code, place
    HAVING count(*) >= 4
)
SELECT '' AS part, CASE WHEN count(*) = 0 OR count(known) > 0 THEN (SELECT count(code) FROM held) END AS value, NULL AS over, count(*) AS used, 0 AS uncounted
FROM kept

-- A9: ratio of A2 A1
