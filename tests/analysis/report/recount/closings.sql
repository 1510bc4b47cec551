-- How the lines of a definition (key, n) become its whole and its parts.

-- whole
SELECT '' AS part, total(n) AS value, NULL AS over, count(*) AS used, count(*) - count(n) AS uncounted
FROM lines

-- parts
SELECT part_of(key, grouping(key)) AS part, total(n) AS value, NULL AS over, count(*) AS used,
       count(*) - count(n) AS uncounted
FROM lines GROUP BY GROUPING SETS ((), (key))

-- shares
WITH parts AS (
    SELECT part_of(key, grouping(key)) AS part, total(n) AS value, count(*) AS used,
           count(*) - count(n) AS uncounted
    FROM lines GROUP BY GROUPING SETS ((), (key))
)
SELECT part, value, CASE WHEN part <> '' THEN sum(value) FILTER (WHERE part <> '') OVER () END AS over,
       used, uncounted
FROM parts

-- answers
WITH parts AS (
    SELECT part_of(key, grouping(key)) AS part, total(n) AS value, count(*) AS used,
           count(*) - count(n) AS uncounted
    FROM lines GROUP BY GROUPING SETS ((), (key))
), told AS (SELECT *, part NOT IN ('', '?', 'inconnu', 'autre_ou_inconnu') AS told FROM parts)
SELECT part, value, CASE WHEN told THEN sum(value) FILTER (WHERE told) OVER () END AS over, used,
       uncounted
FROM told

-- several
WITH once AS (SELECT DISTINCT line, n FROM lines)
SELECT '' AS part, total(n) AS value, NULL AS over, count(*) AS used, count(*) - count(n) AS uncounted
FROM once
UNION ALL
SELECT coalesce(key, '?'), total(n), (SELECT total(n) FROM once), count(*), count(*) - count(n)
FROM lines GROUP BY key

-- each
WITH once AS (SELECT DISTINCT line, n FROM lines)
SELECT '' AS part, total(n) AS value, NULL AS over, count(*) AS used, count(*) - count(n) AS uncounted
FROM once
UNION ALL
SELECT coalesce(key, '?'), total(n), NULL, count(*), count(*) - count(n)
FROM lines GROUP BY key

-- places
SELECT part_of(key, grouping(key)) AS part, count(DISTINCT place) AS value, NULL AS over,
       count(*) AS used, 0 AS uncounted
FROM lines GROUP BY GROUPING SETS ((), (key))

-- residents
WITH parts AS (
    SELECT part_of(key, grouping(key)) AS part, total(n) AS value, count(*) AS used,
           count(*) - count(n) AS uncounted
    FROM lines GROUP BY GROUPING SETS ((), (key))
)
SELECT part, value, residents AS over, used, uncounted
FROM parts LEFT JOIN inhabitants ON unit = part

-- adults
WITH parts AS (
    SELECT part_of(key, grouping(key)) AS part, total(n) AS value, count(*) AS used,
           count(*) - count(n) AS uncounted
    FROM lines GROUP BY GROUPING SETS ((), (key))
)
SELECT part, value, adults AS over, used, uncounted
FROM parts LEFT JOIN inhabitants ON unit = part

-- structures
SELECT part_of(key, grouping(key)) AS part,
       CASE WHEN EXISTS (FROM structures) THEN count(*) END AS value, NULL AS over,
       count(*) AS used, 0 AS uncounted
FROM lines GROUP BY GROUPING SETS ((), (key))

-- entered
SELECT '' AS part, (SELECT value FROM lines) AS value, NULL AS over, 0 AS used, 0 AS uncounted

-- written
FROM lines

-- trait
SELECT '' AS part,
       CASE WHEN count(*) FILTER (WHERE n > 0) > 0 AND count(*) FILTER (WHERE n > 0 AND told) = 0
            THEN NULL
            WHEN count(*) FILTER (WHERE kept) = 0 THEN 0
            ELSE sum(n) FILTER (WHERE kept) END AS value,
       NULL AS over, count(*) FILTER (WHERE kept) AS used,
       count(*) FILTER (WHERE kept) - count(n) FILTER (WHERE kept) AS uncounted
FROM lines
UNION ALL
SELECT coalesce(key, '?'), total(n), NULL, count(*), count(*) - count(n)
FROM lines WHERE kept GROUP BY key
