-- How much waits in the queue: for whoever rings for workers elsewhere, and for whoever would add to it.

-- Jobs of some kinds that a worker could begin now, at most so many of them, and since when the oldest one waits.
-- Those whose worker died count too: a claim takes them.
CREATE FUNCTION waiting_jobs(kinds text[], most int)
    RETURNS TABLE (depth bigint, oldest timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(*), min(waiting.since)
      FROM (SELECT ready.run_at AS since
              FROM unnest(kinds) AS wanted (kind)
             CROSS JOIN LATERAL (
                SELECT r.run_at FROM jobs r
                 WHERE r.status = 'ready' AND NOT r.suspended AND r.run_at <= now() AND r.kind = wanted.kind
                 ORDER BY r.turn, r.id LIMIT most) ready
             UNION ALL
            SELECT died.lease_until
              FROM (SELECT d.kind, d.lease_until FROM jobs d
                     WHERE d.status = 'running' AND d.lease_until < now()
                     ORDER BY d.lease_until LIMIT most) died
             WHERE died.kind = ANY (kinds)
             LIMIT most) waiting
$$;
CALL own_by_system('waiting_jobs(text[],int)');
