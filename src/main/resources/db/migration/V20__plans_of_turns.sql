-- What every turn calls is planned once for each connection, not each time. Left to choose, Postgres plans a statement
-- over an array of one or two elements anew for each call, because it takes an unknown array for a longer one: that was
-- a tenth of what a turn costs the database, for the same plan. What is found, is found by its whole key.
ALTER FUNCTION admit SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION settle SET plan_cache_mode = force_generic_plan;
