# Costs next to nothing while nobody uses it: the database pauses, and there is no NAT gateway. So models come from Bedrock;
# for providers or tools on the internet set network.egress to "nat".
environment = "dev"
region      = "eu-central-1"

functions = {
  chat    = { memory = 512, timeout = 300, concurrency = 10, pool = 2 }
  ingest  = { memory = 1024, timeout = 900, concurrency = 6, pool = 3, queues = { ingestion = 2, objects = 2 }, p95_ms = 300000 }
  tools   = { memory = 256, timeout = 120, concurrency = 4, pool = 2 }
  worker  = { memory = 512, timeout = 900, concurrency = 6, pool = 3, queues = { turns = 2, batches = 2, schedule = 2 }, p95_ms = 600000 }
  migrate = { memory = 512, timeout = 900, concurrency = 1, pool = 2, p95_ms = 600000 }
}

database = {
  min_acu             = 0
  max_acu             = 2
  pause_after         = 300
  backup_days         = 1
  deletion_protection = false
  final_snapshot      = false
}

network = {
  egress = "endpoints"
}

bedrock = {
  region = "eu-central-1"
}

throttling         = { rate = 20, burst = 40 }
log_retention_days = 7
canary             = "CodeDeployDefault.LambdaAllAtOnce"

alarms = {
  first_token_ms     = 20000 # the first who comes waits for the database to resume
  spend_usd_per_hour = 2
}
