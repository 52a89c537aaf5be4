environment = "prod"
region      = "eu-central-1"

functions = {
  chat    = { memory = 1024, timeout = 900, concurrency = 200, pool = 3 }
  ingest  = { memory = 1769, timeout = 900, concurrency = 40, pool = 3, queues = { ingestion = 20, objects = 4 }, p95_ms = 300000 }
  tools   = { memory = 512, timeout = 300, concurrency = 40, pool = 2 }
  worker  = { memory = 1024, timeout = 900, concurrency = 80, pool = 3, queues = { turns = 40, batches = 20, schedule = 2 }, p95_ms = 600000 }
  migrate = { memory = 1024, timeout = 900, concurrency = 1, pool = 2, p95_ms = 600000 }
}

database = {
  min_acu     = 2
  max_acu     = 16
  instances   = 2
  backup_days = 35
}

network = {
  zones        = 3
  egress       = "nat"
  egress_zones = 2
  flow_logs    = true
}

bedrock = {
  region = "eu-central-1"
}

throttling         = { rate = 300, burst = 600 }
waf                = {}
log_retention_days = 90

alarms = {
  spend_usd_per_hour = 50
}
