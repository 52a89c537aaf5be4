// node check.mjs: everything that can be said of terraform/ and docs/aws.md without the provider.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkArguments } from "./arguments.mjs";
import { checkDocs } from "./docs.mjs";
import { blocks, read } from "./hcl.mjs";
import { checkReferences, checkValues } from "./references.mjs";
import { providerVersion } from "./schema.mjs";
import { selfTest } from "./self-test.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

const files = await read(root, "terraform", ".tf");
const bootstrap = await read(root, "terraform/bootstrap", ".tf");
const tests = [...(await read(root, "terraform/tests", ".tftest.hcl")), ...(await read(root, "terraform/tests/environments", ".tftest.hcl"))];
const environments = await read(root, "terraform/environments", ".tfvars");

const problems = [
    ...(await selfTest()),
    ...checkVersion([...files, ...bootstrap]),
    ...checkArguments([...files, ...bootstrap]),
    ...checkReferences(files, tests),
    ...checkReferences(bootstrap),
    ...checkValues(files, environments),
    ...checkDocs(readFileSync(join(root, "docs/aws.md"), "utf8"), files, environments),
];
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);

const count = ["resource", "data"].map((kind) => [...blocks([...files, ...bootstrap], kind)].length);
console.log(`${count[0]} resources and ${count[1]} data sources fit the schema of hashicorp/aws ${providerVersion()}; names, environments and docs/aws.md agree.`);

function checkVersion(files) {
    return files.flatMap(({ name, content }) =>
        (content.terraform ?? [])
            .flatMap((block) => block.required_providers ?? [])
            .filter((providers) => providers.aws.version !== providerVersion())
            .map((providers) => `${name}: pins hashicorp/aws ${providers.aws.version}, but scripts/terraform knows the schema of ${providerVersion()}`),
    );
}
