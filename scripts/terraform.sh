# shellcheck shell=bash
# ./dev terraform check: what can be said of terraform/ here. Everything that needs no provider always, and Terraform's own
# judgement where the provider can be downloaded (in CI it must be).

check_terraform() {
    local tools=$ROOT/scripts/terraform
    have terraform || die "terraform is not installed; any 1.11 or later will do"
    have npm || die "npm is not installed"
    [ "$tools/node_modules/.package-lock.json" -nt "$tools/package-lock.json" ] || npm ci --prefix "$tools" --silent >&2
    terraform fmt -check -recursive -diff terraform || die "format with: terraform fmt -recursive terraform"
    node "$tools/check.mjs" || die "terraform/ is not what the provider and the docs say"
    judge_by_terraform
}

# In a copy, so that nothing is left in the checkout.
judge_by_terraform() {
    local copy=$STATE/terraform environment
    rm -rf "$copy"
    mkdir -p "$copy" "$STATE/terraform-plugins"
    cp -R terraform/. "$copy"
    rm -rf "$copy/.terraform" "$copy/bootstrap/.terraform"
    export TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE=1
    export TF_PLUGIN_CACHE_DIR=${TF_PLUGIN_CACHE_DIR:-$STATE/terraform-plugins}
    if ! terraform -chdir="$copy" init -backend=false -input=false -no-color >"$STATE/terraform.log" 2>&1; then
        [ -z "${GITHUB_ACTIONS:-}" ] || { cat "$STATE/terraform.log" >&2 && die "the provider could not be downloaded"; }
        say "the provider cannot be downloaded here ($STATE/terraform.log), so validate and test were left out; CI runs them"
        return
    fi
    terraform -chdir="$copy" validate
    terraform -chdir="$copy" test
    for environment in terraform/environments/*.tfvars; do
        terraform -chdir="$copy" test -test-directory=tests/environments -var-file="environments/${environment##*/}"
    done
    terraform -chdir="$copy/bootstrap" init -backend=false -input=false >/dev/null
    terraform -chdir="$copy/bootstrap" validate
}
