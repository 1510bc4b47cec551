-- P1: entered
SELECT value FROM entered WHERE code = 'P1'

-- P2: entered
SELECT value FROM entered WHERE code = 'P2'

-- P2f: entered
SELECT value FROM entered WHERE code = 'P2f'

-- P2m: ratio of P2 P2f

-- P3n: entered
SELECT value FROM entered WHERE code = 'P3n'

-- P3s: entered of P3n
SELECT value FROM entered WHERE code = 'P3s'

-- P4: entered
SELECT value FROM entered WHERE code = 'P4'

-- P6: parts
SELECT referred_to AS key, people AS n FROM people WHERE stage = 'entree'

-- P7: shares
SELECT outcome AS key, people AS n FROM people WHERE stage = 'sortie_positive'
