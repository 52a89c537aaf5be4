// Whether docs/aws.md tells what the code does: its picture names every function and queue and who wakes whom, its tables
// are those that the environments' values give.
import { costTable } from "./costs.mjs";
import { connections, endpoints, environmentsOf, gateways, maxConnections } from "./environments.mjs";

export function checkDocs(text, files, values) {
    const environments = environmentsOf(files, values);
    const problems = [];
    const picture = /```mermaid\n([\s\S]*?)```/.exec(text)?.[1] ?? "";
    for (const line of picturedLines(environments, files)) if (!picture.includes(line)) problems.push(`docs/aws.md: the picture lacks "${line}"`);
    for (const table of [sizeTable(environments), costTable(environments)])
        if (!text.includes(table)) problems.push(`docs/aws.md: this table is not in it, so another one is out of date:\n${table}`);
    return problems;
}

// What the picture has to say, in mermaid's words.
function picturedLines(environments, files) {
    const lines = [];
    const [{ functions }] = Object.values(environments);
    for (const [name, { queues = {} }] of Object.entries(functions)) {
        lines.push(`${name}[`);
        for (const queue of Object.keys(queues)) lines.push(`${queue}([${queue}]) --> ${name}`);
    }
    const locals = Object.assign({}, ...files.flatMap(({ content }) => content.locals ?? []));
    for (const name of new Set(Object.values(locals.routes))) lines.push(`api --> ${name}`);
    for (const bucket of setOf(locals.buckets)) lines.push(`${bucket}[(`);
    for (const doorbell of setOf(locals.doorbells)) lines.push(`rings --> ${doorbell}`);
    return lines;
}

// ${toset(["files", "documents"])}
function setOf(expression) {
    return [...expression.matchAll(/"(\w+)"/g)].map((match) => match[1]);
}

export function sizeTable(environments) {
    const rows = {
        "Database capacity, units": ({ database }) => `${database.min_acu} to ${database.max_acu}`,
        "Database instances": ({ database }) => database.instances,
        "Backups, days": ({ database }) => database.backup_days,
        "Σ concurrency × pool": (e) => connections(e),
        "of which allowed (80 %)": (e) => Math.floor(0.8 * maxConnections(e)),
        "Concurrency of chat": ({ functions }) => functions.chat.concurrency,
        "Zones": ({ network }) => network.zones,
        "NAT gateways": (e) => gateways(e),
        "Interface endpoints": (e) => endpoints(e),
        "Firewall": ({ waf }) => (waf ? "yes" : "no"),
        "Housekeeping": ({ database }) => (database.min_acu === 0 ? "hourly" : "every minute"),
    };
    const names = Object.keys(environments);
    return [
        `| | ${names.join(" | ")} |`,
        `|---|${names.map(() => "--:|").join("")}`,
        ...Object.entries(rows).map(([label, value]) => `| ${label} | ${names.map((name) => value(environments[name])).join(" | ")} |`),
    ].join("\n");
}
