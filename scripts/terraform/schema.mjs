// What the provider knows, read from the text of the bindings that are generated from its schema. Nothing of them runs.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);
const bindings = dirname(require.resolve("@cdktn/provider-aws/package.json"));
const folders = { resource: "", data: "data-aws-", ephemeral: "ephemeral-aws-" };
const known = new Map();

/** The version of the provider whose schema this is. */
export function providerVersion() {
    return /hashicorp\/aws provider version (\S+)/.exec(readFileSync(join(bindings, "README.md"), "utf8"))[1];
}

/** What a resource or data source takes and gives, or nothing if there is none of this type. */
export function schemaOf(kind, type) {
    const folder = join(bindings, "lib", folders[kind] + type.replace(/^aws_/, "").replaceAll("_", "-"));
    if (!known.has(folder)) known.set(folder, existsSync(folder) ? load(folder) : undefined);
    return known.get(folder);
}

function load(folder) {
    const text = (ending) =>
        readdirSync(folder, { recursive: true })
            .filter((file) => file.endsWith(ending))
            .map((file) => readFileSync(join(folder, file), "utf8"))
            .join("\n");
    const code = text(".js");
    const declarations = text(".d.ts");
    const start = code.indexOf("synthesizeHclAttributes()");
    const config = /export interface (\w+) extends cdktn\.TerraformMetaArguments/.exec(declarations)[1];
    const body = { code, declarations };
    return {
        arguments: entries(code.slice(start), 12, config, body),
        // Whatever else it knows by name can be read from it.
        attributes: new Set([...declarations.matchAll(/^ {4}get (\w+)\(\)/gm)].map((match) => plain(match[1]))),
    };
}

// The entries of one object of attributes: name: { value: …, isBlock: …, type: … }
function entries(code, indent, type, body) {
    const space = " ".repeat(indent);
    const end = code.indexOf(`\n${" ".repeat(indent - 4)}};`);
    const pattern = new RegExp(`^${space}(\\w+): \\{\\n\\s+value: ([\\s\\S]*?),\\n\\s+isBlock: (true|false),\\n\\s+type: "(\\w+)"`, "gm");
    const needed = required(type, body.declarations);
    const found = new Map();
    for (const [, name, value, isBlock, shape] of code.slice(0, end).matchAll(pattern)) {
        const nested = /(?<!cdktn\.)\b(\w+)ToHclTerraform\b/.exec(value)?.[1];
        found.set(name, {
            shape,
            // Of what is nested, an attribute is mapped with `false`: it is written with an equals sign, or as a block.
            isBlock: isBlock === "true" && !/MapperHcl\(\w+, false\)/.test(value),
            isNested: nested !== undefined,
            // Statements of a firewall contain each other; the bindings leave them open.
            isOpen: value.startsWith("cdktn.any"),
            required: needed.has(name),
            // Looked up when asked for: some structures contain themselves.
            nested: nested && (() => structure(nested, body)),
        });
    }
    return found;
}

function structure(name, body) {
    const start = body.code.search(new RegExp(`^function ${name}ToHclTerraform\\(`, "m"));
    if (start < 0) return undefined;
    return entries(body.code.slice(start), 8, name[0].toUpperCase() + name.slice(1), body);
}

// An argument that must be there has no question mark in its interface.
function required(type, declarations) {
    const start = declarations.search(new RegExp(`^export interface ${type}\\b`, "m"));
    const names = new Set();
    if (start < 0) return names;
    const body = declarations.slice(start, declarations.indexOf("\n}", start));
    for (const [, name, optional] of body.matchAll(/#(\w+)\}(?:(?!#\w+\})[\s\S])*?readonly \w+(\??):/g)) if (!optional) names.add(name);
    return names;
}

/** Names without what tells snake_case from camelCase. */
export function plain(name) {
    return name.replaceAll("_", "").toLowerCase();
}
