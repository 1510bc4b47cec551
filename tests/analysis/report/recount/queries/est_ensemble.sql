-- E1: whole
SELECT people AS n FROM people WHERE stage = 'informe'

-- E2: whole
SELECT 1 AS n FROM done WHERE kind IN ('maraude', 'tour_de_rue', 'pied_immeuble', 'evenement')

-- E2v: whole
SELECT 1 AS n FROM done
WHERE kind IN ('maraude', 'tour_de_rue', 'pied_immeuble', 'evenement', 'visite_partenaire')

-- E2z: written
SELECT '' AS part,
       CASE WHEN count(*) FILTER (WHERE zone IN ('qpv', 'qva', 'proximite')) = 0
                 AND count(*) FILTER (WHERE zone = 'inconnue') > 0 THEN NULL
            ELSE count(*) FILTER (WHERE zone IN ('qpv', 'qva', 'proximite')) END AS value,
       NULL AS over, count(*) FILTER (WHERE zone IN ('qpv', 'qva', 'proximite')) AS used,
       0 AS uncounted
FROM done WHERE kind IN ('maraude', 'tour_de_rue', 'pied_immeuble', 'evenement')

-- E2a: parts
SELECT town AS key, 1 AS n FROM done WHERE kind IN ('maraude', 'tour_de_rue', 'pied_immeuble')

-- E2b: parts
SELECT host AS key, 1 AS n FROM done WHERE kind = 'evenement'

-- E3: whole
SELECT people AS n FROM people WHERE stage = 'diagnostic'

-- E3r: whole of E3
SELECT CASE WHEN referred THEN people END AS n FROM people
WHERE stage = 'diagnostic' AND referred IS NOT FALSE

-- E3o: whole
SELECT people AS n FROM people WHERE stage = 'oriente'

-- E4: parts
SELECT host AS key, 1 AS n FROM done WHERE kind IN ('permanence', 'intervention', 'atelier')

-- E5: answers
SELECT key, n FROM sexes

-- E6: answers
SELECT key, n FROM ages

-- E7: shares
SELECT town AS key, people AS n FROM people WHERE stage = 'diagnostic'

-- E7p: places
SELECT town AS key, place FROM done WHERE kind = 'permanence'

-- E7h: parts
SELECT town AS key, hours AS n FROM done WHERE kind = 'permanence'

-- E8: structures whole
SELECT NULL AS key FROM structures

-- E8c: structures whole of E8
SELECT NULL AS key FROM structures WHERE contacted

-- E8r: structures whole of E8
SELECT NULL AS key FROM structures WHERE met

-- E9: structures
SELECT kind AS key FROM structures WHERE met

-- E11: shares
SELECT referred_to AS key, people AS n FROM people WHERE stage = 'oriente'

-- E12: shares
SELECT outcome AS key, people AS n FROM people WHERE stage = 'sortie_positive'
