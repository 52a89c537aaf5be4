# Production in small: the same network, firewall and releases, less capacity.
environment = "staging"
region      = "eu-central-1"

functions = {
  chat    = { memory = 512, timeout = 900, concurrency = 40, pool = 3 }
  ingest  = { memory = 1024, timeout = 900, concurrency = 12, pool = 3, queues = { ingestion = 6, objects = 2 }, p95_ms = 300000 }
  tools   = { memory = 512, timeout = 300, concurrency = 10, pool = 2 }
  worker  = { memory = 512, timeout = 900, concurrency = 20, pool = 3, queues = { turns = 10, batches = 6, schedule = 2 }, p95_ms = 600000 }
  migrate = { memory = 512, timeout = 900, concurrency = 1, pool = 2, p95_ms = 600000 }
}

database = {
  min_acu     = 0.5
  max_acu     = 4
  instances   = 1
  backup_days = 7
}

network = {
  egress = "nat"
}

bedrock = {
  region = "eu-central-1"
}

throttling         = { rate = 50, burst = 100 }
waf                = {}
log_retention_days = 30

alarms = {
  spend_usd_per_hour = 5
}
