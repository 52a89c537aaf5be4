// What an environment costs a month, from its values: AWS's bill, without the models'.
import { endpoints, gateways } from "./environments.mjs";

const HOURS = 730;
const MILLION = 1e6;

// The application's own: time to first token, spend of four functions, jobs that wait and their age for three workloads.
const METRICS = 1 + 4 + 2 * 3;

/** Dollars, list prices of us-east-1. */
export const prices = {
    asOf: "2026-06",
    aurora: { unitHour: 0.12, gigabyte: 0.1, millionIos: 0.2 },
    nat: { hour: 0.045 + 0.005, gigabyte: 0.045 }, // with its public address
    endpoint: { hour: 0.01, gigabyte: 0.01 },
    lambda: { gigabyteSecond: 0.0000133334, millionRequests: 0.2, diskGigabyteSecond: 0.0000000309 }, // arm64; disk above 512 MB
    api: { millionRequests: 3.5, gigabyteOut: 0.09 },
    sqs: { millionRequests: 0.4, freeMillions: 1 },
    kms: { key: 1 },
    secret: 0.4,
    waf: { acl: 5, rule: 1, millionRequests: 0.6 },
    logs: { gigabyte: 0.5 },
    alarm: 0.1,
    metric: 0.3,
    dashboard: 3,
    traces: { million: 5 },
};

/** What a turn is taken to be. */
export const turn = {
    seconds: 4, // of a copy of chat, which waits for the model while it streams
    kilobytesOut: 8,
    kilobytesThroughEgress: 40,
    kilobytesLogged: 3,
    ios: 20,
    sampledTraces: 0.05,
    unitHours: 1, // of the database at 1 M turns a month, as a mean, where its minimum is lower
    gigabytesStored: 20,
};

const items = {
    "Aurora capacity": (e, turns) => HOURS * prices.aurora.unitHour * e.database.instances * (turns ? Math.max(e.database.min_acu, turn.unitHours) : e.database.min_acu || resumes(e)),
    "Aurora storage and I/O": (e, turns) => prices.aurora.gigabyte * (turns ? turn.gigabytesStored : 1) + (turns * turn.ios * prices.aurora.millionIos) / MILLION,
    "NAT gateways": (e, turns) => gateways(e) * HOURS * prices.nat.hour + (gateways(e) ? gigabytes(turns * turn.kilobytesThroughEgress) * prices.nat.gigabyte : 0),
    "Interface endpoints": (e, turns) => endpoints(e) * HOURS * prices.endpoint.hour + (endpoints(e) ? gigabytes(turns * turn.kilobytesThroughEgress) * prices.endpoint.gigabyte : 0),
    Lambda: (e, turns) => duration(e.functions.chat, turns * turn.seconds) + requests(turns) + duration(e.functions.worker, housekeepings(e)) + requests(housekeepings(e)),
    "API Gateway": (e, turns) => (turns * prices.api.millionRequests) / MILLION + gigabytes(turns * turn.kilobytesOut) * prices.api.gigabyteOut,
    // Lambda asks each of the five queues with five long polls of 20 seconds at a time, day and night.
    "SQS polls": () => Math.max(0, (5 * 5 * ((HOURS * 3600) / 20)) / MILLION - prices.sqs.freeMillions) * prices.sqs.millionRequests,
    WAF: (e, turns) => (e.waf ? prices.waf.acl + 3 * prices.waf.rule + (turns * prices.waf.millionRequests) / MILLION : 0),
    "Keys and secrets": () => 3 * prices.kms.key + 3 * prices.secret,
    "Logs, metrics, traces": (e, turns) =>
        gigabytes(turns * turn.kilobytesLogged) * prices.logs.gigabyte + alarms(e) * prices.alarm + METRICS * prices.metric + prices.dashboard + ((e.tracing ? turns * turn.sampledTraces : 0) * prices.traces.million) / MILLION,
};

// A database that pauses is woken by housekeeping: once an hour it runs for as long as it takes to pause again, at half a unit.
function resumes({ database }) {
    return (0.5 * Math.min(3600, 120 + database.pause_after + 30)) / 3600;
}

function housekeepings({ database }) {
    return database.min_acu === 0 ? HOURS : HOURS * 60;
}

function duration({ memory, storage }, seconds) {
    return ((memory / 1024) * prices.lambda.gigabyteSecond + ((storage - 512) / 1024) * prices.lambda.diskGigabyteSecond) * seconds;
}

function requests(count) {
    return (count * prices.lambda.millionRequests) / MILLION;
}

function gigabytes(kilobytes) {
    return kilobytes / MILLION;
}

// Metrics that alarms look at: of each function errors (two metrics), throttles and latency; spend of four functions; first
// token, API, scheduler and housekeeping; dead letters of six queues, age of five; connections and capacity; four canaries of two metrics.
function alarms(e) {
    return Object.keys(e.functions).length * 4 + 4 + 4 + 6 + 5 + 2 + 8;
}

/** The table in docs/aws.md. */
export function costTable(environments) {
    const names = Object.keys(environments);
    const row = (label, cost) => `| ${label} | ${names.flatMap((name) => [0, MILLION].map((turns) => dollars(cost(environments[name], turns)))).join(" | ")} |`;
    return [
        `| Dollars a month | ${names.flatMap((name) => [`${name}, idle`, `${name}, 1 M turns`]).join(" | ")} |`,
        `|---|${names.map(() => "--:|--:|").join("")}`,
        ...Object.entries(items).map(([label, cost]) => row(label, cost)),
        row("**Together**", (e, turns) => Object.values(items).reduce((sum, cost) => sum + cost(e, turns), 0)),
    ].join("\n");
}

function dollars(amount) {
    return amount === 0 ? "–" : amount < 10 ? amount.toFixed(1) : amount.toFixed(0);
}
