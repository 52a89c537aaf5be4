# shellcheck shell=bash
# Debian and Ubuntu: installs the distribution's Postgres and, where its pgvector is missing or too old, builds the one
# of the newest suite from source. Every download goes through apt, which checks signatures and checksums.

install_server() {
    local distribution major
    distribution=$(os_release ID)
    case $distribution in
        debian | ubuntu) ;;
        *) die "no Postgres >= 15 with pgvector >= 0.8 found; $(remedy)" ;;
    esac
    can_be_root || die "no Postgres >= 15 with pgvector >= 0.8 found, and installing it needs root or sudo; $(remedy)"
    say "installing Postgres and pgvector from the distribution, once (log: .dev/install.log)"
    if ! (install_packages) >"$STATE/install.log" 2>&1; then
        tail -n 20 "$STATE/install.log" >&2
        die "could not install Postgres with pgvector (see .dev/install.log); $(remedy)"
    fi
    find_server || die "the installed Postgres lacks pgvector >= 0.8 (see .dev/install.log); $(remedy)"
}

remedy() {
    case $(uname) in
        Darwin) echo "start Docker, run 'brew install postgresql@17 pgvector', or set QUARKUS_DATASOURCE_JDBC_URL" ;;
        *) echo "start Docker, install Postgres with pgvector, or set QUARKUS_DATASOURCE_JDBC_URL, _USERNAME and _PASSWORD" ;;
    esac
}

os_release() { sed -n "s/^$1=//p" /etc/os-release 2>/dev/null | tr -d '"'; }

can_be_root() { [ "$(id -u)" -eq 0 ] || { have sudo && { sudo -n true 2>/dev/null || { [ -t 0 ] && sudo true; }; }; }; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

install_packages() {
    set -e
    export LC_ALL=C # apt's words are read below
    as_root apt-get -q update
    major=$(server_major)
    echo "Postgres $major"
    if version_at_least "$(apt_candidate "postgresql-$major-pgvector")" 0.8; then
        apt_install "postgresql-$major" "postgresql-$major-pgvector"
    else
        apt_install "postgresql-$major" "postgresql-server-dev-$major" build-essential
        build_pgvector "/usr/lib/postgresql/$major/bin/pg_config"
    fi
}

# An installed server that is new enough, else the distribution's own.
server_major() {
    local folder version
    while IFS= read -r folder; do
        version=$(server_version "$folder")
        case $folder in
            /usr/lib/postgresql/*) version_at_least "$version" 15 && echo "${version%%[!0-9]*}" && return ;;
        esac
    done < <(server_folders)
    version=$(apt-cache depends postgresql | sed -n 's/.*Depends: postgresql-\([0-9]*\)$/\1/p' | head -n 1)
    version_at_least "$version" 15 || { echo "this distribution's Postgres is older than 15 ($version)" >&2 && return 1; }
    echo "$version"
}

apt_candidate() { apt-cache policy "$1" | sed -n 's/^ *Candidate: //p'; }

# Keeps the packages from creating and starting a system-wide server that nobody asked for.
apt_install() {
    local setting=/etc/postgresql-common/createcluster.d/parley-dev.conf status=0
    as_root mkdir -p "${setting%/*}"
    echo 'create_main_cluster = false' | as_root tee "$setting"
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -q -y -o DPkg::Lock::Timeout=120 install --no-install-recommends "$@" </dev/null || status=$?
    as_root rm -f "$setting"
    return $status
}

build_pgvector() {
    local work suite archive
    work=$(mktemp -d)
    # shellcheck disable=SC2064 # the folder of now; this runs in a subshell of its own
    trap "as_root rm -rf '$work'" EXIT
    for suite in $(newest_suites); do
        archive=$(fetch_pgvector "$work/$suite" "$suite") && break
        echo "no pgvector >= 0.8 to be had from $suite"
    done
    [ -n "${archive:-}" ] || return 1
    tar -xf "$archive" -C "$work" --one-top-level=pgvector --strip-components=1
    # No OPTFLAGS: the default is tuned to this very processor. No LLVM: its bitcode serves JIT only.
    make -C "$work/pgvector" OPTFLAGS='' with_llvm=no PG_CONFIG="$1"
    as_root make -C "$work/pgvector" with_llvm=no PG_CONFIG="$1" install
}

newest_suites() {
    case $(os_release ID) in
        ubuntu) echo "devel $(os_release VERSION_CODENAME)" ;;
        *) echo "unstable testing stable" ;;
    esac
}

# Downloads pgvector's source of suite $2 into folder $1, with package lists of its own, and prints the archive's path.
# A mirror may list a version and not have its files.
fetch_pgvector() {
    local id uri keyring archive apt
    id=$(os_release ID)
    # shellcheck disable=SC2016 # the format is apt's
    uri=$(apt-get indextargets --format '$(CODENAME) $(REPO_URI)' 'Created-By: Packages' |
        sed -n "s/^$(os_release VERSION_CODENAME) //p" | head -n 1)
    keyring=$(find /usr/share/keyrings -name "$id-archive-keyring.*" 2>/dev/null | head -n 1)
    mkdir -p "$1/lists/partial" "$1/cache/archives/partial"
    echo "deb-src ${keyring:+[signed-by=$keyring] }$uri $2 main $([ "$id" != ubuntu ] || echo universe)" >"$1/sources.list"
    apt=(apt-get -q -o "Dir::Etc::SourceList=$1/sources.list" -o Dir::Etc::SourceParts=/dev/null
        -o "Dir::State::Lists=$1/lists" -o "Dir::Cache=$1/cache" -o APT::Sandbox::User=root)
    "${apt[@]}" update >&2 || return
    (cd "$1" && "${apt[@]}" source --download-only pgvector) >&2 || return
    archive=$(ls "$1"/pgvector_*.orig.tar.?z)
    version_at_least "${archive##*/pgvector_}" 0.8 && echo "$archive"
}
