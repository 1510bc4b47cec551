-- S1: residents
SELECT area AS key, people AS n FROM people WHERE stage = 'informe'

-- S2: adults
SELECT town AS key, people AS n FROM people WHERE stage = 'informe'

-- S3: shares
SELECT zone AS key, people AS n FROM people WHERE stage = 'informe'

-- S4: written
WITH located AS (
    SELECT area, people FROM people WHERE stage = 'informe' AND area IS NOT NULL
),
met AS (SELECT sum(people) AS n FROM located),
town AS (
    SELECT sum(residents) AS residents,
           CASE WHEN count(residents_18_64) = count(*) THEN sum(residents_18_64) END AS adults
    FROM cells
),
found AS (
    SELECT part, count(area) AS used, count(people) AS told, coalesce(sum(people), 0) AS found_n
    FROM quarter_parts LEFT JOIN located ON area = code GROUP BY part
),
living AS (
    SELECT CASE WHEN unit = '*' THEN '' ELSE unit END AS part,
           CASE WHEN town.adults IS NULL THEN i.residents / town.residents
                ELSE i.adults / town.adults END AS share
    FROM inhabitants AS i CROSS JOIN town WHERE unit <> ''
),
indexes AS (
    SELECT part, used, told,
           CASE WHEN met.n >= 20 AND share > 0 AND (used = 0 OR told > 0)
                THEN found_n / met.n / share END AS value
    FROM found CROSS JOIN met LEFT JOIN living USING (part)
)
SELECT part, value, NULL AS over, CASE WHEN value IS NULL THEN 0 ELSE used END AS used,
       CASE WHEN value IS NULL THEN 0 ELSE used - told END AS uncounted
FROM indexes
UNION ALL SELECT '', NULL, NULL, 0, 0 WHERE NOT EXISTS (FROM quarters)

-- S5: written
WITH seen AS (SELECT * FROM ever WHERE NOT sensitive),
latest AS (
    SELECT code, date_diff('day', max("on"), any_value(period.last)) AS days,
           count(*) FILTER (WHERE "on" = latest_on) AS used
    FROM (SELECT quarter AS code, "on", max("on") OVER (PARTITION BY quarter) AS latest_on FROM seen)
    CROSS JOIN period GROUP BY code
),
waits AS (SELECT code, days, coalesce(used, 0) AS used FROM quarters LEFT JOIN latest USING (code))
SELECT code AS part, days AS value, NULL AS over, used, 0 AS uncounted
FROM waits WHERE EXISTS (FROM ever)
UNION ALL
SELECT '', max(days), NULL,
       coalesce(sum(used) FILTER (WHERE days = (SELECT max(days) FROM waits)), 0), 0
FROM waits

-- S5m: written
WITH of_kind AS (SELECT * FROM ever WHERE kind IN ('maraude', 'tour_de_rue', 'pied_immeuble', 'porte_a_porte')),
seen AS (SELECT * FROM of_kind WHERE NOT sensitive),
latest AS (
    SELECT code, date_diff('day', max("on"), any_value(period.last)) AS days,
           count(*) FILTER (WHERE "on" = latest_on) AS used
    FROM (SELECT quarter AS code, "on", max("on") OVER (PARTITION BY quarter) AS latest_on FROM seen)
    CROSS JOIN period GROUP BY code
),
waits AS (SELECT code, days, coalesce(used, 0) AS used FROM quarters LEFT JOIN latest USING (code))
SELECT code AS part, days AS value, NULL AS over, used, 0 AS uncounted
FROM waits WHERE EXISTS (FROM of_kind)
UNION ALL
SELECT '', max(days), NULL,
       coalesce(sum(used) FILTER (WHERE days = (SELECT max(days) FROM waits)), 0), 0
FROM waits

-- S5p: written
WITH of_kind AS (SELECT * FROM ever WHERE kind IN ('permanence', 'intervention', 'atelier')),
seen AS (SELECT * FROM of_kind WHERE NOT sensitive),
latest AS (
    SELECT code, date_diff('day', max("on"), any_value(period.last)) AS days,
           count(*) FILTER (WHERE "on" = latest_on) AS used
    FROM (SELECT quarter AS code, "on", max("on") OVER (PARTITION BY quarter) AS latest_on FROM seen)
    CROSS JOIN period GROUP BY code
),
waits AS (SELECT code, days, coalesce(used, 0) AS used FROM quarters LEFT JOIN latest USING (code))
SELECT code AS part, days AS value, NULL AS over, used, 0 AS uncounted
FROM waits WHERE EXISTS (FROM of_kind)
UNION ALL
SELECT '', max(days), NULL,
       coalesce(sum(used) FILTER (WHERE days = (SELECT max(days) FROM waits)), 0), 0
FROM waits

-- S5e: written
WITH of_kind AS (SELECT * FROM ever WHERE kind IN ('evenement', 'information_collective')),
seen AS (SELECT * FROM of_kind WHERE NOT sensitive),
latest AS (
    SELECT code, date_diff('day', max("on"), any_value(period.last)) AS days,
           count(*) FILTER (WHERE "on" = latest_on) AS used
    FROM (SELECT quarter AS code, "on", max("on") OVER (PARTITION BY quarter) AS latest_on FROM seen)
    CROSS JOIN period GROUP BY code
),
waits AS (SELECT code, days, coalesce(used, 0) AS used FROM quarters LEFT JOIN latest USING (code))
SELECT code AS part, days AS value, NULL AS over, used, 0 AS uncounted
FROM waits WHERE EXISTS (FROM of_kind)
UNION ALL
SELECT '', max(days), NULL,
       coalesce(sum(used) FILTER (WHERE days = (SELECT max(days) FROM waits)), 0), 0
FROM waits

-- S6: written
WITH lost AS (SELECT count(*) AS n FROM done WHERE NOT sensitive AND quarter IS NULL),
often AS (
    SELECT part, count(activity_id) AS used
    FROM quarter_parts LEFT JOIN done ON area = code GROUP BY part
)
SELECT part, CASE WHEN used > 0 OR lost.n = 0 THEN used / months.n END AS value, NULL AS over,
       used, 0 AS uncounted
FROM often CROSS JOIN lost CROSS JOIN months WHERE EXISTS (FROM ever)
UNION ALL SELECT '', NULL, NULL, 0, 0 WHERE NOT EXISTS (FROM quarters) OR NOT EXISTS (FROM ever)

-- S9: structures
SELECT kind AS key FROM structures

-- S9c: structures
SELECT kind AS key FROM structures WHERE contacted

-- S9r: structures
SELECT kind AS key FROM structures WHERE met

-- S10: written
WITH open AS (
    SELECT s.*, greatest(contact_on, met_on, held.on) AS last_on  -- of those that are told
    FROM structures AS s
    LEFT JOIN (SELECT place_id, max("on") AS "on" FROM ever GROUP BY place_id) AS held
        ON held.place_id = s.place_id
    WHERE contacted AND status NOT IN ('refus', 'inactive')
),
dated AS (SELECT count(*) AS listed, count(last_on) AS n FROM open),
silent AS (
    SELECT CASE WHEN NOT sensitive THEN commune_code END AS town
    FROM open CROSS JOIN period WHERE last_on <= period.last - INTERVAL 12 MONTH
),
parts AS (
    SELECT part_of(town, grouping(town)) AS part, count(*) AS n
    FROM silent GROUP BY GROUPING SETS ((), (town))
)
SELECT part,
       CASE WHEN EXISTS (FROM structures) AND (dated.n > 0 OR dated.listed = 0) THEN parts.n END
           AS value,
       CASE WHEN part = '' AND EXISTS (FROM structures) AND (dated.n > 0 OR dated.listed = 0)
            THEN dated.n END AS over,
       parts.n AS used, 0 AS uncounted
FROM parts CROSS JOIN dated

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
