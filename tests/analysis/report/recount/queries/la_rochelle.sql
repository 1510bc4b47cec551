-- R1: parts
SELECT cohort AS key, people AS n FROM people WHERE stage = 'accroche'

-- R1f: trait whole of R1
SELECT NULL AS key, people AS n, cohort IN ('femmes', 'seniors') AS kept, cohort IS NOT NULL AS told
FROM people WHERE stage = 'accroche'

-- R2: parts
SELECT outcome AS key, people AS n FROM people WHERE stage IN ('entree', 'sortie_positive')

-- R2c: parts
SELECT cohort AS key, people AS n FROM people WHERE stage IN ('entree', 'sortie_positive')

-- R2f: trait whole of R1f
SELECT NULL AS key, people AS n, cohort IN ('femmes', 'seniors') AS kept, cohort IS NOT NULL AS told
FROM people WHERE stage IN ('entree', 'sortie_positive')

-- R2i: trait
SELECT outcome AS key, people AS n, cohort IN ('femmes', 'seniors') AS kept,
       cohort IS NOT NULL AS told
FROM people WHERE stage IN ('entree', 'sortie_positive')

-- R2j: trait
SELECT outcome AS key, people AS n, cohort = 'jeunes' AS kept, cohort IS NOT NULL AS told
FROM people WHERE stage IN ('entree', 'sortie_positive')

-- R3: written
SELECT '' AS part, sum(residents) AS value, NULL AS over, 0 AS used, 0 AS uncounted FROM cells

-- R3j: written
SELECT '' AS part, all_told(residents_15_24) AS value, all_told(residents_15_64) AS over, 0 AS used,
       0 AS uncounted
FROM iris

-- R3f: written
SELECT '' AS part, all_told(women_15_64) AS value,
       all_told(women_15_64) + all_told(men_15_64) AS over, 0 AS used, 0 AS uncounted
FROM iris

-- R4: residents whole
SELECT NULL AS key, people AS n FROM people WHERE stage = 'accroche'

-- R5: entered
SELECT value FROM entered WHERE code = 'R5'

-- R5c: ratio of R5 R1

-- R6p: whole
SELECT 1 AS n FROM noted WHERE kind IN ('permanence', 'intervention', 'atelier', 'reunion')

-- R6: parts of R6p
SELECT kind AS key, 1 AS n FROM done
WHERE kind IN ('permanence', 'intervention', 'atelier', 'reunion')

-- R6h: parts
SELECT weekday || ' ' || half_day AS key, 1 AS n FROM done WHERE kind = 'permanence'
