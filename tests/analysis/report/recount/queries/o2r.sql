-- O1: parts
SELECT month AS key, people AS n FROM people WHERE stage = 'informe'

-- O2: shares
SELECT home_zone AS key, people AS n FROM people WHERE stage = 'accroche'

-- O3: whole
SELECT people AS n FROM people WHERE stage = 'diagnostic'

-- O4: shares
SELECT referred_to AS key, people AS n FROM people WHERE stage = 'oriente'

-- O5: whole
SELECT people AS n FROM people WHERE stage = 'entree'

-- O6: shares
SELECT outcome AS key, people AS n FROM people WHERE stage = 'sortie_positive'

-- O7: answers
SELECT registered AS key, people AS n FROM people WHERE stage = 'accroche'

-- O8: parts
SELECT kind AS key, hours AS n FROM done
