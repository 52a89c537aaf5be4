// A check that finds nothing may not be looking. Each of these mistakes has to be found, in a configuration without others.
import { checkArguments } from "./arguments.mjs";
import { parse } from "./hcl.mjs";
import { checkReferences, checkValues } from "./references.mjs";

const sound = `
variable "name" { type = string }
variable "size" {
  type = object({
    memory = number
    more   = optional(object({
      timeout = number
    }))
  })
}
resource "aws_sqs_queue" "queue" {
  for_each = toset([var.name])
  name     = each.key
  tags     = { a = "b" }
}
resource "aws_lambda_function" "function" {
  function_name = var.name
  role          = "arn"
  memory_size   = var.size.memory
  timeout       = var.size.more.timeout
  vpc_config {
    subnet_ids         = []
    security_group_ids = []
  }
  environment {
    variables = { QUEUE = aws_sqs_queue.queue[var.name].url }
  }
}
resource "aws_security_group" "group" {
  dynamic "timeouts" {
    for_each = []
    content { create = "1m" }
  }
}
data "aws_s3_object" "archive" {
  bucket = "bucket"
  key    = "key"
}
`;

// what is wrong => what to write instead, and what the problem says
const mistakes = {
    "an argument that does not exist": ["name     = each.key", "nam = each.key", 'no argument or block "nam"'],
    "a block that does not exist": ["  environment {", "  environs {", 'no argument or block "environs"'],
    "an argument of a block that does not exist": ["subnet_ids ", "subnets ", 'no argument or block "subnets"'],
    "an argument of a repeated block that does not exist": ['create = "1m"', 'creation = "1m"', 'no argument or block "creation"'],
    "a repeated block that does not exist": ['dynamic "timeouts"', 'dynamic "timeout"', 'no block "timeout" to repeat'],
    "an argument of a data source that does not exist": ["key    =", "path =", 'no argument or block "path"'],
    "a missing argument": ['role          = "arn"', "", '"role" is missing'],
    "a missing argument of a block": ["security_group_ids = []", "", '"security_group_ids" is missing'],
    "a block written as an argument": ["  environment {", "  environment = {", '"environment" is a block'],
    "an argument written as a block": ['tags     = { a = "b" }', 'tags { a = "b" }', '"tags" is an argument'],
    "a resource that does not exist": ["aws_lambda_function", "aws_lamda_function", "the provider has no such resource"],
    "a name that is not declared": ["aws_sqs_queue.queue[", "aws_sqs_queue.queues[", "aws_sqs_queue.queues is not declared"],
    "a result that does not exist": ["].url }", "].uri }", 'aws_sqs_queue.queue has no attribute "uri"'],
    "a variable that is not declared": ["toset([var.name])", "toset([var.nme])", "var.nme is not declared"],
    "a member that a variable has not": ["var.size.memory", "var.size.mem", 'var.size has no member "mem"'],
    "a member of a member that a variable has not": ["more.timeout", "more.time", 'var.size has no member "time"'],
    "a variable that is not used": ['variable "name" {', 'variable "more" {}\nvariable "name" {', "var.more is declared, but nothing uses it"],
};

async function problems(text) {
    const files = [await parse("planted.tf", text)];
    return [...checkArguments(files), ...checkReferences(files)];
}

export async function selfTest() {
    const failures = (await problems(sound)).map((problem) => `the check sees a problem where there is none: ${problem}`);
    for (const [mistake, [right, wrong, expected]] of Object.entries(mistakes)) {
        const found = await problems(sound.replace(right, wrong));
        if (!found.some((problem) => problem.includes(expected))) failures.push(`the check does not see ${mistake}: ${JSON.stringify(found)}`);
    }
    const files = [await parse("planted.tf", sound)];
    const values = checkValues(files, [await parse("planted.tfvars", "nme = 1")]);
    if (values.length !== 3) failures.push(`the check does not see values of variables that are not there, or missing ones: ${values}`);
    return failures;
}
