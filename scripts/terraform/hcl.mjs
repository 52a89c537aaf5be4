// HCL as JSON: a block is a list of objects below its labels, an expression a string with ${…}.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import hcl2json from "@cdktn/hcl2json";

/** A file by its name, which errors mention. */
export async function parse(name, text) {
    return { name, content: await hcl2json.parse("main.tf", text) };
}

/** The files of a folder, itself or with all below it, that end in one of the given ways. */
export async function read(root, folder, ...endings) {
    const files = readdirSync(join(root, folder), { withFileTypes: true })
        .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
        .map((entry) => join(root, folder, entry.name))
        .sort();
    return Promise.all(files.map((file) => parse(relative(root, file), readFileSync(file, "utf8"))));
}

/** Every block of a kind, such as `resource`, with its type and name. */
export function* blocks(files, kind) {
    for (const { name: file, content } of files)
        for (const [type, names] of Object.entries(content[kind] ?? {}))
            for (const [name, bodies] of Object.entries(names))
                for (const body of bodies) yield { file, kind, type, name, body };
}

/** Every string below a value. */
export function* strings(value) {
    if (typeof value === "string") yield value;
    else if (value && typeof value === "object")
        for (const [key, child] of Object.entries(value)) {
            yield key; // keys of maps are expressions, too
            yield* strings(child);
        }
}
