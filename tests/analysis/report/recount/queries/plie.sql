-- P1: entered
SELECT value FROM entered WHERE code = 'P1'

-- P1l: places whole
SELECT NULL AS key, place FROM done WHERE kind = 'permanence'

-- P2: entered
SELECT value FROM entered WHERE code = 'P2'

-- P2f: entered
SELECT value FROM entered WHERE code = 'P2f'

-- P2m: ratio of P2 P2f

-- P3n: entered
SELECT value FROM entered WHERE code = 'P3n'

-- P3c: entered of P3n
SELECT value FROM entered WHERE code = 'P3c'

-- P3s: entered of P3n
SELECT value FROM entered WHERE code = 'P3s'

-- P4: entered
SELECT value FROM entered WHERE code = 'P4'

-- P5p: entered
SELECT value FROM entered WHERE code = 'P5p'

-- P5: entered of P5p
SELECT value FROM entered WHERE code = 'P5'

-- P6: parts
SELECT referred_to AS key, people AS n FROM people WHERE stage = 'entree'

-- P7: shares
SELECT outcome AS key, people AS n FROM people WHERE stage = 'sortie_positive'
