// An environment's values with the defaults of their variables filled in, as Terraform would.
import { basename } from "node:path";

/** name => { functions, database, network, waf, bedrock, … }, in the order of size */
export function environmentsOf(files, values) {
    const variables = Object.fromEntries(files.flatMap(({ content }) => Object.entries(content.variable ?? {})).map(([name, [body]]) => [name, body]));
    const found = values.map(({ name, content }) => {
        const merged = Object.fromEntries(Object.entries(variables).map(([key, body]) => [key, content[key] ?? body.default]));
        for (const key of ["database", "network"]) merged[key] = { ...optionals(variables[key].type), ...merged[key] };
        merged.functions = Object.fromEntries(Object.entries(merged.functions).map(([key, body]) => [key, { storage: disk(key), ...body }]));
        return [basename(name, ".tfvars"), merged];
    });
    return Object.fromEntries(found.sort(([, a], [, b]) => connections(a) - connections(b)));
}

// The defaults in `optional(number, 4)`.
function optionals(type) {
    const defaults = [...type.matchAll(/^ {4}(\w+)\s+= optional\(\w+, ("[^"]*"|[\w.]+)\)/gm)];
    return Object.fromEntries(defaults.map(([, name, value]) => [name, JSON.parse(value)]));
}

/** As in functions.tf. */
function disk(name) {
    return name === "ingest" || name === "worker" ? 2048 : 512;
}

/** Σ concurrency × pool */
export function connections({ functions }) {
    return Object.values(functions).reduce((sum, { concurrency, pool }) => sum + concurrency * pool, 0);
}

/** As in database.tf. */
export function maxConnections({ database }) {
    return Math.min(Math.floor(189 * database.max_acu), 5000, database.min_acu < 1 ? 2000 : 5000);
}

export function gateways({ network }) {
    return network.egress === "nat" ? network.egress_zones : 0;
}

/** As in egress.tf: of secretsmanager, sqs and bedrock-runtime. */
export function endpoints({ network, bedrock }) {
    return network.egress === "endpoints" ? network.egress_zones * (bedrock ? 3 : 2) : 0;
}
