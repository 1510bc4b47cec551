-- What the definitions of ../shared/domain/INDICATORS.md are about, from the tables as read.
-- Given: activities (zone and quarter of their point told beforehand), contacts, places, cells,
-- communes (code, name), quarters (code, kind), quarter_cells (code, cell_id, share; code '*': in any
-- quarter, once), iris, entered (code, value), period.

CREATE MACRO total(n) AS CASE WHEN count(*) = 0 THEN 0 ELSE sum(n) END;
CREATE MACRO all_told(n) AS CASE WHEN count(n) = count(*) THEN sum(n) END;
CREATE MACRO part_of(key, whole) AS CASE WHEN whole = 1 THEN '' ELSE coalesce(key, '?') END;

-- Every activity of the period, civil dates included (rule 2). Where a sensitive place is stays
-- untold (PRIVACY section 3): town, host, quarter and spot are empty for it.
CREATE TABLE noted AS
SELECT
    a.*,
    strftime(a."on", '%Y-%m') AS month,
    CAST(isodow(a."on") - 1 AS VARCHAR) AS weekday,
    CASE
        WHEN a.start_min < 13 * 60 THEN 'matin'
        WHEN a.start_min < 18 * 60 THEN 'après-midi'
        WHEN a.start_min IS NOT NULL THEN 'soir'
    END AS half_day,
    isodow(a."on") <= 5 AND a.start_min >= 9 * 60 AND a.end_min <= 17 * 60 AS office_hours,
    coalesce(a.place_id, a.place_name) AS place,
    CASE WHEN NOT a.sensitive THEN a.place_id END AS spot,
    CASE WHEN NOT a.sensitive THEN a.commune_code END AS town,
    CASE WHEN NOT a.sensitive THEN a.quarter END AS area,
    CASE WHEN NOT a.sensitive THEN p.kind END AS host,
    a.n_referred > 0 AS referred
FROM activities AS a
CROSS JOIN period
LEFT JOIN places AS p ON p.place_id = a.place_id
WHERE a."on" BETWEEN period.first AND period.last;

CREATE TABLE done AS SELECT * FROM noted WHERE state = 'realise';

-- Lines of the sheet « contacts »: with their activity when the log has it, else by their own day,
-- at the town that they name.
CREATE TABLE said AS
SELECT
    c.contact_id AS line, c.activity_id, c.stage, c."count" AS people, c.channel, c.home_zone,
    c.gender, c.age_band, c.barriers, c.referred_to, c.outcome, c.registered, c.supported, c.cohort,
    d.kind, CASE WHEN c.activity_id IS NULL THEN m.code ELSE d.town END AS town, d.area, d.spot,
    coalesce(d.zone, 'inconnue') AS zone, d.referred,
    coalesce(d.month, strftime(c."on", '%Y-%m')) AS month,
    d.activity_id IS NULL AS alone
FROM contacts AS c
CROSS JOIN period
LEFT JOIN activities AS a ON a.activity_id = c.activity_id
LEFT JOIN done AS d ON d.activity_id = c.activity_id
LEFT JOIN communes AS m
    ON lower(strip_accents(m.name)) = lower(strip_accents(trim(c.place_name)))
WHERE d.activity_id IS NOT NULL
   OR (a.activity_id IS NULL AND c."on" BETWEEN period.first AND period.last);

-- Counts of the activities, one line a stage, empty when nobody counted (rule 4).
CREATE VIEW wide AS
FROM (
    SELECT activity_id, kind, town, area, spot, zone, referred, month,
           n_informed AS informe, n_engaged AS accroche, n_assessed AS diagnostic,
           n_referred AS oriente
    FROM done
) UNPIVOT INCLUDE NULLS (people FOR stage IN (informe, accroche, diagnostic, oriente));

-- People by stage: if both wide counts and lines exist for one activity and stage, lines win
-- (LOG_FORMAT section 3.3).
CREATE TABLE people AS
SELECT * FROM said
UNION ALL BY NAME
SELECT activity_id || ' ' || stage AS line, *, FALSE AS alone
FROM wide
WHERE NOT EXISTS (
    FROM said WHERE said.activity_id = wide.activity_id AND said.stage = wide.stage
);

-- People of each sex (E5): Σ women / Σ (women + men) of the activities that count both; one that
-- counts half of its public is one count not made; else the lines that tell it, of one stage.
CREATE MACRO first_stage(stage) AS
    list_position(['diagnostic', 'accroche', 'informe'], stage);

CREATE TABLE sexes AS
WITH counting AS (
    SELECT * FROM done WHERE coalesce(n_women, n_men, n_gender_unknown) IS NOT NULL
),
whole AS (SELECT * FROM counting WHERE n_women IS NOT NULL AND n_men IS NOT NULL),
lines AS (
    SELECT *, min(first_stage(stage)) OVER (PARTITION BY CASE WHEN alone THEN line
                                                             ELSE activity_id END) AS first
    FROM said
    WHERE gender IS NOT NULL AND NOT EXISTS (
        FROM counting WHERE counting.activity_id = said.activity_id
    )
)
SELECT 'femme' AS key, n_women AS n FROM whole
UNION ALL SELECT 'homme', n_men FROM whole
UNION ALL SELECT 'autre_ou_inconnu', n_gender_unknown FROM whole WHERE n_gender_unknown IS NOT NULL
UNION ALL SELECT NULL, NULL FROM counting WHERE n_women IS NULL OR n_men IS NULL
UNION ALL SELECT gender, people FROM lines WHERE first_stage(stage) = first;

CREATE TABLE ages AS
WITH counting AS (
    SELECT * FROM done
    WHERE coalesce(n_under_26, n_26_59, n_60_plus, n_age_unknown) IS NOT NULL
),
whole AS (
    SELECT * FROM counting
    WHERE n_under_26 IS NOT NULL AND n_26_59 IS NOT NULL AND n_60_plus IS NOT NULL
),
lines AS (
    SELECT *, min(first_stage(stage)) OVER (PARTITION BY CASE WHEN alone THEN line
                                                             ELSE activity_id END) AS first
    FROM said
    WHERE age_band IS NOT NULL AND NOT EXISTS (
        FROM counting WHERE counting.activity_id = said.activity_id
    )
)
SELECT 'moins_26' AS key, n_under_26 AS n FROM whole
UNION ALL SELECT '26_59', n_26_59 FROM whole
UNION ALL SELECT '60_plus', n_60_plus FROM whole
UNION ALL SELECT 'inconnu', n_age_unknown FROM whole WHERE n_age_unknown IS NOT NULL
UNION ALL SELECT NULL, NULL FROM counting
          WHERE n_under_26 IS NULL OR n_26_59 IS NULL OR n_60_plus IS NULL
UNION ALL SELECT age_band, people FROM lines WHERE first_stage(stage) = first;

-- Structures with a status, as they stood on the last day (E8): a day that comes later is not known.
CREATE TABLE structures AS
WITH then_known AS (
    SELECT place_id, kind, commune_code, status, sensitive,
           CASE WHEN last_met_on <= period.last THEN last_met_on END AS met_on,
           CASE WHEN first_contact_on <= period.last THEN first_contact_on END AS contact_on
    FROM places CROSS JOIN period
    WHERE status IS NOT NULL
)
SELECT *,
       status IN ('rencontree', 'active') OR met_on IS NOT NULL AS met,
       status <> 'recensee' OR met_on IS NOT NULL OR contact_on IS NOT NULL AS contacted
FROM then_known;

-- Inhabitants of a unit (S1, S2, R4): by cell, a cell across a border by its area on each side; no
-- ratio under 200 inhabitants or with more than half imputed; no adults when a cell has no ages.
CREATE TABLE inhabitants AS
WITH shares AS (
    SELECT '' AS unit, cell_id, 1.0 AS share FROM cells
    UNION ALL SELECT commune_code, cell_id, 1.0 FROM cells WHERE commune_code IS NOT NULL
    UNION ALL SELECT code, cell_id, share FROM quarter_cells
),
sums AS (
    SELECT unit, sum(share * residents) AS residents,
           CASE WHEN count(residents_18_64) = count(*) THEN sum(share * residents_18_64) END AS adults,
           sum(CASE WHEN imputed THEN share * residents ELSE 0 END) AS made_up
    FROM shares JOIN cells USING (cell_id)
    GROUP BY unit
)
SELECT unit,
       CASE WHEN residents >= 200 AND made_up <= residents / 2 THEN residents END AS residents,
       CASE WHEN residents >= 200 AND made_up <= residents / 2 THEN adults END AS adults
FROM sums;

-- Activities that took place up to the last day, even before the period (S5, S10).
CREATE TABLE ever AS
SELECT a.activity_id, a."on", a.kind, a.place_id, a.quarter, a.sensitive
FROM activities AS a CROSS JOIN period
WHERE a.state = 'realise' AND a."on" <= period.last;

-- Each quarter is a part, and all of them the whole (S4, S5, S6).
CREATE VIEW quarter_parts AS
SELECT code AS part, code FROM quarters UNION ALL SELECT '', code FROM quarters;

-- Months of the period: each day is its share of its month (S6).
CREATE VIEW months AS
SELECT sum(1.0 / day(last_day(d))) AS n
FROM (SELECT unnest(generate_series(CAST(first AS DATE), CAST(last AS DATE), INTERVAL 1 DAY)) AS d
      FROM period);

-- What the log notes at all by the last day: a count (even 0) or a line, in the period or before.
CREATE TABLE ever_noted AS
WITH until AS (SELECT a.* FROM activities AS a CROSS JOIN period WHERE a."on" <= period.last),
dated AS (
    SELECT c.stage, c.gender, c.age_band, coalesce(a."on", c."on") AS day
    FROM contacts AS c LEFT JOIN activities AS a USING (activity_id)
),
lines_until AS (SELECT dated.* FROM dated CROSS JOIN period WHERE day <= period.last)
SELECT 'activites' AS what FROM until
UNION SELECT 'informe' FROM until WHERE n_informed IS NOT NULL
UNION SELECT 'accroche' FROM until WHERE n_engaged IS NOT NULL
UNION SELECT 'diagnostic' FROM until WHERE n_assessed IS NOT NULL
UNION SELECT 'oriente' FROM until WHERE n_referred IS NOT NULL
UNION SELECT 'sexe' FROM until WHERE coalesce(n_women, n_men, n_gender_unknown) IS NOT NULL
UNION SELECT 'age' FROM until
      WHERE coalesce(n_under_26, n_26_59, n_60_plus, n_age_unknown) IS NOT NULL
UNION SELECT stage FROM lines_until WHERE stage IS NOT NULL
UNION SELECT 'sexe' FROM lines_until WHERE gender IS NOT NULL
UNION SELECT 'age' FROM lines_until WHERE age_band IS NOT NULL;
