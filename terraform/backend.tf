terraform {
  # The rest comes from `-backend-config`: bucket and key differ for each account and environment. scripts/init.sh fills it in.
  backend "s3" {
    use_lockfile = true
    encrypt      = true
  }
}
