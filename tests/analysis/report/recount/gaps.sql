-- Median days between two days of visit, in each quarter and in all together (S6).
WITH visits AS (SELECT DISTINCT part, "on" FROM quarter_parts JOIN done ON area = code),
gaps AS (
    SELECT part, date_diff('day', lag("on") OVER (PARTITION BY part ORDER BY "on"), "on") AS days
    FROM visits
)
SELECT part, median(days) AS days FROM gaps GROUP BY part HAVING count(days) > 0
