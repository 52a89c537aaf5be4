terraform {
  # The rest comes from `-backend-config`: bucket and key differ for each account and environment. scripts/init.sh fills it in.
  # The bucket encrypts with its own key: `encrypt` would ask for AWS' instead.
  backend "s3" {
    use_lockfile = true
  }
}
