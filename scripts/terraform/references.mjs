// Whether everything that an expression names exists, and everything that has a name is used.
import { blocks, strings } from "./hcl.mjs";
import { plain, schemaOf } from "./schema.mjs";

const patterns = {
    var: /(?<![\w."])var\.(\w+)/g,
    local: /(?<![\w."])local\.(\w+)/g,
    // type, name, an index perhaps, an attribute perhaps
    data: /(?<![\w."])data\.(aws_\w+)\.(\w+)(?:\[[^\]]*\])?(?:\.(\w+))?/g,
    resource: /(?<![\w."])(aws_\w+)\.(\w+)(?:\[[^\]]*\])?(?:\.(\w+))?/g,
    output: /(?<![\w."])output\.(\w+)/g,
};

/** @param others files that use names and declare none: tests, say */
export function checkReferences(files, others = []) {
    const declared = declarations(files);
    const used = { var: new Set(), local: new Set() };
    const problems = [];
    for (const file of [...files, ...others])
        for (const text of strings(file.content)) {
            if (!text.includes("${")) continue;
            for (const kind of ["var", "local", "output"])
                for (const [, name] of text.matchAll(patterns[kind])) {
                    used[kind]?.add(name);
                    if (!declared[kind].has(name)) problems.push(`${file.name}: ${kind}.${name} is not declared`);
                }
            problems.push(...members(declared, file, text));
            for (const kind of ["data", "resource"])
                for (const [, type, name, attribute] of text.matchAll(patterns[kind]))
                    problems.push(...unknown(declared, file, kind, type, name, attribute));
        }
    for (const kind of ["var", "local"])
        for (const name of declared[kind]) if (!used[kind].has(name)) problems.push(`${kind}.${name} is declared, but nothing uses it`);
    return [...new Set(problems)];
}

// What is read of a variable that is an object must be a member of it, at whatever depth.
function members(declared, file, text) {
    return [...text.matchAll(/(?<![\w."])var\.(\w+)((?:\.\w+)+)/g)].flatMap(([, name, path]) => {
        const type = declared.types.get(name) ?? "";
        if (!type.startsWith("${object(")) return [];
        return path
            .slice(1)
            .split(".")
            .filter((member) => !new RegExp(`^\\s*${member}\\s*=`, "m").test(type))
            .map((member) => `${file.name}: var.${name} has no member "${member}"`);
    });
}

/** Whether an environment sets only what there is, and all that it must. */
export function checkValues(files, values) {
    const variables = new Map(files.flatMap(({ content }) => Object.entries(content.variable ?? {})));
    const problems = [];
    for (const { name: file, content } of values) {
        for (const name of Object.keys(content)) if (!variables.has(name)) problems.push(`${file}: there is no variable "${name}"`);
        for (const [name, [body]] of variables)
            // The release is the deployment's to say.
            if (!("default" in body) && !(name in content) && name !== "release") problems.push(`${file}: "${name}" is missing`);
    }
    return problems;
}

function declarations(files) {
    const names = (kind) => new Set(files.flatMap(({ content }) => Object.keys(content[kind] ?? {})));
    const addresses = (kind) => new Set([...blocks(files, kind)].map(({ type, name }) => `${type}.${name}`));
    return {
        var: names("variable"),
        types: new Map(files.flatMap(({ content }) => Object.entries(content.variable ?? {})).map(([name, [body]]) => [name, body.type])),
        output: names("output"),
        local: new Set(files.flatMap(({ content }) => (content.locals ?? []).flatMap(Object.keys))),
        data: addresses("data"),
        resource: addresses("resource"),
    };
}

function unknown(declared, file, kind, type, name, attribute) {
    const address = `${type}.${name}`;
    if (!declared[kind].has(address)) return [`${file.name}: ${kind === "data" ? "data." : ""}${address} is not declared`];
    const schema = schemaOf(kind, type);
    if (attribute && schema && !schema.attributes.has(plain(attribute))) return [`${file.name}: ${address} has no attribute "${attribute}"`];
    return [];
}
