# Who answers which paths: a path and everything below it goes to the function of the longest prefix that fits. The same
# split is the application's own, which answers 404 for the paths of other functions; a test holds the two together.
locals {
  routes = {
    "/"                 = "chat"
    "/v1"               = "chat"
    "/v1/files"         = "ingest"
    "/v1/uploads"       = "ingest"
    "/v1/vector_stores" = "ingest"
    "/v1/batches"       = "ingest"
    "/v1/sources"       = "ingest"
    "/v1/dead_letters"  = "ingest"
    "/v1/tools"         = "tools"
    "/v1/tool_calls"    = "tools"
    "/v1/tool_secrets"  = "tools"
    "/v1/mcp_servers"   = "tools"
    "/mcp"              = "tools"
  }
}
