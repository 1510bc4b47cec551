-- R1: parts
SELECT cohort AS key, people AS n FROM people WHERE stage = 'accroche'

-- R2: parts
SELECT outcome AS key, people AS n FROM people WHERE stage IN ('entree', 'sortie_positive')

-- R2c: parts
SELECT cohort AS key, people AS n FROM people WHERE stage IN ('entree', 'sortie_positive')

-- R4: residents whole
SELECT NULL AS key, people AS n FROM people WHERE stage = 'accroche'

-- R5: entered
SELECT value FROM entered WHERE code = 'R5'

-- R5c: ratio of R5 R1

-- R6: parts
SELECT kind AS key, 1 AS n FROM done
WHERE kind IN ('permanence', 'intervention', 'atelier', 'reunion')
