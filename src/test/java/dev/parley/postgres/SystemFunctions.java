package dev.parley.postgres;

import java.util.List;

/// Every SECURITY DEFINER function there is. Each is a door in the wall between tenants: a new one is added here
/// by hand, with a reviewer looking.
final class SystemFunctions {

    static final List<String> ALL = List.of(
            "authenticate_key(bytea)", // no tenant before the key is known
            "list_tenants(uuid,integer)", // operators
            "claim_jobs(text[],integer,interval)", // one queue for all tenants
            "waiting_jobs(text[],integer)", // how long the queue is, of all tenants
            "renew_turns(uuid[],uuid[],uuid[],bigint)", // a process runs turns of many tenants
            "overdue_turns(integer)", // turns whose owners died
            "stranded_turns(interval,integer)", // turns that no worker will begin
            "expire_turns(timestamp with time zone,timestamp with time zone,integer)", // what nobody can ask for
            "expire_idempotency_keys(integer)", // old ones of every tenant
            "expire_cached_answers(integer)", // what has expired
            "expire_turn_prompts(timestamp with time zone,integer)", // what has expired
            "expire_turn_events(integer)", // empties whole days
            "claim_housekeeping(text[],bigint[],interval)", // whose turn a task is: no tenant's rows
            "end_housekeeping(text,uuid,boolean,boolean)",
            "due_objects(integer)", // names of what is to be deleted, as its tenant
            "due_uploads(timestamp with time zone,integer)",
            "bindings_of_object(text,text)", // as the next one; for the release before
            "sources_of_object(text,text)", // an event of S3 does not know whose it is
            "expired_files(integer)", // ids of what is to be deleted, as its tenant
            "expired_vector_stores(integer)",
            "due_sources(integer)", // ids of sources that are due; each is begun as its tenant
            "overdue_tool_calls(integer)", // calls whose processes died
            "expire_tool_calls(timestamp with time zone,integer)", // what is over and old
            "open_breakers()", // which providers fail concerns every tenant, and tells of none
            "open_breaker(text,text,bigint)",
            "try_breaker(text,text,bigint)",
            "close_breaker(text,text)");

    private SystemFunctions() {}
}
