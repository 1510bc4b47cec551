-- S1: residents
SELECT area AS key, people AS n FROM people WHERE stage = 'informe'

-- S2: adults
SELECT town AS key, people AS n FROM people WHERE stage = 'informe'

-- S3: shares
SELECT zone AS key, people AS n FROM people WHERE stage = 'informe'

-- S9: structures
SELECT kind AS key FROM structures

-- S9c: structures
SELECT kind AS key FROM structures WHERE contacted

-- S9r: structures
SELECT kind AS key FROM structures WHERE met

-- S12: parts
SELECT kind AS key, hours AS n FROM done

-- S12c: parts
SELECT town AS key, hours AS n FROM done

-- S12z: parts
SELECT zone AS key, hours AS n FROM done

-- S12m: each
SELECT activity_id AS line, unnest(coalesce(string_split(agents, '|'), [NULL])) AS key, hours AS n
FROM done

-- S13: parts
SELECT month AS key, 1 AS n FROM done

-- S13p: parts
SELECT month AS key, people AS n FROM people WHERE stage = 'informe'

-- S14a: parts
SELECT kind AS key, 1 AS n FROM done

-- S14i: parts
SELECT kind AS key, people AS n FROM people WHERE stage = 'informe'

-- S14e: parts
SELECT kind AS key, people AS n FROM people WHERE stage = 'accroche'

-- S14d: parts
SELECT kind AS key, people AS n FROM people WHERE stage = 'diagnostic'

-- S15: shares
SELECT state AS key, 1 AS n FROM noted WHERE state IN ('realise', 'annule', 'reporte', 'prevu')

-- S15m: parts
SELECT cancel_reason AS key, 1 AS n FROM noted WHERE state IN ('annule', 'reporte')

-- S15p: parts
SELECT kind AS key, 1 AS n FROM noted WHERE state IN ('realise', 'annule', 'reporte', 'prevu')

-- S15a: parts
SELECT kind AS key, 1 AS n FROM noted WHERE state IN ('annule', 'reporte')

-- S16: answers
SELECT CASE WHEN agents LIKE '%|%' THEN 'binome' WHEN agents IS NOT NULL THEN 'seul' END AS key,
       1 AS n
FROM done WHERE kind IN ('maraude', 'tour_de_rue', 'pied_immeuble')

-- S17: parts
SELECT weekday || ' ' || half_day AS key, 1 AS n FROM done

-- S17b: answers
SELECT CASE WHEN office_hours THEN 'oui' WHEN NOT office_hours THEN 'non' END AS key, 1 AS n FROM done

-- S18o: parts
SELECT outcome AS key, people AS n FROM people WHERE stage = 'oriente'

-- S18: whole of S18o
SELECT people AS n FROM people WHERE stage = 'oriente' AND outcome <> 'inconnu'

-- FVi: parts
SELECT town AS key, people AS n FROM people WHERE stage = 'informe'

-- FVd: parts
SELECT town AS key, people AS n FROM people WHERE stage = 'diagnostic'

-- FVo: parts
SELECT town AS key, people AS n FROM people WHERE stage = 'oriente'

-- FVn: parts
SELECT town AS key, people AS n FROM people WHERE stage = 'entree'

-- FVs: parts
SELECT town AS key, people AS n FROM people WHERE stage = 'sortie_positive'

-- FCi: parts
SELECT channel AS key, people AS n FROM people WHERE stage = 'informe'

-- FCd: parts
SELECT channel AS key, people AS n FROM people WHERE stage = 'diagnostic'

-- FCo: parts
SELECT channel AS key, people AS n FROM people WHERE stage = 'oriente'

-- FCn: parts
SELECT channel AS key, people AS n FROM people WHERE stage = 'entree'

-- FCs: parts
SELECT channel AS key, people AS n FROM people WHERE stage = 'sortie_positive'

-- FLi: parts
SELECT spot AS key, people AS n FROM people WHERE stage = 'informe'

-- FLd: parts
SELECT spot AS key, people AS n FROM people WHERE stage = 'diagnostic'

-- FLo: parts
SELECT spot AS key, people AS n FROM people WHERE stage = 'oriente'

-- FLn: parts
SELECT spot AS key, people AS n FROM people WHERE stage = 'entree'

-- FLs: parts
SELECT spot AS key, people AS n FROM people WHERE stage = 'sortie_positive'

-- PHr: parts
SELECT town AS key, people AS n FROM people WHERE stage = 'informe' AND kind = 'permanence'

-- PHh: parts
SELECT town AS key, hours AS n FROM done WHERE kind = 'permanence'

-- PHl: parts
SELECT town AS key, 1 AS n FROM done WHERE kind = 'permanence'

-- LSa: parts
SELECT left(month, 4) || CASE WHEN substr(month, 6) <= '06' THEN '-S1' ELSE '-S2' END AS key, 1 AS n FROM done

-- LSi: parts
SELECT left(month, 4) || CASE WHEN substr(month, 6) <= '06' THEN '-S1' ELSE '-S2' END AS key, people AS n
FROM people WHERE stage = 'informe'

-- LSe: parts
SELECT left(month, 4) || CASE WHEN substr(month, 6) <= '06' THEN '-S1' ELSE '-S2' END AS key, people AS n
FROM people WHERE stage = 'accroche'
