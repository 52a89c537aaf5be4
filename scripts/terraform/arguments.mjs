// Whether every argument and nested block is one that the provider knows, and none is missing that it needs.
import { blocks } from "./hcl.mjs";
import { schemaOf } from "./schema.mjs";

const meta = new Set(["count", "for_each", "provider", "depends_on", "lifecycle", "provisioner", "connection"]);

export function checkArguments(files) {
    const problems = [];
    for (const kind of ["resource", "data", "ephemeral"])
        for (const block of blocks(files, kind)) {
            if (!block.type.startsWith("aws_")) continue;
            const where = `${block.file}: ${kind} ${block.type}.${block.name}`;
            const schema = schemaOf(kind, block.type);
            if (!schema) problems.push(`${where}: the provider has no such ${kind}`);
            else checkBody(block.body, schema.arguments, where, problems, meta);
        }
    return problems;
}

function checkBody(body, known, where, problems, besides = new Set()) {
    const { dynamic = {}, ...written } = body;
    for (const [name, value] of Object.entries(written)) {
        if (besides.has(name)) continue;
        const argument = known.get(name);
        if (!argument) problems.push(`${where}: no argument or block "${name}"; there is ${[...known.keys()].join(", ")}`);
        else if (argument.isOpen) continue;
        else if (argument.isBlock && !isBlocks(value)) problems.push(`${where}: "${name}" is a block, without an equals sign`);
        else if (!argument.isNested && isBlocks(value) && argument.shape !== "list" && argument.shape !== "set")
            problems.push(`${where}: "${name}" is an argument, with an equals sign`);
        else if (argument.isNested && isBlocks(value)) checkNested(value, argument, `${where}.${name}`, problems);
    }
    for (const [name, generators] of Object.entries(dynamic)) {
        const argument = known.get(name);
        if (!argument?.isNested) problems.push(`${where}: no block "${name}" to repeat`);
        else for (const generator of generators) checkNested(generator.content, argument, `${where}.${name}`, problems);
    }
    for (const [name, argument] of known)
        if (argument.required && !(name in written) && !(name in dynamic)) problems.push(`${where}: "${name}" is missing`);
}

function checkNested(bodies, argument, where, problems) {
    const known = argument.nested();
    if (known) for (const body of bodies) checkBody(body, known, where, problems);
    else problems.push(`${where}: the bindings do not say what is in it`);
}

function isBlocks(value) {
    return Array.isArray(value) && value.every((item) => item && typeof item === "object" && !Array.isArray(item));
}
