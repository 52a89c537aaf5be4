// node tables.mjs: prints the tables of docs/aws.md anew.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { costTable } from "./costs.mjs";
import { sizeTable } from "./docs.mjs";
import { environmentsOf } from "./environments.mjs";
import { read } from "./hcl.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const environments = environmentsOf(await read(root, "terraform", ".tf"), await read(root, "terraform/environments", ".tfvars"));
console.log(`${sizeTable(environments)}\n\n${costTable(environments)}`);
