#!/usr/bin/env bash
# secrets.sh ENVIRONMENT            fills what has no value yet; before the first deployment
# secrets.sh ENVIRONMENT app        makes a new login of the application for the database
# secrets.sh ENVIRONMENT providers  takes the providers' keys from standard input: {"OPENAI_API_KEY": "…"}
# Values go from here to Secrets Manager and nowhere else: not into arguments, files or Terraform's state.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/settings.sh"

need aws jq terraform
enter "${1:-}"
APP=$PREFIX/database/app
PROVIDERS=$PREFIX/providers

value() { aws secretsmanager get-secret-value --secret-id "$1" --query SecretString --output text 2>/dev/null; }

put() { aws secretsmanager put-secret-value --secret-id "$1" --secret-string file:///dev/stdin >/dev/null; }

# Their places are Terraform's, which makes everything else with the first release only.
make_places() {
    local secret deleted missing=false
    for secret in "$APP" "$PROVIDERS"; do
        deleted=$(aws secretsmanager describe-secret --secret-id "$secret" --query DeletedDate --output text 2>/dev/null) || {
            missing=true
            continue
        }
        # Brought back it would be of no use: Terraform does not know it any more, and the key that encrypts it goes, too.
        [ "$deleted" = None ] || die "$secret is of an environment that was destroyed, and keeps its name until its end ($deleted). \
End it now, for good: aws secretsmanager delete-secret --force-delete-without-recovery --secret-id $secret"
    done
    [ "$missing" = true ] || return 0
    "$TERRAFORM/scripts/init.sh" "$ENVIRONMENT"
    terraform -chdir="$TERRAFORM" apply -input=false -var-file="environments/$ENVIRONMENT.tfvars" -var=release=none \
        -target=aws_secretsmanager_secret.app -target=aws_secretsmanager_secret.providers
}

# Two logins in turn: the running functions go on with the one they have until others with the new one have taken over.
new_login() {
    local login=parley_login_a
    [ "$(value "$APP" | jq -r .username)" != parley_login_a ] || login=parley_login_b
    aws secretsmanager get-random-password --password-length 48 --exclude-punctuation --query RandomPassword --output text |
        jq -Rc --arg login "$login" '{username: $login, password: .}' | put "$APP"
    say "the application's next login is $login; ./dev deploy $ENVIRONMENT makes it, and the functions use it"
}

make_places
case ${2:-} in
    '')
        value "$APP" >/dev/null || new_login
        value "$PROVIDERS" >/dev/null || { echo '{}' | put "$PROVIDERS" && say "there are no keys of providers yet: secrets.sh $ENVIRONMENT providers"; }
        ;;
    app) new_login ;;
    providers)
        [ ! -t 0 ] || say 'type {"OPENAI_API_KEY": "…"} and end with Ctrl-D'
        keys=$(jq -ce 'if type == "object" and all(.[]; type == "string") then . else error("not an object of strings") end') || die "nothing was changed"
        put "$PROVIDERS" <<<"$keys"
        say "the keys are there; ./dev deploy $ENVIRONMENT makes the functions read them"
        ;;
    *) die "say which: app or providers" ;;
esac
